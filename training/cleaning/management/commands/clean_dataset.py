"""`manage.py clean_dataset NAME`: find what may be wrong with the pictures of a data set."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError

from training.cleaning.execution import clean
from training.cleaning.models import Cleaning
from training.cleaning.naming import dataset_named
from training.datasets.errors import DatasetError
from training.jobs import lifecycle, terminal
from training.jobs.models import State
from training.jobs.working import worker_name


class Command(BaseCommand):
    """Search a data set in this process."""

    help = "Find blank, broken and inverted pictures, copies, outliers and probably wrong letters of a data set."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("dataset", help="name of a data set")
        parser.add_argument("--folds", type=int, default=4, help="of the cross-validation (default: 4)")
        parser.add_argument("--seed", type=int, default=0, help="of all that is drawn (default: 0)")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, dataset: str, folds: int, seed: int, **options: Any) -> None:
        """Search, and say what was found."""
        try:
            job = Cleaning(dataset=dataset_named(dataset), folds=folds, seed=seed)
            job.clean_fields(exclude=["created_by"])
        except DatasetError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            said = (f"{name}: {' '.join(words)}" for name, words in error.message_dict.items())
            raise CommandError("; ".join(said)) from error
        terminal.do_here(lifecycle.take(job, worker=worker_name()), clean, f"Cleaning {dataset}")
        job.refresh_from_db()
        if job.state != State.SUCCEEDED:
            raise CommandError(job.error or f"The search was {job.get_state_display()}.")
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
