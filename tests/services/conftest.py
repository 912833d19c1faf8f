"""A running product on PostgreSQL and Redis, which the tests share: each makes data sets and models of its own."""

from collections.abc import Iterator

import pytest

from tests.faults.stacks import servers
from tests.product import Product

FIRST = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("make_dataset", "synthetic", name="first", per_letter=1)
"""
"""Where there is a data set, the worker makes none at the first start: it would do nothing else for half a minute."""


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product with web server, workers and clock, started; nothing of it is left running."""
    folder = tmp_path_factory.mktemp("product")
    with servers(folder) as environment:
        made = Product(folder, environment | {"PROPIS_WEB_PROCESSES": "1"})
        try:
            made.run(FIRST).check_returncode()
            made.start()
            yield made
        finally:
            made.kill()
