"""The images that a benchmark reads: a data set's test split, as the model's inputs."""

from pathlib import Path

import numpy as np

from recognizer.messages import gettext as _
from recognizer.models import StoredModel
from training.core.samples import Samples
from training.datasets.content.splitting import Split
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.storage import input_files
from training.devices import services
from training.devices.models import Benchmark
from training.devices.services import BenchmarkError
from training.jobs.worker.work_loop import JobFailedError

SEED = 1  # the same images for every device and precision


def choose_dataset(model: StoredModel) -> Dataset | None:
    """The data set to read if none was named: of the model's letters; real before synthetic, then the largest test."""
    fitting = [
        each for each in Dataset.objects.all() if each.letters == model.card["letters"] and each.size(Split.TEST)
    ]
    return max(fitting, key=lambda each: (not each.is_synthetic, each.size(Split.TEST)), default=None)


def write_inputs(benchmark: Benchmark, dataset: Dataset, path: Path) -> None:
    """Write the benchmark's images of a data set as a file that the agent reads.

    Raises:
        JobFailedError: the data set does not fit the model, or its files are gone.

    """
    samples = chosen(benchmark.model, dataset, benchmark.images)
    np.savez(path, inputs=samples.inputs, labels=samples.labels)


def chosen(model: StoredModel, dataset: Dataset, images: int, ink: str = "") -> Samples:
    """At most so many test images of a data set, always the same ones in the same order; `ink`: other than the model's.

    Raises:
        JobFailedError: the data set does not fit the model, or its files are gone.

    """
    try:
        services.check_letters(model, dataset)
        samples = input_files.load(dataset, Split.TEST, ink or model.ink_specification)
    except (BenchmarkError, DatasetError) as error:
        raise JobFailedError(str(error)) from error
    if not len(samples):
        raise JobFailedError(_("Data set “%(dataset)s” has no test images.") % {"dataset": dataset})
    order = np.random.default_rng(SEED).permutation(len(samples))[:images]
    return Samples(samples.inputs[order], samples.labels[order])
