"""`manage.py sweep_sizes --dataset NAME`: models by shape and precision, for the page where one is chosen."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.core.management import BaseCommand, CommandError

from recognizer.core.precision import PRECISIONS as STORED
from training.core.hyperparameters import HyperparameterError
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.naming import dataset_named
from training.devices.choice.measured import ModelFigures
from training.devices.services import BenchmarkError, CompressionError
from training.runs.checks import RunError
from training.study.sizes import PRECISIONS, SHAPES, Shape, SizesError, SizeSweep


class Command(BaseCommand):
    """Train, compress, score and time; the same command goes on where it was stopped."""

    help = "Train networks of several shapes, make every precision of each, score and time them all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "--dataset", action="append", metavar="NAME", help="to train on; repeat it (default: all in the catalogue)"
        )
        parser.add_argument(
            "--shape",
            action="append",
            metavar="NAME",
            help=f"a preset, or hidden layers such as 128-64; repeat it (default: {', '.join(SHAPES)})",
        )
        parser.add_argument(
            "--precision", action="append", choices=STORED[1:], help=f"repeat it (default: {', '.join(PRECISIONS)})"
        )
        parser.add_argument("--epochs", type=int, help="of each training (default: the preset's)")
        parser.add_argument(
            "--tuning", type=int, default=8, help="epochs in whole numbers, for int4 and int2 (default: 8; 0: none)"
        )
        parser.add_argument("--no-times", action="store_true", help="do not time the models on this machine")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing, and print the figures of all."""
        found = []
        try:
            sweep = SizeSweep(
                _datasets(options["dataset"]),
                [Shape.named(name) for name in options["shape"] or SHAPES],
                options["precision"] or PRECISIONS,
                options["epochs"],
                options["tuning"],
                is_timed=not options["no_times"],
            )
            for figures in sweep.run():
                found.append(figures)
                sys.stderr.write(f"{_line(figures)}\n")
        except (SizesError, DatasetError, RunError, CompressionError, BenchmarkError, HyperparameterError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps({"models": [asdict(each) for each in found]}, ensure_ascii=False))
        else:
            self.stdout.write(f"{len(found)} models are in the catalogue; /models/choose/ shows them.")


def _datasets(names: Sequence[str] | None) -> list[Dataset]:
    found = [dataset_named(name) for name in names] if names else list(Dataset.objects.order_by("pk"))
    if not any(not each.is_synthetic for each in found):
        raise SizesError("There is no data set of letters that people wrote: import one first.")
    return found


def _line(figures: ModelFigures) -> str:
    shares = ", ".join(f"{name} {share:.2%}" for name, share in figures.test.items())
    return f"{figures.name}: {figures.file_bytes:,} bytes; test {shares}"
