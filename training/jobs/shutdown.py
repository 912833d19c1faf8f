"""How a working process learns that its worker was told to stop.

Celery's prefork children do not get `worker_shutting_down`: the parent sets an event that it shares with them.
A parent that is killed sets nothing; its children see that they have another parent, and stop as well: nobody would
stop them later.
"""

import multiprocessing
import os
from multiprocessing.synchronize import Event
from typing import Any

from celery.signals import worker_init, worker_shutting_down

_event: Event | None = None
_worker: int | None = None


def _create(**_kwargs: Any) -> None:
    """Make the event before the worker forks, and note who the worker is."""
    global _event, _worker  # (one for each worker, shared with its children by fork)
    _event = multiprocessing.get_context("fork").Event()
    _worker = os.getpid()


def _announce(**_kwargs: Any) -> None:
    if _event is not None:
        _event.set()


def connect() -> None:
    """Listen to Celery's signals; nothing happens outside a worker."""
    worker_init.connect(_create, weak=False, dispatch_uid="propis-shutdown-create")
    worker_shutting_down.connect(_announce, weak=False, dispatch_uid="propis-shutdown-announce")


def is_shutting_down() -> bool:
    """Whether this process's worker was told to stop, or is no more."""
    return (_event is not None and _event.is_set()) or _is_orphan()


def _is_orphan() -> bool:
    return _worker is not None and _worker not in (os.getppid(), os.getpid())
