"""How a job learns that its worker was told to stop."""

import os
import threading
from typing import Any

from celery.signals import worker_init, worker_shutting_down

_told = threading.Event()
_is_worker = False


def connect() -> None:
    """Listen to Celery's signals; nothing happens outside a worker."""
    worker_init.connect(_begin, weak=False, dispatch_uid="propis-shutdown-begin")
    worker_shutting_down.connect(_hear, weak=False, dispatch_uid="propis-shutdown-hear")


def _begin(**_kwargs: Any) -> None:
    global _is_worker  # (a process becomes a worker once)
    _is_worker = True


def _hear(**_kwargs: Any) -> None:
    _told.set()


def is_shutting_down() -> bool:
    """Whether this process is to stop: its worker was told to, or its main thread has ended."""
    return _told.is_set() or not threading.main_thread().is_alive()


def wait_for_shutdown(seconds: float) -> bool:
    """Wait this many seconds, or until this process is to stop; return whether it is."""
    _told.wait(seconds)
    return is_shutting_down()


def end_worker() -> None:
    """End this process at once where it is a worker's, which is then started again; elsewhere do nothing.

    For one that cannot be trusted any more: where memory ran out, the next job finds a fresh process.
    """
    if _is_worker:
        os._exit(1)
