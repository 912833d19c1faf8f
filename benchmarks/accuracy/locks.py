"""Work that several processes share: a lock that is released however they end, and a round that waits for others."""

import fcntl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

PATIENCE = 5.0
"""Seconds between two looks at what another process does."""

Piece = TypeVar("Piece")


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Whether this process alone has the lock; False only where another one has it and is not waited for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def all_done(pieces: Sequence[Piece], done: Callable[[Piece], bool]) -> None:
    """Go round until all pieces are done. `done` does one, or says False while another process is at it."""
    waiting = list(pieces)
    while waiting:
        left = [piece for piece in waiting if not done(piece)]
        if len(left) == len(waiting):
            time.sleep(PATIENCE)
        waiting = left
