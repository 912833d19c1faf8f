"""A running product on PostgreSQL and Redis."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import Product, servers


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A product with web server, workers and clock, started; nothing of it is left running."""
    with servers(tmp_path) as environment:
        made = Product(tmp_path, environment)
        try:
            made.start()
            yield made
        finally:
            made.kill()
