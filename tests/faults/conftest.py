"""A product on SQLite and the file queue, in processes of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import Product, embedded


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A product that is not started yet; nothing of it is left running."""
    made = Product(tmp_path, embedded(tmp_path))
    yield made
    made.kill()
