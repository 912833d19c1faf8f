"""What the tests of sweeps share: a data set whose inputs the tests make, and quick hyperparameters."""

import dataclasses
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytest_django import Settings

from recognizer.core.alphabet import RUSSIAN
from training.core.hyperparameters import Hyperparameters
from training.core.samples import Samples
from training.datasets import files
from training.datasets.models import Dataset
from training.datasets.splitting import Split
from training.jobs.models import State
from training.runs.models import Run
from training.runs.tasks import train_next
from training.sweeps.creation import create_sweep
from training.sweeps.models import Sweep
from training.sweeps.options import Limits, Options
from training.sweeps.spaces import Space

LETTERS = RUSSIAN[:4]
QUICK = Hyperparameters(hidden_layers=(8,), epochs=2, batch_size=16, learning_rate=0.1, optimizer="momentum")
SPACE = {"learning_rate": [0.1, 1e-7], "hidden_layers": [[8], [4, 4]]}
LIMITS = ("max_trials", "max_hours", "target", "patience", "parallel")
MakeSweep = Callable[..., Sweep]
TrainAll = Callable[[], None]


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    """Folder of all state."""
    settings.PROPIS_VAR = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def quiet(woken: list[str]) -> None:
    """Send no message to a broker."""


def samples(count: int, *, seed: int) -> Samples:
    """Draw inputs of four letters that even a tiny network can tell apart: each is bright in its own rows."""
    rng = np.random.default_rng(seed)
    labels = (np.arange(count) % len(LETTERS)).astype(np.uint8)
    inputs = rng.integers(0, 60, (count, 784), dtype=np.uint8)
    for number, label in enumerate(labels.tolist()):
        inputs[number, label * 100 : label * 100 + 100] += 180
    return Samples(inputs, labels)


@pytest.fixture
def dataset(monkeypatch: pytest.MonkeyPatch, db: None) -> Dataset:
    """A data set of four letters."""
    seen: list[Split] = []

    def load(dataset: Dataset, split: Split, ink_specification: str) -> Samples:
        seen.append(split)
        return samples(dataset.size(split), seed=zlib.crc32(dataset.name.encode()) + split)

    monkeypatch.setattr(files, "load", load)
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
def make_sweep(dataset: Dataset) -> MakeSweep:
    """Queue a sweep of that data set."""

    def make(space: object = SPACE, **options: object) -> Sweep:
        name = str(options.pop("name", ""))
        limits = Limits(**{key: options.pop(key) for key in LIMITS if key in options})  # type: ignore[arg-type]
        base = dataclasses.replace(QUICK, **options.pop("base", {}))  # type: ignore[arg-type]
        led = Options(limits=limits, **options)  # type: ignore[arg-type]
        return create_sweep(dataset, base, Space.from_mapping(space), led, name=name)

    return make


@pytest.fixture
def train_all() -> Callable[[], None]:
    """Work until nothing waits."""

    def train() -> None:
        while Run.objects.filter(state=State.QUEUED).exists():
            train_next()

    return train
