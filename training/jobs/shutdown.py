"""How a working process learns that its worker was told to stop.

Celery's prefork children do not get `worker_shutting_down`: the parent sets a byte that it shares with them. It is no
`multiprocessing.Event`: a child that is killed while it asks one keeps its lock, and all others wait for it for ever.
A parent that is killed sets nothing; its children see that they have another parent, and stop as well: nobody would
stop them later.
"""

import mmap
import os
from typing import Any

from celery.signals import worker_init, worker_shutting_down

_told: mmap.mmap | None = None
_worker: int | None = None


def _create(**_kwargs: Any) -> None:
    """Make the byte before the worker forks, and note who the worker is."""
    global _told, _worker  # (one for each worker, shared with its children by fork)
    _told = mmap.mmap(-1, 1)
    _worker = os.getpid()


def _announce(**_kwargs: Any) -> None:
    if _told is not None:
        _told[0] = 1


def connect() -> None:
    """Listen to Celery's signals; nothing happens outside a worker."""
    worker_init.connect(_create, weak=False, dispatch_uid="propis-shutdown-create")
    worker_shutting_down.connect(_announce, weak=False, dispatch_uid="propis-shutdown-announce")


def is_shutting_down() -> bool:
    """Whether this process's worker was told to stop, or is no more."""
    return (_told is not None and _told[0] == 1) or is_orphan()


def is_orphan() -> bool:
    """Whether this process was forked by a worker that is no more; False in the worker itself, and outside one."""
    return _worker is not None and _worker not in (os.getppid(), os.getpid())


def end_child_of_worker() -> None:
    """End this process at once where it is a worker's child, which is then replaced; elsewhere do nothing.

    For a child that cannot be trusted any more: one without memory may not even be able to say that its task is over,
    and its worker would wait for it.
    """
    if _worker is not None and _worker == os.getppid():
        os._exit(1)
