"""A worker is told to stop by Celery's signal, or by the end of its main thread."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from celery.signals import worker_init, worker_shutting_down

from tests.product import ROOT
from training.jobs.worker import shutdown


@pytest.fixture(autouse=True)
def _outside_a_worker() -> Iterator[None]:
    """Leave this process as one that is no worker."""
    yield
    shutdown._told.clear()
    shutdown._is_worker = False


def test_a_worker_is_told() -> None:
    assert not shutdown.is_shutting_down()
    worker_shutting_down.send(sender=None)
    assert shutdown.is_shutting_down()
    assert shutdown.wait_for_shutdown(60)


def test_who_waits_for_it_hears_at_once() -> None:
    heard: list[bool] = []
    thread = threading.Thread(target=lambda: heard.append(shutdown.wait_for_shutdown(60)))
    thread.start()
    worker_shutting_down.send(sender=None)
    thread.join(10)
    assert heard == [True]


LATE = """
import threading
from training.jobs.worker import shutdown

def look():
    while not shutdown.wait_for_shutdown(0.05):
        pass
    print("seen")

threading.Thread(target=look).start()
"""


def test_a_thread_of_work_ends_with_the_main_thread() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LATE], cwd=ROOT, capture_output=True, text=True, timeout=900, check=True
    )
    assert done.stdout == "seen\n"


def test_only_a_worker_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    shutdown.end_worker()
    assert ended == []
    worker_init.send(sender=None)
    shutdown.end_worker()
    assert ended == [1]
