"""Some seconds of the load that `python -m benchmarks load` measures: with the real tool, nothing fails."""

import pytest

from benchmarks.environments import are_installed, peers_python
from benchmarks.operations import load
from tests.product import Product

VISITORS, RATE, SECONDS = 4, 2.0, 10


@pytest.mark.processor_seconds(300)
@pytest.mark.xdist_group("api")
def test_visitors_of_every_kind_are_answered(site: Product) -> None:
    if not are_installed(load.PACKAGES, load.ENVIRONMENT):
        pytest.skip("locust is not here: `python -m benchmarks load` installs it")
    python = peers_python(load.PACKAGES, load.ENVIRONMENT)
    found = load.visited(python, site, pages=load.PAGES, visitors=VISITORS, rate=RATE, seconds=SECONDS)
    assert found.failures == {}
    assert load.LETTER in found.milliseconds
    assert sum(map(len, found.milliseconds.values())) > VISITORS
