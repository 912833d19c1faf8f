"""A web process whose server was killed must not stay: it would hold the port, out of the supervisor's reach."""

import os
import signal
import threading
import time

LOOK_SECONDS = 1.0
GRACE_SECONDS = 5.0


def end_with_parent() -> None:
    """Watch, in a thread of its own, whether the process that started this one still lives; end when it does not."""
    threading.Thread(target=_watch, args=(os.getppid(),), name="end-with-parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)  # what is being answered may be answered yet
    time.sleep(GRACE_SECONDS)
    os._exit(1)
