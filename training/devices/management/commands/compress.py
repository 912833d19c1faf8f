"""`manage.py compress MODEL --precision P`: a model in fewer bits, as a new model of the catalogue."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from recognizer.core.precision import PRECISIONS as STORED
from recognizer.models import StoredModel
from training.devices import compression
from training.devices.models import Compression
from training.devices.services import CompressionError, new_compression
from training.jobs import lifecycle, terminal
from training.jobs.models import State
from training.jobs.terminal import INTERRUPTED
from training.jobs.worker.work_loop import worker_name


class Command(BaseCommand):
    """Compress a stored model in this process."""

    help = "Store a model in fewer bits, as a new model with the old one as its parent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("model", help="name of a model of the catalogue")
        parser.add_argument("--precision", default="fp16", help=f"{', '.join(STORED[1:])} (default: fp16)")
        parser.add_argument(
            "--epochs", type=int, default=0, help="train it in whole numbers for so many (int8, int4, int2; default: 0)"
        )
        parser.add_argument(
            "--neurons",
            type=int,
            default=0,
            metavar="PERCENT",
            help="take so many of each hidden layer's neurons away before (int8, int4, int2; default: 0)",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, model: str, precision: str, epochs: int = 0, neurons: int = 0, **options: Any) -> None:
        """Compress, and print the new model."""
        try:
            job = new_compression(_stored(model), precision, epochs, neurons)
        except CompressionError as error:
            raise CommandError(str(error)) from error
        terminal.do_here(
            lambda: lifecycle.create_claimed(job, worker=worker_name()),
            compression.execute,
            lambda job: f"Compression {job}",
        )
        if job.state != State.SUCCEEDED:
            returncode = INTERRUPTED if job.state == State.CANCELLED else 1
            raise CommandError(job.error or f"The compression was {job.get_state_display()}.", returncode=returncode)
        figures = _figures(job)
        self.stdout.write(json.dumps(figures, ensure_ascii=False) if options["json"] else _sentence(figures))


def _stored(name: str) -> StoredModel:
    model = StoredModel.objects.filter(name=name).first()
    if model is None:
        raise CommandError(f"No model is named “{name}”.")
    return model


def _figures(job: Compression) -> dict[str, Any]:
    result = job.result
    if result is None:
        raise CommandError("The new model was deleted again.")
    return {
        "model": result.name,
        "id": result.pk,
        "parent": job.model.name,
        "precision": result.precision,
        "accuracy": result.accuracy,
        "parent_accuracy": job.model.accuracy,
        "file_bytes": result.file_bytes,
        "parent_file_bytes": job.model.file_bytes,
        "file_sha256": result.file_sha256,
        "weights_sha256": result.weights_sha256,
    }


def _sentence(figures: dict[str, Any]) -> str:
    parent = figures["parent_accuracy"]
    shares = [
        f" {name}: {share:.2%}" + (f" (before {parent[name]:.2%})" if name in parent else "") + "."
        for name, share in figures["accuracy"].items()
    ]
    return (
        f"“{figures['model']}” is in the catalogue: {figures['file_bytes']:,} bytes, "
        f"{figures['file_bytes'] / figures['parent_file_bytes']:.0%} of “{figures['parent']}”.{''.join(shares)}"
    )
