"""Products on SQLite and the file queue, in processes of their own."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults import recipes
from tests.product import Product, embedded


@dataclass(frozen=True)
class Template:
    """A product that was never started; its state is there to be copied, which takes less time than making it."""

    product: Product

    def copy(self, var: Path) -> Product:
        """Another one with the same state, in a folder that may be there."""
        shutil.copytree(self.product.var, var, dirs_exist_ok=True)
        return Product(var, embedded(var))


@dataclass(frozen=True)
class Undisturbed(Template):
    """One that is set up and has a data set."""

    weights_sha256: str
    """What a run of it ends with where nobody disturbs it."""


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A product that is not set up yet; nothing of it is left running."""
    made = Product(tmp_path, embedded(tmp_path))
    yield made
    made.kill()


@pytest.fixture
def migrated(migrated_once: Template, tmp_path: Path) -> Iterator[Product]:
    """A product with an empty database; nothing of it is left running."""
    made = migrated_once.copy(tmp_path)
    yield made
    made.kill()


@pytest.fixture(scope="session")
def migrated_once(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Make an empty database once for all tests."""
    folder = tmp_path_factory.mktemp("migrated")
    made = Product(folder, embedded(folder))
    made.manage("migrate", "--verbosity", "0")
    return Template(made)


@pytest.fixture(scope="session")
def undisturbed(migrated_once: Template, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """Set a product up once for all tests, and train in it once."""
    made = migrated_once.copy(tmp_path_factory.mktemp("undisturbed"))
    recipes.prepare(made)
    return Undisturbed(made, recipes.undisturbed(made))
