"""`manage.py evaluate SOURCE`: how well a model reads a data set's split, or an archive whole."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError

from recognizer import active_model
from recognizer.loading import CatalogueError, LoadedModel
from training.datasets.content.splitting import Split
from training.datasets.errors import DatasetError
from training.datasets.layouts import Choice
from training.datasets.models import Dataset
from training.datasets.scoring import ModelScore, score_archive, score_dataset
from training.datasets.terminal import answers_of, counting_bar, question_arguments
from training.jobs.terminal import INTERRUPTED


class Command(BaseCommand):
    """Score a model. An archive needs no database: then the shipped model reads it."""

    help = "Measure how well a model reads a split of a data set, or a whole archive."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("source", help="name of a data set, or path of an archive (zip, tar, tar.gz, folder)")
        parser.add_argument("--model", help="name of a model (default: the one in service, else the shipped one)")
        parser.add_argument("--precision", help="round the parameters to this first: fp16 or int8-weights")
        splits = [split.key for split in Split]
        parser.add_argument("--split", choices=splits, help="split of a data set (default: test)")
        question_arguments(parser)
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, source: str, **options: Any) -> None:
        """Score, and print the figures."""
        try:
            score = _score(source, active_model.find_or_active(options["model"]), options)
        except (DatasetError, CatalogueError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Interrupted: nothing was measured.", returncode=INTERRUPTED) from None
        self.stdout.write(json.dumps(asdict(score), ensure_ascii=False) if options["json"] else _sentence(score))


def _score(source: str, model: LoadedModel, options: dict[str, Any]) -> ModelScore:
    split, precision = options["split"], options["precision"]
    dataset = _dataset(source)
    if dataset is not None:
        return score_dataset(dataset, model, split=Split[(split or "test").upper()], precision=precision)
    if split is not None and Path(source).exists():
        raise DatasetError("An archive is scored whole; --split is for data sets.")
    if not Path(source).exists():
        raise DatasetError(f"There is neither a data set named “{source}” nor an archive at that path.")
    with counting_bar("Reading") as progress:
        choice = Choice(**answers_of(options))
        return score_archive(Path(source), model, precision=precision, choice=choice, progress=progress)


def _dataset(source: str) -> Dataset | None:
    """The data set of that name; None where it is a path, or where there is no database."""
    if Path(source).is_file() or "/" in source:
        return None
    try:
        return Dataset.objects.filter(name=source).first()
    except DatabaseError:
        return None


def _sentence(score: ModelScore) -> str:
    worst = sorted(score.per_letter.items(), key=lambda item: item[1])[:5]
    origins = ", ".join(f"{origin} {share:.1%}" for origin, share in score.per_origin.items())
    return (
        f"{score.model} ({score.precision}): {score.correct:,} of {score.images:,} read right, "
        f"accuracy {score.accuracy:.2%}, among the best five {score.top5:.2%}; {score.unreadable:,} unreadable.\n"
        f"Least often right: {', '.join(f'{letter} {share:.1%}' for letter, share in worst)}."
        + (f"\nBy origin: {origins}." if origins else "")
        + "".join(f"\n{note}" for note in score.notes)
    )
