"""How the supervisor starts a program: by a fork of itself, where it has loaded what programs need, else on its own.

A fork has all modules at once, and its memory is the supervisor's until one of them writes to it.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence

from hwrsite.processes.attached import PROGRAM, SOCKET
from hwrsite.processes.program import Program

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""By which the supervisor is told to stop."""


class Forked(BaseException):
    """This process is the fork: it leaves all that the supervisor was doing, and becomes the program."""

    def __init__(self, program: Program, supervisor: socket.socket) -> None:
        """Keep what `become` needs."""
        self.program, self.supervisor = program, supervisor


class Fork:
    """A child of the supervisor, with the few words of `subprocess.Popen` that it needs."""

    def __init__(self, pid: int) -> None:
        """Take a child that runs."""
        self.pid, self.returncode = pid, None

    pid: int
    returncode: int | None

    def poll(self) -> int | None:
        """How it ended, as `Popen` says it; None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def terminate(self) -> None:
        """Tell it to stop, where it still runs."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)


Process = Fork | subprocess.Popen[bytes]


def fork(program: Program, *, theirs: socket.socket, others: Sequence[socket.socket]) -> Fork:
    """Fork; `others` are the supervisor's ends, which tell its end to programs because nobody else holds them.

    Raises:
        Forked: in the child.

    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        if pid := os.fork():
            return Fork(pid)
        os.setsid()
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
                signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
        for each in others:
            each.close()
        raise Forked(program, theirs.dup())
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def launch(program: Program, *, theirs: socket.socket, passed: Sequence[int]) -> subprocess.Popen[bytes]:
    """Start an interpreter of its own, which gets these open files as well."""
    return subprocess.Popen(
        [sys.executable, "-m", "hwrsite.processes.attached"],
        env=os.environ | {PROGRAM: program.to_json(), SOCKET: str(theirs.fileno())},
        pass_fds=[theirs.fileno(), *passed],
        start_new_session=True,  # Ctrl-C is for the supervisor, and the group can be killed as a whole
    )
