"""A process whose parent was killed must not stay, out of the supervisor's reach.

A web process would hold the port; a worker's idle child would wait for ever for work that nobody hands out.
"""

import os
import signal
import threading
import time
from collections.abc import Callable

LOOK_SECONDS = 1.0
WEB_GRACE_SECONDS = 5.0
WORKER_GRACE_SECONDS = 15.0


def end_with_parent() -> None:
    """Watch, in a thread of its own, whether the process that started this one still lives; end when it does not."""
    _start(_end_web)


def end_with_worker() -> None:
    """The same for a child of a worker; its job sees by itself that it is to be given back (training.jobs.shutdown)."""
    _start(_end_worker)


def _start(end: Callable[[], None]) -> None:
    threading.Thread(target=_watch, args=(os.getppid(), end), name="end-with-parent", daemon=True).start()


def _watch(parent: int, end: Callable[[], None]) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    end()


def _end_web() -> None:
    os.kill(os.getpid(), signal.SIGTERM)  # what is being answered may be answered yet
    time.sleep(WEB_GRACE_SECONDS)
    os._exit(1)


def _end_worker() -> None:
    time.sleep(WORKER_GRACE_SECONDS)
    os._exit(1)
