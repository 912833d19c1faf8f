"""A program under the supervisor: it shows that it lives, and ends when its supervisor is gone.

Both go through one pair of sockets, which works wherever Python does, and whatever the program is. A process becomes a
program by `become`: one that the supervisor forked, or `python -m hwrsite.processes.attached` with the program in its
environment.
"""

import os
import runpy
import signal
import socket
import sys
import threading
import time

from setproctitle import setproctitle

from hwrsite.processes.politeness import be_nice
from hwrsite.processes.program import Program

PROGRAM = "SUPERVISED_PROGRAM"
SOCKET = "SUPERVISOR_SOCKET"
PULSE_SECONDS = 1.0
GRACE_SECONDS = 15.0
"""How long a program may finish what it is doing (a worker gives its job back) once its supervisor is gone."""


def become(program: Program, supervisor: socket.socket) -> None:
    """Attach this process to its supervisor, and run the program in it."""
    setproctitle(f"propis: {program.name}")
    be_nice(program.nice)
    supervisor.set_inheritable(False)
    supervisor.settimeout(PULSE_SECONDS)
    threading.Thread(target=_live, args=(supervisor,), name="attached", daemon=True).start()
    sys.argv[:] = program.words
    runpy.run_module(program.words[0], run_name="__main__", alter_sys=True)


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
    program = Program.from_json(os.environ.pop(PROGRAM))
    become(program, socket.socket(fileno=int(os.environ.pop(SOCKET))))
