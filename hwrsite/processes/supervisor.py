"""The supervisor: keeps the programs of the product, and takes all of them along when it ends.

It is plain Python without Django, so that it is small and has little that can fail. A program that dies is started
again, and so is one that shows no life (`attached`); what they leave of their children is killed. On SIGTERM, SIGINT
(Ctrl-C) and SIGHUP (a closed terminal) all are told to stop and end within `STOP_SECONDS`.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

from hwrsite.processes.attached import SOCKET
from hwrsite.processes.program import Program

LOOK_SECONDS = 0.2
STOP_SECONDS = 20.0
"""So long a worker has to give its job back."""
STEADY_SECONDS = 5.0
"""Who lives as long is started again at once; who does not waits a second longer each time."""
LONGEST_WAIT_SECONDS = 10.0
PROGRAMS = "SUPERVISED_PROGRAMS"
"""The variable that hands the programs to this process: on its command line it would look like each of them."""


class Kept:
    """A program and its process."""

    def __init__(self, program: Program, *, silent_seconds: float, lock: int | None) -> None:
        """Start it; `lock` is a file that is to stay open for as long as the process is there."""
        self._program, self._silent_seconds = program, silent_seconds
        self._passed = [*program.descriptors, *([] if lock is None else [lock])]
        self._quick_ends = 0
        self._due: float | None = None
        self._start()

    def _start(self) -> None:
        self._held, theirs = socket.socketpair()
        self._held.setblocking(False)
        with theirs:
            self.process = subprocess.Popen(
                self._program.command,
                env=os.environ | {SOCKET: str(theirs.fileno())},
                pass_fds=[theirs.fileno(), *self._passed],
                start_new_session=True,  # Ctrl-C is for the supervisor, and the group can be killed as a whole
            )
        self._began, self._due, self._silent_looks = time.monotonic(), None, 0

    def look(self) -> None:
        """Kill it where it shows no life; start it again where it has ended."""
        if self.process.poll() is None:
            self._silent_looks = 0 if self._shows_life() else self._silent_looks + 1
            if self._silent_looks * LOOK_SECONDS > self._silent_seconds:
                _say(f"{self._program.name} ({self.process.pid}) shows no life: it is killed and started again")
                self.kill()
        elif self._may_start():
            self.kill()  # what its children are still doing
            self._held.close()
            self._start()

    def _shows_life(self) -> bool:
        """Whether anything was heard since the last look. Looks are counted, for clocks go on while we are stopped."""
        with suppress(BlockingIOError, ConnectionError):
            return bool(self._held.recv(4096))
        return False

    def _may_start(self) -> bool:
        """Note its end, once, and say whether it may be started again."""
        now = time.monotonic()
        if self._due is None:
            self._quick_ends = 0 if now - self._began > STEADY_SECONDS else self._quick_ends + 1
            self._due = now + min(self._quick_ends, LONGEST_WAIT_SECONDS)
            _say(f"{self._program.name} ended with status {self.process.returncode}; it is started again")
        return now >= self._due

    def stop(self) -> None:
        """Tell it to stop."""
        with suppress(ProcessLookupError):
            self.process.terminate()

    def kill(self) -> None:
        """Kill it and all that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def keep(programs: Sequence[Program], *, silent_seconds: float, lock: int | None = None) -> None:
    """Keep these programs running until this process is told to stop."""
    told: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            signal.signal(number, lambda number, _frame: told.append(number))
    kept = [Kept(program, silent_seconds=silent_seconds, lock=lock) for program in programs]
    while not told:
        for each in kept:
            each.look()
        time.sleep(LOOK_SECONDS)
    _stop(kept)


def _stop(kept: Sequence[Kept]) -> None:
    """Tell all to stop at once, and kill what has not ended in time."""
    for each in kept:
        each.stop()
    end = time.monotonic() + STOP_SECONDS
    while any(each.process.poll() is None for each in kept) and time.monotonic() < end:
        time.sleep(LOOK_SECONDS / 4)
    for each in kept:
        each.kill()


def _say(text: str) -> None:
    sys.stderr.write(f"propis: {text}\n")


def main() -> None:
    """Keep what `supervision.run` hands over."""
    given = json.loads(os.environ.pop(PROGRAMS))
    given["programs"] = [Program(**each) for each in given["programs"]]
    keep(**given)


if __name__ == "__main__":
    main()
