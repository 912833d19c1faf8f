"""The supervisor: keeps the programs of the product, and takes all of them along when it ends.

It is plain Python and has little that can fail. A program that dies is started again, and so is one that shows no life
(`attached`); what they leave of their children is killed. On SIGTERM, SIGINT (Ctrl-C) and SIGHUP (a closed terminal)
all are told to stop and end within `STOP_SECONDS`. Before it starts them it loads what they need, and then they are
forks of it (`launching`).
"""

import gc
import importlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

from hwrsite.processes.attached import become
from hwrsite.processes.launching import SIGNALS, Forked, Process, fork, launch
from hwrsite.processes.program import Program

LOOK_SECONDS = 0.2
STOP_SECONDS = 20.0
"""So long a worker has to give its job back."""
STEADY_SECONDS = 5.0
"""Who lives as long is started again at once; who does not waits a second longer each time."""
LONGEST_WAIT_SECONDS = 10.0
PROGRAMS = "SUPERVISED_PROGRAMS"
"""The variable that hands the programs to this process: on its command line it would look like each of them."""


class House:
    """What all programs share.

    Attributes:
        silent_seconds: after which a program that shows no life is killed.

    """

    def __init__(self, *, silent_seconds: float, lock: int | None, loads: Sequence[str]) -> None:
        """Load modules for the programs to have; `lock` is a file that stays open while a program is there."""
        self.silent_seconds = silent_seconds
        self._lock, self._forks, self._held = lock, bool(loads), list[socket.socket]()
        for name in loads:
            importlib.import_module(name)
        gc.collect()
        gc.freeze()  # the collector writes to no memory that the forks share

    def start(self, program: Program, *, theirs: socket.socket, ours: socket.socket) -> Process:
        """Start a program at the other end of a pair of sockets."""
        self._held.append(ours)
        if self._forks:
            return fork(program, theirs=theirs, others=self._held)
        return launch(program, theirs=theirs, passed=[*program.descriptors, *filter(None, [self._lock])])

    def forget(self, ours: socket.socket) -> None:
        """Close our end of a program that is no more."""
        self._held.remove(ours)
        ours.close()


class Kept:
    """A program and its process."""

    def __init__(self, program: Program, house: House) -> None:
        """Start it."""
        self._program, self._house = program, house
        self._quick_ends = 0
        self._start()

    def _start(self) -> None:
        self._held, theirs = socket.socketpair()
        self._held.setblocking(False)
        with theirs:
            self.process = self._house.start(self._program, theirs=theirs, ours=self._held)
        self._began, self._silent_looks = time.monotonic(), 0
        self._due: float | None = None

    def look(self) -> None:
        """Kill it where it shows no life; start it again where it has ended."""
        if self.process.poll() is None:
            self._silent_looks = 0 if self._shows_life() else self._silent_looks + 1
            if self._silent_looks * LOOK_SECONDS > self._house.silent_seconds:
                _say(f"{self._program.name} ({self.process.pid}) shows no life: it is killed and started again")
                self.kill()
        elif self._may_start():
            self.kill()  # what its children are still doing
            self._house.forget(self._held)
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


def keep(programs: Sequence[Program], house: House, told: Sequence[int]) -> None:
    """Keep these programs running until this process is told to stop."""
    kept = [] if told else [Kept(program, house) for program in programs]
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
    """Keep what `supervision.run` hands over; a fork comes back here, to become its program."""
    told: list[int] = []
    for number in SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            signal.signal(number, lambda number, _frame: told.append(number))
    given = json.loads(os.environ.pop(PROGRAMS))
    programs = [Program(**each) for each in given.pop("programs")]
    try:
        keep(programs, House(**given), told)
    except Forked as fork:
        become(fork.program, fork.supervisor)


if __name__ == "__main__":
    main()
