"""A running product on PostgreSQL and Redis, which the tests share: each makes data sets and models of its own."""

from collections.abc import Iterator

import pytest

from tests.faults.stacks import servers
from tests.product import Product


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product with web server, workers and clock, started; nothing of it is left running."""
    folder = tmp_path_factory.mktemp("product")
    with servers(folder) as environment:
        made = Product(folder, environment)
        try:
            made.start()
            yield made
        finally:
            made.kill()
