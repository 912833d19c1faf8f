"""The shipped models at each precision after calibration alone, and those that ship trained in whole numbers.

Models are compressed as `manage.py compress` does it, into the state's catalogue; what is there is not made again.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.core.management import CommandError, call_command
from numpy.typing import NDArray

from benchmarks.accuracy import plan
from benchmarks.accuracy.measuring import prepare
from benchmarks.accuracy.trainings import Trainings
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


def run(data: Path, state: Path, seeds: Sequence[int] = (1,)) -> BenchmarkReport:
    """Compress, score, report.

    Args:
        data: folder of the archives.
        state: folder of the state; networks of other seeds are those of `benchmarks.accuracy` there, or trained.
        seeds: of the networks whose loss is averaged; seed 1 is what ships.

    Raises:
        BenchmarkRunError: an archive is missing, or a model cannot be trained or compressed.

    """
    others = [seed for seed in seeds if seed != 1]
    prepare(data, plan.SHIPPED if others else DATASETS)
    services.add_shipped()
    held = {**{name: name for name in HELD}, **_trained(state, others)}
    models: dict[str, MeasuredModel] = {}
    rows: list[Sequence[str]] = []
    for label, parent in {**{name: name for name in PARENTS}, **held}.items():
        models[label] = _measured(StoredModel.objects.get(name=parent))
        rows.append(_row(label, models[label], models[label]))
        for precision in PRECISIONS:
            name = f"{label} {precision}, calibrated"
            models[name] = _measured(_compressed(parent, precision))
            rows.append(_row(name, models[name], models[label]))
    for shipped in StoredModel.objects.filter(source=ModelOrigin.SHIPPED, precision="int4"):
        name = f"{shipped.name}, shipped"
        models[name] = _measured(shipped)
        rows.append(_row(name, models[name], models.get(shipped.name.split()[0], models[name])))
    figures = [figure for precision in PRECISIONS for figure in _losses(models, precision, tuple(held))]
    columns = ("model", "bytes of the file", *(f"{name}, % (lost)" for name in DATASETS))
    title = f"What fewer bits cost (test splits, {_seeds_in_words(seeds)})"
    return BenchmarkReport("precisions", title, machine(), [*figures, *_by_size(models)], columns, rows)


def _seeds_in_words(seeds: Sequence[int]) -> str:
    return f"seed{'s' if len(seeds) > 1 else ''} {', '.join(map(str, seeds))}"


def _trained(state: Path, seeds: Sequence[int]) -> dict[str, str]:
    """Names of the models of `HELD` with these seeds by their labels; what was trained before is not trained again."""
    planned = plan.planned_trainings(plan.chosen(HELD), seeds, epochs=None, test=True)
    trainings = Trainings(state / "results", machine(), epochs=None, first_seed=1)
    found = trainings.all(planned, lambda line: print(line, file=sys.stderr))
    models = [StoredModel.objects.filter(weights_sha256=each.weights_sha256).latest("pk") for each in found]
    return {f"{each.row} of seed {each.seed}": model.name for each, model in zip(found, models, strict=True)}


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


def _losses(models: dict[str, MeasuredModel], precision: str, held: Sequence[str] = HELD) -> list[Figure]:
    """Points lost on average by `standard` and `best`, of each seed, and half of the paired interval at 95 %."""
    means, variances = [], []
    for place in range(len(DATASETS)):
        pairs = [(models[each].right[place], models[f"{each} {precision}, calibrated"].right[place]) for each in held]
        lost = np.mean([100.0 * (before.astype(np.float64) - after) for before, after in pairs], axis=0)  # of a picture
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
