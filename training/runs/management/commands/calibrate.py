"""`manage.py calibrate MODEL`: fit a stored model's doubt, as the end of a training does."""

import dataclasses
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from recognizer import loading, services
from recognizer.core import model_file
from recognizer.core.model_card import ModelCard
from recognizer.loading import CatalogueError, LoadedModel
from recognizer.models import ModelOrigin, StoredModel
from training.core.samples import Samples
from training.datasets import doubt as doubts
from training.datasets.content.splitting import Split
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.storage import input_files
from training.runs.worker.samples import joined


class Command(BaseCommand):
    """Fit temperature, non-letters and threshold anew, and store the model with them."""

    help = "Calibrate a model: its probabilities, and what it refuses to read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("model", help="name of a model of the catalogue, or of a shipped one")
        parser.add_argument(
            "--dataset",
            action="append",
            metavar="NAME",
            help="a data set that it was trained on, as often as needed (default: those that its card names)",
        )
        parser.add_argument("--output", type=Path, help="write the model's file there, and nothing to the catalogue")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, model: str, dataset: list[str] | None, output: Path | None, **options: Any) -> None:
        """Fit, store, print."""
        try:
            loaded = loading.find(model)
            rows = _datasets(loaded, dataset)
            card = _calibrated(loaded, rows)
            if output is None:
                name = _store(loaded, card).name
            else:
                model_file.write(output, loaded.network, card)
                name = str(output)
        except (CatalogueError, DatasetError, ValueError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{output or 'The file'} cannot be written: {error.strerror or error}.") from error
        doubt = card.doubt()
        figures = {
            "model": name,
            "data_sets": [row.name for row in rows],
            "temperature": doubt.temperature,
            "threshold": doubt.threshold,
            "non_letters": len(doubt.kinds),
        }
        words = "“{model}”: temperature {temperature}, threshold {threshold}, {non_letters} kinds of non-letters."
        self.stdout.write(json.dumps(figures, ensure_ascii=False) if options["json"] else words.format(**figures))


def _datasets(model: LoadedModel, names: list[str] | None) -> list[Dataset]:
    """The data sets to use: those named, or those that people wrote of the card's whose very content is here."""
    if names is None:
        known = {name: about.get("content_sha256") for name, about in model.card.data_sets.items()}
        rows = [
            row
            for row in Dataset.objects.filter(name__in=known).order_by("name")
            if row.content_sha256 == known[row.name]
        ]
        rows = [row for row in rows if not row.is_synthetic]
    else:
        rows = list(Dataset.objects.filter(name__in=names).order_by("name"))
        if missing := set(names) - {row.name for row in rows}:
            raise CommandError(f"No data set is named “{', '.join(sorted(missing))}”.")
    if not rows:
        raise CommandError(f"No data set that “{model.name}” was trained on is here: name one by --dataset.")
    if others := [row.name for row in rows if row.letters != model.letters]:
        raise CommandError(f"{', '.join(others)}: another class set than that of “{model.name}”.")
    return rows


def _calibrated(model: LoadedModel, rows: list[Dataset]) -> ModelCard:
    """The model's card with its doubt."""
    training = [input_files.load(row, Split.TRAIN, model.ink.pictures.name) for row in rows]
    validation: list[Samples] = [input_files.load(row, Split.VALIDATION, model.ink.name) for row in rows]
    doubt = doubts.measure(model.network, model.ink, model.letters, joined(training), joined(validation))
    return model.card.with_doubt(doubt)


def _store(model: LoadedModel, card: ModelCard) -> StoredModel:
    """The model in the catalogue, the one before being its parent."""
    parent = StoredModel.objects.filter(pk=model.pk).first() if model.pk else None
    if parent is None:
        raise CommandError(f"“{model.name}” is not in the catalogue: write its file with --output.")
    named = dataclasses.replace(
        card,
        name=f"{parent.name[:88]} calibrated",
        parent=parent.file_sha256,
        created=timezone.now().isoformat(timespec="seconds"),
    )
    return services.add_model(model.network, named, source=ModelOrigin(parent.source), parent=parent)
