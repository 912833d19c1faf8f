"""`manage.py make_dataset synthetic --name NAME`: a data set of synthetic letters."""

import json
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from training.datasets import synthesis
from training.datasets.errors import DatasetError
from training.datasets.imports.pipeline import import_archive
from training.datasets.models import Dataset
from training.datasets.naming import check_name
from training.datasets.terminal import counting_bar, figures_of, in_words, seed_argument
from training.jobs.terminal import INTERRUPTED, waiting_for_store

DEFAULT = 1000


class Command(BaseCommand):
    """Make letters and import them in this process."""

    help = "Make a data set of letters that are written along skeletons and drawn from fonts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("kind", choices=[synthesis.NAME])
        parser.add_argument("--name", required=True, help="name of the new data set")
        parser.add_argument("--per-letter", type=int, default=DEFAULT, help=f"pictures of each letter ({DEFAULT:,})")
        parser.add_argument("--seed", type=seed_argument, default=0, help="seed of the letters (default: 0)")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, name: str, per_letter: int, seed: int, **options: Any) -> None:
        """Make the letters, import them, print the result."""
        try:
            dataset = _make(name, per_letter, seed)
        except DatasetError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped; no data set was made.", returncode=INTERRUPTED) from None
        figures = figures_of(dataset) | {"origins": dataset.report["origins"]}
        self.stdout.write(json.dumps(figures, ensure_ascii=False) if options["json"] else in_words(figures))


def _make(name: str, per_letter: int, seed: int) -> Dataset:
    check_name(name)
    with tempfile.TemporaryDirectory(prefix="propis-") as folder:
        path = Path(folder) / f"{synthesis.NAME}.zip"
        with counting_bar("Writing letters") as progress:
            synthesis.make_archive(path, per_letter=per_letter, seed=seed, progress=progress)
        with counting_bar("Importing") as progress, waiting_for_store():
            return import_archive(path, name=name, seed=seed, progress=progress)
