"""What the tests of sweeps share: a data set whose inputs the tests make, and quick hyperparameters."""

import dataclasses
import zlib
from collections.abc import Callable

import pytest

from recognizer.core.ink import specification
from tests.training.four_letters import LETTERS, samples
from training.core.hyperparameters import Hyperparameters
from training.core.samples import Samples
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.storage import input_files
from training.jobs.models import State
from training.runs.models import Run
from training.runs.tasks import train_next
from training.sweeps.models import Sweep
from training.sweeps.options import SearchLimits, SweepOptions
from training.sweeps.services import create_sweep
from training.sweeps.space.space import Space

QUICK = Hyperparameters(hidden_layers=(8,), epochs=2, batch_size=16, learning_rate=0.1, optimizer="momentum")
SPACE = {"learning_rate": [0.1, 1e-7], "hidden_layers": [[8], [4, 4]]}
LIMITS = ("max_trials", "max_hours", "target", "patience", "parallel")
MakeSweep = Callable[..., Sweep]
TrainAll = Callable[[], None]


@pytest.fixture
def dataset(monkeypatch: pytest.MonkeyPatch, db: None) -> Dataset:
    """A data set of four letters."""
    seen: list[Split] = []

    def load(dataset: Dataset, split: Split, ink_specification: str) -> Samples:
        seen.append(split)
        pictures = samples(dataset.size(split), seed=zlib.crc32(dataset.name.encode()) + split)
        ink = specification(ink_specification)
        return pictures if ink.pictures is ink else Samples(ink.of_pictures(pictures.inputs), pictures.labels)

    monkeypatch.setattr(input_files, "load", load)
    counts = {"train": [20] * 4, "validation": [6] * 4, "test": [6] * 4}
    made = Dataset.objects.create(
        name="four",
        letters=LETTERS,
        pictures=128,
        archive_name="four.zip",
        content_sha256="4" * 64,
        report={"counts": counts},
    )
    made.seen = seen  # type: ignore[attr-defined]  # which parts were loaded
    return made


@pytest.fixture
def other_dataset(dataset: Dataset) -> Dataset:
    """A second one of the same letters."""
    fields = {"letters": dataset.letters, "pictures": 128, "report": dataset.report}
    return Dataset.objects.create(name="more", archive_name="more.zip", content_sha256="5" * 64, **fields)


@pytest.fixture
def make_sweep(dataset: Dataset) -> MakeSweep:
    """Queue a sweep of that data set."""

    def make(space: object = SPACE, **options: object) -> Sweep:
        name = str(options.pop("name", ""))
        limits = SearchLimits(**{key: options.pop(key) for key in LIMITS if key in options})  # type: ignore[arg-type]
        base = dataclasses.replace(QUICK, **options.pop("base", {}))  # type: ignore[arg-type]
        led = SweepOptions(limits=limits, **options)  # type: ignore[arg-type]
        return create_sweep([dataset], base, Space.from_mapping(space), led, name=name)

    return make


@pytest.fixture
def train_all() -> Callable[[], None]:
    """Work until nothing waits."""

    def train() -> None:
        while Run.objects.filter(state=State.QUEUED).exists():
            train_next()

    return train
