"""`manage.py chip_rows`: letters for a chip, as rows that it asks for one by one."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from recognizer import loading
from recognizer.core.files import replacing
from recognizer.core.ink import specification
from recognizer.core.precision import IntegerNetwork
from recognizer.loading import CatalogueError
from recognizer.models import StoredModel
from training.core.samples import Samples
from training.datasets.models import Dataset
from training.devices import chip_rows
from training.devices.benchmarks import inputs
from training.jobs.worker.work_loop import JobFailedError

MOST = 10_000


class Command(BaseCommand):
    """Write the fixed test letters of a model's data set, and say how many of them Python reads right."""

    help = "Write test letters for a chip, as rows of 28 bytes (docs/arduino.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("model", help="name of a model in whole numbers")
        parser.add_argument("--dataset", help="name of a data set (default: the largest of the model's letters)")
        parser.add_argument("--images", type=int, default=330, help="so many letters, always the same (default: 330)")
        parser.add_argument("--output", type=Path, default=Path("rows.bin"), help="file to write (default: rows.bin)")

    def handle(self, *args: Any, model: str, dataset: str | None, images: int, output: Path, **options: Any) -> None:
        """Choose, count, write."""
        if not 1 <= images <= MOST:
            raise CommandError(f"--images is between 1 and {MOST:,}.")
        row = StoredModel.objects.filter(name=model).first()
        if row is None:
            raise CommandError(f"No model is named “{model}”.")
        try:
            samples = inputs.chosen(row, _dataset(row, dataset), images, chip_rows.PICTURES)
            correct = _correct(row, samples)
            with replacing(output) as file:
                file.write(chip_rows.rows_of(samples.inputs, samples.labels))
        except (JobFailedError, CatalogueError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror or error}.") from error
        self.stdout.write(
            f"{output}: {len(samples)} letters, of which a chip must read {correct} right, as Python does."
        )


def _dataset(model: StoredModel, name: str | None) -> Dataset:
    found = Dataset.objects.filter(name=name).first() if name else inputs.choose_dataset(model)
    if found is None:
        raise CommandError(f"No data set is named “{name}”." if name else f"No data set has the letters of “{model}”.")
    return found


def _correct(model: StoredModel, samples: Samples) -> int:
    network = loading.load_stored(model).network
    if not isinstance(network, IntegerNetwork):
        raise CommandError(f"“{model}” computes in floats: a chip takes whole numbers (compress --precision int4).")
    logits = network.whole_logits(specification(model.ink_specification).of_pictures(samples.inputs))
    return int((logits.argmax(axis=1) == samples.labels).sum())
