"""`manage.py clean_dataset NAME`: find what may be wrong with the pictures of a data set."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError

from training.cleaning import services
from training.cleaning.execution import check
from training.cleaning.models import Cleaning
from training.datasets.errors import DatasetError
from training.datasets.naming import dataset_named
from training.jobs import terminal
from training.jobs.models import State
from training.jobs.terminal import INTERRUPTED


class Command(BaseCommand):
    """Check a data set in this process."""

    help = "Find blank, broken and inverted pictures, copies, outliers and probably wrong letters of a data set."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("dataset", help="name of a data set")
        parser.add_argument("--folds", type=int, default=4, help="folds of the cross-validation (default: 4)")
        parser.add_argument("--seed", type=int, default=0, help="seed of every random choice (default: 0)")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, dataset: str, folds: int, seed: int, **options: Any) -> None:
        """Check, and print what was found."""
        try:
            found = dataset_named(dataset)
            job = terminal.do_here(
                lambda: services.begin_check(found, folds=folds, seed=seed), check, lambda _job: f"Checking {dataset}"
            )
        except DatasetError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            said = (f"{name}: {' '.join(words)}" for name, words in error.message_dict.items())
            raise CommandError("; ".join(said)) from error
        if job.state != State.SUCCEEDED:
            returncode = INTERRUPTED if job.state == State.CANCELLED else 1
            raise CommandError(job.error or f"The label check was {job.get_state_display()}.", returncode=returncode)
        figures = _figures(job)
        self.stdout.write(json.dumps(figures, ensure_ascii=False) if options["json"] else _sentence(figures))


def _figures(job: Cleaning) -> dict[str, Any]:
    return {
        "cleaning": job.pk,
        "dataset": job.dataset.name,
        "pictures": job.dataset.pictures,
        "accuracy": job.accuracy,
        "found": job.counts,
        "seconds": job.seconds,
    }


def _sentence(figures: dict[str, Any]) -> str:
    found = ", ".join(f"{kind} {count:,}" for kind, count in figures["found"].items() if count) or "nothing"
    return (
        f"“{figures['dataset']}”, {figures['pictures']:,} pictures: {found}; "
        f"networks that had not seen them read {figures['accuracy']:.2%}; {figures['seconds']:.1f} s."
    )
