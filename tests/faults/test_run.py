"""A training whose worker is killed, stopped, or never told: it ends with the same bits as an undisturbed one."""

import os
import signal
from collections.abc import Iterator

import pytest

from tests.faults import recipes
from tests.faults.conftest import Undisturbed
from tests.product import Product, wait_until

pytestmark = pytest.mark.processor_seconds(600)  # the first test also sets up the product that both share
HEARTBEAT_SECONDS = 1
LOSE_THE_MESSAGE = "from training.jobs.lifecycle import waking; waking.wake = lambda kind: None"


@pytest.fixture(scope="module")
def started(undisturbed: Undisturbed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, str]]:
    """A product at work that notices a lost worker quickly, and what a run of it ends with."""
    product = undisturbed.copy(tmp_path_factory.mktemp("product"))
    product.environment["PROPIS_HEARTBEAT_SECONDS"] = str(HEARTBEAT_SECONDS)
    product.work("--queues", "training")
    yield product, undisturbed.weights_sha256
    product.kill()


def wait_for_attempt(product: Product, key: int, *, attempt: int, after: int) -> None:
    """Wait until this attempt (or a later one) is training a run, some epochs after that one."""

    def is_in_the_middle() -> bool:
        run = recipes.run_of(product, key)
        return bool(run["state"] == "running" and run["attempt"] >= attempt and run["epoch"] > after + 5)

    wait_until(is_in_the_middle)
    assert recipes.run_of(product, key)["epoch"] < recipes.EPOCHS - 20, "it went too fast to be disturbed"


def test_killed_twice_and_stopped_once_it_ends_with_the_same_bits(started: tuple[Product, str]) -> None:
    product, weights = started
    key = recipes.queue(product)
    attempt, epoch = 1, 0
    for _kill in range(2):
        wait_for_attempt(product, key, attempt=attempt, after=epoch)
        run = recipes.run_of(product, key)
        os.kill(int(run["worker"].rpartition(":")[2]), signal.SIGKILL)
        attempt, epoch = run["attempt"] + 1, run["epoch"]

    wait_for_attempt(product, key, attempt=attempt, after=epoch)
    product.stop()
    stopped = recipes.run_of(product, key)
    assert (stopped["state"], stopped["heartbeat_at"]) == ("queued", None)
    assert stopped["epoch"] < recipes.EPOCHS

    product.work("--queues", "training")
    recipes.wait_for_end(product, [key])
    recipes.assert_like_undisturbed(product, key, weights)
    assert recipes.run_of(product, key)["attempt"] >= 4
    wait_until(lambda: not any((product.var / "checkpoints").iterdir()))


def test_a_message_that_is_lost_is_sent_again(started: tuple[Product, str]) -> None:
    product, _weights = started
    key = recipes.queue(product, LOSE_THE_MESSAGE, epochs=2)
    wait_until(lambda: recipes.run_of(product, key)["state"] == "succeeded")
    assert recipes.run_of(product, key)["attempt"] == 1
