"""A child ends after its parent, also where that died before the child looked."""

import multiprocessing
import os
import time
from collections.abc import Callable
from multiprocessing.context import ForkContext
from pathlib import Path

import pytest
from celery.signals import worker_init

from hwrsite import orphans
from tests.product import wait_until
from training.jobs import shutdown

BEGINS_AFTER_SECONDS = 1.0
Watch = Callable[[], None]


def _watched(watch: Watch, pids: "multiprocessing.SimpleQueue[int]") -> None:
    """A child that begins to watch late, and would live for a minute."""
    pids.put(os.getpid())
    time.sleep(BEGINS_AFTER_SECONDS)
    watch()
    time.sleep(60)


def _parent(context: ForkContext, watch: Watch, pids: "multiprocessing.SimpleQueue[int]") -> None:
    worker_init.send(sender=None)
    child = context.Process(target=_watched, args=(watch, pids))
    child.start()
    child.join()


def _runs(pid: int) -> bool:
    """Whether a process is there and has not ended (init may be slow to take its leavings away)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.mark.parametrize("killed_after", [0.0, BEGINS_AFTER_SECONDS + 0.5], ids=["before it watches", "later"])
@pytest.mark.parametrize(
    "watch", [orphans.end_with_worker, orphans.end_with_parent], ids=["of a worker", "of a server"]
)
def test_a_child_ends_after_its_parent(watch: Watch, killed_after: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orphans, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(orphans, "WORKER_GRACE_SECONDS", 0.1)
    context = multiprocessing.get_context("fork")
    pids = context.SimpleQueue()
    parent = context.Process(target=_parent, args=(context, watch, pids))
    parent.start()
    child = pids.get()
    assert _runs(child)
    time.sleep(killed_after)
    parent.kill()
    parent.join()
    assert _runs(child) or killed_after
    wait_until(lambda: not _runs(child), seconds=10)
    assert shutdown._worker is None  # this process itself became no worker
