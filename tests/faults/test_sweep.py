"""A sweep whose workers, clock, web server and queue are killed again and again: nothing lost, nothing done twice.

`make soak` does the same at length, with 200 kills of 40 runs (`tests/faults/soak.py`).
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.faults.stacks import EMBEDDED, SERVERS, stack
from tests.faults.sweep_under_kills import Plan, disturbed, figures, prepare, undisturbed
from tests.product import Product, embedded, wait_until

PLAN = Plan(runs=4, epochs=40, kills=20, seed=19170)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Hashes of the weights that training undisturbed gives."""
    folder = tmp_path_factory.mktemp("undisturbed")
    return undisturbed(Product(folder, embedded(folder)), PLAN)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", [EMBEDDED, SERVERS])
def test_sweep_under_kills(name: str, expected: Mapping[str, str], tmp_path: Path) -> None:
    with stack(name, tmp_path / "product") as made:
        made.product.environment["PROPIS_HEARTBEAT_SECONDS"] = "1"  # what is lost is missed soon
        prepare(made.product, PLAN)
        made.product.start()
        outcome = disturbed(made.product, PLAN, redis=made.redis, on_kill=lambda kill: print(kill))
        missed = [figure for figure in figures(outcome, PLAN, expected, name) if not figure.is_reached]
        assert missed == [], outcome.strays
        wait_until(made.product.answers)
        assert made.product.stop() == 0
        wait_until(lambda: not made.product.processes())
