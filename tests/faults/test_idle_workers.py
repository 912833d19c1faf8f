"""Workers that are killed while they are idle, hang, hear nothing, or are sent what nobody can read: work goes on."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis

from tests.faults import recipes
from tests.faults.conftest import Undisturbed
from tests.faults.stacks import EMBEDDED, SERVERS, Stack, stack
from tests.product import ROOT, Product, parent_of, wait_until

DEAFNESS = ROOT / "tests" / "faults" / "deafness"
NOT_READ = (b"", b"not JSON", b"\xff", b"[]", b"{}", b'{"body": "x", "properties": {}, "headers": {"task": "none"}}')
pytestmark = pytest.mark.processor_seconds(300)  # the first test also prepares the product


@pytest.fixture(scope="module", params=[EMBEDDED, SERVERS])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A product at work with one worker for trainings; those on Redis go deaf once a file says so."""
    with ExitStack() as left:
        made = left.enter_context(stack(request.param, tmp_path_factory.mktemp("stack") / "product"))
        made.product.environment |= {"PROPIS_TRAINING_PROCESSES": "1"}
        if made.redis is not None:
            made.product.environment |= {"PYTHONPATH": str(DEAFNESS)}
        made.product.work("--queues", "training")
        yield made


def idle_worker(product: Product) -> int:
    """The worker for trainings, once it has begun to listen and has nothing to do."""
    recipes.wait_for_end(product, [recipes.queue(product, epochs=1)])  # by the one that runs, not one just killed
    [pid] = wait_until(lambda: product.named("worker-training"))
    return pid


def assert_done(product: Product, key: int, undisturbed: Undisturbed, *, attempts: int = 1) -> None:
    """A run ends as if nothing had been."""
    recipes.wait_for_end(product, [key])
    recipes.assert_like_undisturbed(product, key, undisturbed.weights_sha256)
    assert recipes.run_of(product, key)["attempt"] == attempts


def test_a_worker_that_is_killed_while_idle_is_replaced(made: Stack, undisturbed: Undisturbed) -> None:
    os.kill(idle_worker(made.product), signal.SIGKILL)
    assert_done(made.product, recipes.queue(made.product), undisturbed)


def test_a_worker_that_hangs_while_idle_is_replaced(made: Stack, undisturbed: Undisturbed) -> None:
    pid = idle_worker(made.product)
    os.kill(pid, signal.SIGSTOP)
    assert_done(made.product, recipes.queue(made.product), undisturbed)
    assert not parent_of(pid)


def test_a_worker_that_hangs_at_work_is_replaced_and_its_run_goes_on(made: Stack, undisturbed: Undisturbed) -> None:
    key = recipes.queue(made.product)
    recipes.wait_for_epoch(made.product, key)
    pid = int(recipes.run_of(made.product, key)["worker"].rpartition(":")[2])
    os.kill(pid, signal.SIGSTOP)
    assert_done(made.product, key, undisturbed, attempts=2)
    assert not parent_of(pid)


def test_what_nobody_can_read_is_skipped_and_logged(made: Stack, undisturbed: Undisturbed) -> None:
    before, told = idle_worker(made.product), made.product.output().count("cannot be read; it is skipped")
    for number, content in enumerate(NOT_READ):
        if made.redis is None:
            Path(made.product.var, "queue", "messages", f"0_{number}.training.msg").write_bytes(content)
        else:
            with redis.Redis.from_url(made.redis.url) as client:
                client.lpush("training", content)
    wait_until(lambda: made.product.output().count("cannot be read; it is skipped") >= told + len(NOT_READ) - 1)
    assert_done(made.product, recipes.queue(made.product), undisturbed)
    assert made.product.named("worker-training") == [before]


def test_workers_that_hear_nothing_find_work_by_themselves(made: Stack, undisturbed: Undisturbed) -> None:
    if made.redis is None:
        pytest.skip("nothing is heard from files: they are looked at")
    pid = idle_worker(made.product)
    deaf = made.product.var / "deaf"
    deaf.touch()
    assert_done(made.product, recipes.queue(made.product), undisturbed)
    assert made.product.named("worker-training") == [pid]
    deaf.unlink()
    os.kill(pid, signal.SIGKILL)  # other tests need a worker that hears
