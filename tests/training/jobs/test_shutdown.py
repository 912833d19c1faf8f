"""A worker's children learn of its shutdown through a byte that they share with it."""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest
from celery.signals import worker_init, worker_shutting_down

from training.jobs import shutdown


@pytest.fixture(autouse=True)
def _outside_a_worker() -> Iterator[None]:
    """Leave this process as one that is no worker."""
    yield
    shutdown._told = shutdown._worker = None


def test_outside_a_worker_nobody_is_told_to_stop() -> None:
    worker_shutting_down.send(sender=None)
    assert not shutdown.is_shutting_down()


def test_a_child_of_the_worker_is_told() -> None:
    worker_init.send(sender=None)
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    go_on = context.Event()

    def child() -> None:
        answers.put(shutdown.is_shutting_down())
        go_on.wait(5)
        answers.put(shutdown.is_shutting_down())

    process = context.Process(target=child)
    process.start()
    assert answers.get() is False
    worker_shutting_down.send(sender=None)
    go_on.set()
    assert answers.get() is True
    process.join()


def test_a_child_whose_worker_was_killed_stops() -> None:
    context = multiprocessing.get_context("fork")
    answers, pids = context.SimpleQueue(), context.SimpleQueue()
    killed = context.Event()

    def child() -> None:
        answers.put(shutdown.is_shutting_down())
        killed.wait(5)
        answers.put(shutdown.is_shutting_down())

    def worker() -> None:
        worker_init.send(sender=None)
        assert not shutdown.is_shutting_down()
        pids.put(os.fork() or _then(child))
        time.sleep(20)

    process = context.Process(target=worker)
    process.start()
    assert pids.get() > 0
    assert answers.get() is False
    process.kill()
    process.join()
    killed.set()
    assert answers.get() is True


def _then(child: Callable[[], None]) -> NoReturn:
    """Do the child's work in a forked process, and end it."""
    child()
    os._exit(0)
