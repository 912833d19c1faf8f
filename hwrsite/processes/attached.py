"""A program under the supervisor: it shows that it lives, and ends when its supervisor is gone.

    python -m hwrsite.processes.attached celery -A hwrsite worker

runs `python -m celery -A hwrsite worker` like this. Both go through one pair of sockets, which works wherever
Python does, and whatever the program is.
"""

import os
import runpy
import signal
import socket
import sys
import threading
import time

SOCKET = "SUPERVISOR_SOCKET"
PULSE_SECONDS = 1.0
GRACE_SECONDS = 15.0
"""How long a program may finish what it is doing (a worker gives its job back) once its supervisor is gone."""


def main() -> None:
    """Attach this process to its supervisor, and become the module that the command line names."""
    supervisor = socket.socket(fileno=int(os.environ.pop(SOCKET)))
    supervisor.set_inheritable(False)
    supervisor.settimeout(PULSE_SECONDS)
    threading.Thread(target=_live, args=(supervisor,), name="attached", daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _live(supervisor: socket.socket) -> None:
    while _is_held(supervisor):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(0, signal.SIGKILL)  # the group is ours alone, so that our children end as well


def _is_held(supervisor: socket.socket) -> bool:
    """Show that this process lives, and wait a pulse for the end of its supervisor, who never says anything."""
    try:
        supervisor.send(b".")
        return bool(supervisor.recv(1))
    except TimeoutError:
        return True
    except OSError:
        return False


if __name__ == "__main__":
    main()
