"""Workers on Redis whose children are killed at a bad instant, or that take no message any more although connected."""

import os
import signal
from collections.abc import Iterator

import pytest
import redis

from tests.faults import recipes
from tests.faults.conftest import Undisturbed
from tests.faults.stacks import SERVERS, Stack, stack
from tests.product import ROOT, parent_of, wait_until

DEAFNESS = ROOT / "tests" / "faults" / "deafness"
WORD = "no message came although work waits"
pytestmark = pytest.mark.timeout(400)  # the first test also sets the product up


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A started product whose workers go deaf once a file says so."""
    with stack(SERVERS, tmp_path_factory.mktemp("stack") / "product") as made:
        made.product.environment |= {"PYTHONPATH": str(DEAFNESS), "PROPIS_TRAINING_PROCESSES": "1"}
        recipes.prepare(made.product)
        made.product.start()
        yield made


def test_a_child_killed_before_it_accepts_a_message_costs_no_place(made: Stack, undisturbed: Undisturbed) -> None:
    product, broker = made.product, made.redis
    assert broker is not None
    key = recipes.queue(product)
    recipes.wait_for_end(product, [key])
    child = int(recipes.run_of(product, key)["worker"].rpartition(":")[2])
    worker, told = parent_of(child), product.output().count(WORD)
    os.kill(child, signal.SIGSTOP)
    with redis.Redis.from_url(broker.url) as client:
        key = recipes.queue(product)
        wait_until(lambda: client.llen("training"))  # the first one is the child's, and no place is left for the next
    os.kill(child, signal.SIGKILL)

    recipes.wait_for_end(product, [key])

    recipes.assert_like_undisturbed(product, key, undisturbed.weights_sha256)
    assert parent_of(worker), "its worker was started anew"
    assert product.output().count(WORD) == told


def test_workers_that_hear_nothing_are_started_anew(made: Stack, undisturbed: Undisturbed) -> None:
    product = made.product
    before, told = {*product.named(" worker ")}, product.output().count(WORD)
    (product.var / "deaf").touch()

    key = recipes.queue(product)

    wait_until(lambda: product.output().count(WORD) == told + 2, seconds=60)  # that of trainings, and that of the rest
    recipes.wait_for_end(product, [key])
    recipes.assert_like_undisturbed(product, key, undisturbed.weights_sha256)
    assert not before & {*product.named(" worker ")}
    assert recipes.run_of(product, key)["attempt"] == 1
