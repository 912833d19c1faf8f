"""A started product for the browser, on SQLite and the file queue."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import Product, embedded


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A started product; nothing of it is left running."""
    made = Product(tmp_path, embedded(tmp_path))
    made.start()
    yield made
    made.kill()
