"""Products on SQLite and the file queue, in processes of their own."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import prepared
from tests.faults import recipes
from tests.faults.rows import rows
from tests.product import Product, embedded


@dataclass(frozen=True)
class Undisturbed:
    """A product that is set up, has a data set and was never started; its state is there to be copied."""

    product: Product
    weights_sha256: str
    """What a run of it ends with where nobody disturbs it."""

    def copy(self, var: Path) -> Product:
        """Another one with the same state, in a folder that may be there."""
        shutil.copytree(self.product.var, var, dirs_exist_ok=True)
        return Product(var, embedded(var))


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A product that is not set up yet; nothing of it is left running."""
    made = Product(tmp_path, embedded(tmp_path))
    yield made
    made.kill()


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[Product]:
    """A product with an empty database; nothing of it is left running."""
    shutil.copy(prepared.database(), tmp_path)
    made = Product(tmp_path, embedded(tmp_path))
    yield made
    made.kill()


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """A product that has trained a run before, the same for all tests."""
    made = Product(tmp_path_factory.mktemp("undisturbed"), {})
    shutil.copytree(recipes.trained(), made.var, dirs_exist_ok=True)
    [run] = rows(made, "SELECT state, weights_sha256 FROM runs_run")
    assert run["state"] == "succeeded"
    return Undisturbed(made, run["weights_sha256"])
