"""What the tests of runs share: data sets whose inputs the tests make, and quick hyperparameters."""

import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from recognizer import services
from recognizer.core.ink import specification
from recognizer.core.model_file import ModelCard
from recognizer.core.network import Network
from recognizer.models import ModelOrigin, StoredModel
from tests.training.four_letters import LETTERS, samples
from training.core.hyperparameters import Hyperparameters
from training.core.samples import Samples
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.storage import input_files
from training.jobs.worker.work_loop import work_next
from training.runs.models import Run
from training.runs.services import create_run
from training.runs.worker import execution

SIZES = {Split.TRAIN: 80, Split.VALIDATION: 24, Split.TEST: 24}
QUICK = Hyperparameters(hidden_layers=(8,), epochs=3, batch_size=16, learning_rate=0.1, optimizer="momentum")
MakeDataset = Callable[..., Dataset]
MakeRun = Callable[..., Run]
TrainRun = Callable[..., Run]


@pytest.fixture
def make_dataset(monkeypatch: pytest.MonkeyPatch) -> MakeDataset:
    """Make the row of a data set, and have its inputs made when somebody loads them."""

    def load(dataset: Dataset, split: Split, ink_specification: str) -> Samples:
        made = samples(dataset.size(split), seed=zlib.crc32(dataset.name.encode()) + split)
        return Samples(specification(ink_specification).of_pictures(made.inputs), made.labels)

    monkeypatch.setattr(input_files, "load", load)

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
    return services.add_model(network, card, source=ModelOrigin.TRAINED)


@pytest.fixture
def undisturbed(make_run: MakeRun) -> TrainRun:
    """Train a run to its end with nothing in its way."""

    def train(**options: object) -> Run:
        run = make_run(**options)
        assert work_next(Run, execution.execute)
        return Run.objects.get(pk=run.pk)

    return train
