"""What the tests of runs share: data sets whose inputs the tests make, and quick hyperparameters."""

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytest_django import Settings

from recognizer import catalog
from recognizer.core.alphabet import RUSSIAN
from recognizer.core.model_file import ModelCard
from recognizer.core.network import Network
from recognizer.models import Source, StoredModel
from training.core.hyperparameters import Hyperparameters
from training.core.samples import Samples
from training.datasets import files
from training.datasets.models import Dataset
from training.datasets.splitting import Split
from training.jobs.working import work_next
from training.runs import execution
from training.runs.creation import create_run
from training.runs.models import Run

LETTERS = RUSSIAN[:4]
SIZES = {Split.TRAIN: 80, Split.VALIDATION: 24, Split.TEST: 24}
QUICK = Hyperparameters(hidden_layers=(8,), epochs=3, batch_size=16, learning_rate=0.1, optimizer="momentum")
MakeDataset = Callable[..., Dataset]
MakeRun = Callable[..., Run]
TrainRun = Callable[..., Run]


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    """Folder of all state."""
    settings.PROPIS_VAR = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def quiet(woken: list[str]) -> None:
    """Send no message to a broker."""


def samples(count: int, *, seed: int, classes: int = len(LETTERS)) -> Samples:
    """Draw inputs of four letters that even a tiny network can tell apart: each is bright in its own rows."""
    rng = np.random.default_rng(seed)
    labels = (np.arange(count) % classes).astype(np.uint8)
    inputs = rng.integers(0, 60, (count, 784), dtype=np.uint8)
    for number, label in enumerate(labels.tolist()):
        inputs[number, label * 100 : label * 100 + 100] += 180
    return Samples(inputs, labels)


@pytest.fixture
def make_dataset(monkeypatch: pytest.MonkeyPatch) -> MakeDataset:
    """Make the row of a data set, and have its inputs made when somebody loads them."""

    def load(dataset: Dataset, split: Split, ink_specification: str) -> Samples:
        return samples(dataset.size(split), seed=zlib.crc32(dataset.name.encode()) + split)

    monkeypatch.setattr(files, "load", load)

    def make(
        name: str = "four", *, letters: str = LETTERS, sizes: dict[Split, int] = SIZES, made: bool = False
    ) -> Dataset:
        counts = {split.key: [count // len(letters)] * len(letters) for split, count in sizes.items()}
        return Dataset.objects.create(
            name=name,
            letters=letters,
            pictures=sum(sizes.values()),
            archive_name=f"{name}.zip",
            content_sha256=f"{name:0<64}",
            licence="CC0",
            source="made by a test",
            report={"counts": counts} | ({"origins": {"skeletons/printed": sum(sizes.values())}} if made else {}),
        )

    return make


@pytest.fixture
def make_run(make_dataset: MakeDataset) -> MakeRun:
    """Queue a run of the data sets that are given, or else of one of four letters."""

    def make(*datasets: Dataset, hyperparameters: Hyperparameters = QUICK, **options: Any) -> Run:
        return create_run(datasets or (Dataset.objects.first() or make_dataset(),), hyperparameters, **options)

    return make


@pytest.fixture
def stored(db: None) -> StoredModel:
    """A stored model of the four letters, which reads them no better than chance."""
    rng = np.random.default_rng(5)
    network = Network((rng.normal(size=(4, 784)).astype(np.float32),), (np.zeros(4, np.float32),))
    card = ModelCard.of(network, name="chance", ink_specification="raw-28", letters=LETTERS)
    return catalog.add_model(network, card, source=Source.TRAINED)


@pytest.fixture
def undisturbed(make_run: MakeRun) -> TrainRun:
    """Train a run to its end with nothing in its way."""

    def train(**options: object) -> Run:
        run = make_run(**options)
        assert work_next(Run, execution.execute)
        return Run.objects.get(pk=run.pk)

    return train
