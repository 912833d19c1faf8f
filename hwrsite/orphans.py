"""A process whose parent was killed must not stay, out of the supervisor's reach.

A web process would hold the port; a worker's child would wait for ever for work that nobody hands out. On Linux Celery
has the kernel kill the children of a dead worker, but for those that it had just forked; elsewhere nobody does.

Whose child a process is must have been noted before it was forked or started: a parent that dies while the child is
still beginning is replaced by another one at once.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable

from training.jobs import shutdown

LOOK_SECONDS = 1.0
WEB_GRACE_SECONDS = 5.0
WORKER_GRACE_SECONDS = 15.0


def end_with_parent() -> None:
    """Watch, in a thread of its own, whether the process that started this one still lives; end when it does not."""
    started_by = multiprocessing.parent_process()
    parent = os.getppid() if started_by is None else started_by.pid
    _start(lambda: os.getppid() != parent, _end_web)


def end_with_worker() -> None:
    """The same for a child of a worker; its job sees by itself that it is to be given back (training.jobs.shutdown)."""
    _start(shutdown.is_orphan, _end_worker)


def _start(is_orphan: Callable[[], bool], end: Callable[[], None]) -> None:
    threading.Thread(target=_watch, args=(is_orphan, end), name="end-with-parent", daemon=True).start()


def _watch(is_orphan: Callable[[], bool], end: Callable[[], None]) -> None:
    while not is_orphan():
        time.sleep(LOOK_SECONDS)
    end()


def _end_web() -> None:
    os.kill(os.getpid(), signal.SIGTERM)  # what is being answered may be answered yet
    time.sleep(WEB_GRACE_SECONDS)
    os._exit(1)


def _end_worker() -> None:
    time.sleep(WORKER_GRACE_SECONDS)
    os._exit(1)
