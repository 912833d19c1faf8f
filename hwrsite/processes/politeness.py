"""Leaving the processor to others: what computes for minutes waits for what somebody waits for."""

import os
from contextlib import suppress
from pathlib import Path

GROUP = Path("/proc/self/autogroup")


def be_nice(much: int) -> None:
    """Be nicer by so much, as a process and as a session.

    Linux may share the processors out among sessions first (sched(7), "the autogroup feature"), and then a process is
    nice to its own session alone, in which nobody else is.
    """
    if much:
        os.nice(much)
        with suppress(OSError):
            GROUP.write_text(str(much), encoding="ascii")
