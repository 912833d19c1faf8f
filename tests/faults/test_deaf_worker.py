"""Workers that stay connected to Redis and take no message any more are started anew, and what waited is done."""

from pathlib import Path

import pytest

from tests.faults import recipes
from tests.faults.conftest import Undisturbed
from tests.faults.stacks import SERVERS, stack
from tests.product import ROOT, wait_until

DEAFNESS = ROOT / "tests" / "faults" / "deafness"
WORD = "no message came although work waits"


@pytest.mark.timeout(400)  # a product is set up and started
def test_workers_that_hear_nothing_are_started_anew(undisturbed: Undisturbed, tmp_path: Path) -> None:
    with stack(SERVERS, tmp_path / "product") as made:
        product = made.product
        product.environment["PYTHONPATH"] = str(DEAFNESS)
        recipes.prepare(product)
        product.start()
        recipes.wait_for_end(product, [recipes.queue(product)])
        before = {*product.named(" worker ")}
        (product.var / "deaf").touch()

        key = recipes.queue(product)

        wait_until(lambda: product.output().count(WORD) == 2, seconds=60)  # that of trainings, and that of the rest
        recipes.wait_for_end(product, [key])
        recipes.assert_like_undisturbed(product, key, undisturbed.weights_sha256)
        assert not before & {*product.named(" worker ")}
        assert recipes.run_of(product, key)["attempt"] == 1
