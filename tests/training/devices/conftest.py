"""What the tests of devices share: a folder of state, a random model in the catalogue, a data set with made inputs."""

import itertools
import zlib
from collections.abc import Callable

import numpy as np
import pytest

from recognizer import services
from recognizer.core.alphabet import RUSSIAN
from recognizer.core.model_card import ModelCard
from recognizer.core.network import Network
from recognizer.models import ModelOrigin, StoredModel
from training.core.samples import Samples
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.storage import input_files

MakeDataset = Callable[..., Dataset]
MakeModel = Callable[..., StoredModel]


def make_network(*, hidden: int = 8, seed: int = 1, scale: float = 0.1) -> Network:
    """A network of random weights."""
    rng = np.random.default_rng(seed)
    sizes = (784, hidden, len(RUSSIAN))
    weights = tuple(rng.normal(0, scale, (n, m)).astype(np.float32) for m, n in itertools.pairwise(sizes))
    return Network(weights, tuple(np.zeros(n, np.float32) for n in sizes[1:]), "relu")


@pytest.fixture
def make_model() -> MakeModel:
    """Put a random network in the catalogue."""

    def make(name: str = "random", **options: float) -> StoredModel:
        network = make_network(**options)  # type: ignore[arg-type]
        card = ModelCard.of(network, name=name, ink_specification="moments-1")
        return services.add_model(network, card, source=ModelOrigin.UPLOADED)

    return make


@pytest.fixture
def model(make_model: MakeModel) -> StoredModel:
    """A random network of the catalogue."""
    return make_model()


@pytest.fixture
def make_dataset(monkeypatch: pytest.MonkeyPatch) -> MakeDataset:
    """Make the row of a data set, and have its inputs made when somebody loads them."""

    def load(dataset: Dataset, split: Split, ink_specification: str) -> Samples:
        rng = np.random.default_rng(zlib.crc32(dataset.name.encode()))
        count = dataset.size(split)
        labels = rng.integers(0, len(RUSSIAN), count).astype(np.uint8)
        return Samples(rng.integers(0, 256, (count, 784), dtype=np.uint8), labels)

    monkeypatch.setattr(input_files, "load", load)

    def make(name: str = "letters", *, letters: str = RUSSIAN, each: int = 2) -> Dataset:
        counts = {split.key: [each] * len(letters) for split in Split}
        return Dataset.objects.create(
            name=name,
            letters=letters,
            pictures=3 * each * len(letters),
            archive_name=f"{name}.zip",
            content_sha256=f"{name:0<64}",
            report={"counts": counts},
        )

    return make
