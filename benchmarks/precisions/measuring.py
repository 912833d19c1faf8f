"""The shipped models at each precision after calibration alone, and those that ship trained in whole numbers.

Models are compressed as `manage.py compress` does it, into the state's catalogue; what is there is not made again.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.core.management import CommandError, call_command
from numpy.typing import NDArray

from benchmarks.accuracy.measuring import prepare
from benchmarks.harness import BenchmarkReport, BenchmarkRunError, Figure
from benchmarks.reading import machine
from recognizer import loading, services
from recognizer.loading import LoadedModel
from recognizer.models import ModelOrigin, StoredModel
from training.core.doubt import last_layers
from training.core.samples import Samples
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.storage import input_files

DATASETS = ("cmnist", "comnist")
PARENTS = ("tiny", "small", "standard", "best")
PRECISIONS = ("int8-weights", "int8", "int4", "int2")
HELD = ("standard", "best")
MOST_LOST = {"int8": 0.10, "int4": 0.3}
"""Points, of the mean of `standard` and `best` over both test splits; for int4 it is meant after training."""
ROWS = {120: (98.3, 97.9), 60: (98.0, 97.4), 30: (97.6, 96.9), 15: (97.2, 96.3), 10: (96.5, 95.0), 5: (95.5, 93.5)}
"""By KB (1,024 bytes) of the whole file: accuracy asked for on each test split, percent."""
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class MeasuredModel:
    """A model: its file's bytes, and for each data set and split which pictures it read right."""

    name: str
    file_bytes: int
    validation: list[float]
    right: list[Flags]

    @property
    def accuracy(self) -> list[float]:
        """Percent of each test split."""
        return [100 * float(flags.mean()) for flags in self.right]


def run(data: Path) -> BenchmarkReport:
    """Compress, score, report.

    Raises:
        BenchmarkRunError: an archive is missing, or a model cannot be compressed.

    """
    prepare(data, DATASETS)
    services.add_shipped()
    models: dict[str, MeasuredModel] = {}
    figures: list[Figure] = []
    for parent in PARENTS:
        models[parent] = _measured(StoredModel.objects.get(name=parent))
        for precision in PRECISIONS:
            stored = _compressed(parent, precision)
            models[f"{parent} {precision}, calibrated"] = _measured(stored)
    for row in StoredModel.objects.filter(source=ModelOrigin.SHIPPED, precision="int4"):
        models[f"{row.name}, shipped"] = _measured(row)
    for precision in PRECISIONS:
        figures += _losses(models, precision)
    figures += _by_size(models)
    columns = ("model", "bytes of the file", *(f"{name}, % (lost)" for name in DATASETS))
    rows = [_row(name, each, models[name.split()[0]]) for name, each in models.items()]
    title = "What fewer bits cost (test splits, seed 1)"
    return BenchmarkReport("precisions", title, machine(), figures, columns, rows)


def _compressed(parent: str, precision: str) -> StoredModel:
    """The compressed model of the state's catalogue, made where it is not there yet."""
    rows = StoredModel.objects.filter(parent__name=parent, precision=precision, source=ModelOrigin.COMPRESSED)
    if not rows.exists():
        try:
            call_command("compress", parent, precision=precision, verbosity=0, stdout=sys.stderr)
        except CommandError as error:
            rows = StoredModel.objects.filter(parent__name=parent, precision=precision)  # the very file ships
            if not rows.exists():
                raise BenchmarkRunError(str(error)) from error
    return rows.get()


def _measured(row: StoredModel) -> MeasuredModel:
    model = loading.load_stored(row)
    flags: dict[Split, list[Flags]] = {}
    for split in (Split.VALIDATION, Split.TEST):
        samples = [input_files.load(Dataset.objects.get(name=name), split, model.ink.name) for name in DATASETS]
        flags[split] = [_right(model, each) for each in samples]
    validation = [100 * float(each.mean()) for each in flags[Split.VALIDATION]]
    return MeasuredModel(row.name, row.file_bytes, validation, flags[Split.TEST])


def _right(model: LoadedModel, samples: Samples) -> Flags:
    """Which of the samples (n,) it reads right."""
    read = last_layers(model.network, samples.inputs).logits.argmax(axis=1)
    return np.asarray(read == samples.labels)


def _losses(models: dict[str, MeasuredModel], precision: str) -> list[Figure]:
    """Points lost on average by `standard` and `best`, and half of the paired interval at 95 %."""
    means, variances = [], []
    for parent in HELD:
        for before, after in zip(models[parent].right, models[f"{parent} {precision}, calibrated"].right, strict=True):
            lost = 100.0 * (before.astype(np.float64) - after)
            means.append(float(lost.mean()))
            variances.append(float(lost.var()) / len(lost))
    name = f"{precision}: points lost by {' and '.join(HELD)}, after calibration"
    half = 1.96 * float(np.sqrt(sum(variances))) / len(means)
    return [
        Figure(name, float(np.mean(means)), "points", MOST_LOST.get(precision)),
        Figure(f"{precision}: half of its paired interval (95 %)", half, "points"),
    ]


def _by_size(models: dict[str, MeasuredModel]) -> list[Figure]:
    """For each size of a file the model that validation likes best, and how it reads the test splits."""
    figures = []
    for kb, asked in ROWS.items():
        fitting = {name: each for name, each in models.items() if each.file_bytes <= kb * 1024}
        name = max(fitting, key=lambda each: sum(fitting[each].validation))
        for dataset, share, least in zip(DATASETS, fitting[name].accuracy, asked, strict=True):
            figures.append(Figure(f"≤ {kb} KB: {dataset}, by {name}", share, "%", least, more_is_better=True))
    return figures


def _row(name: str, model: MeasuredModel, parent: MeasuredModel) -> list[str]:
    cells = [f"{ours:.2f} ({theirs - ours:+.2f})" for ours, theirs in zip(model.accuracy, parent.accuracy, strict=True)]
    return [name, f"{model.file_bytes:,}", *cells]
