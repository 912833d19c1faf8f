"""A sweep whose workers, clock, web server and queue are killed again and again: nothing lost, nothing done twice.

`make soak` does the same at length, with 200 kills of 40 runs (`tests/faults/soak.py`).
"""

import json
from pathlib import Path

import pytest

from tests import prepared
from tests.faults import recipes
from tests.faults.stacks import EMBEDDED, SERVERS, stack
from tests.faults.sweep_under_kills import STUCK_SECONDS, Plan, disturbed, figures, undisturbed
from tests.product import Product, embedded, wait_until

PLAN = Plan(runs=4, epochs=40, kills=10, seed=24590, recovers_seconds=STUCK_SECONDS)
WEIGHTS = "weights.json"


@pytest.fixture(scope="module")
def calm() -> Path:
    """The folder of a product that was not disturbed; kept by `prepared`."""
    return prepared.folder(f"sweep of {PLAN.runs} by {PLAN.epochs}", train_undisturbed, base=recipes.with_letters())


def train_undisturbed(folder: Path) -> None:
    """Train, and write down the hashes of the weights."""
    hashes = undisturbed(Product(folder, embedded(folder)), PLAN)
    (folder / WEIGHTS).write_text(json.dumps(hashes), encoding="utf-8")


@pytest.mark.processor_seconds(900)
@pytest.mark.parametrize("name", [EMBEDDED, SERVERS])
def test_sweep_under_kills(name: str, calm: Path, tmp_path: Path) -> None:
    expected = json.loads((calm / WEIGHTS).read_text(encoding="utf-8"))
    assert len(expected) == PLAN.runs
    with stack(name, tmp_path / "product") as made:
        # What is lost is missed soon.
        made.product.environment |= {"PROPIS_HEARTBEAT_SECONDS": "1", "PROPIS_WEB_PROCESSES": "1"}
        made.product.start()
        outcome = disturbed(made.product, PLAN, redis=made.redis, on_kill=lambda kill: print(kill))
        missed = [figure for figure in figures(outcome, PLAN, expected, name) if not figure.is_reached]
        assert missed == [], outcome.strays
        wait_until(made.product.answers)
        assert made.product.stop() == 0
        wait_until(lambda: not made.product.processes())
