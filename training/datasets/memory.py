"""How Python and the C library deal with memory while an archive is imported or looked at."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

COLLECTED_AT = 200_000
"""New objects after which the garbage collector looks."""
KEPT_BYTES = 2**25 - 2**16
"""Blocks up to this size are kept when they are freed; glibc takes no larger number."""


class _Patience:
    """The collector's usual thresholds, and how many threads at once want it to wait."""

    def __init__(self) -> None:
        """Nobody yet."""
        self._lock = threading.Lock()
        self._wanted = 0
        self._usual = gc.get_threshold()

    def begin(self) -> None:
        """Be one more."""
        with self._lock:
            if not self._wanted:
                self._usual = gc.get_threshold()
                gc.set_threshold(COLLECTED_AT, 10, 10)
            self._wanted += 1

    def end(self) -> None:
        """Be one less."""
        with self._lock:
            self._wanted -= 1
            if not self._wanted:
                gc.set_threshold(*self._usual)


_patience = _Patience()


@contextmanager
def unhurried() -> Iterator[None]:
    """Look for garbage seldom, and let glibc keep what was freed.

    The many objects of an archive stay until its end, so that looking at them took a sixth of the time; new pages for
    the arrays of each batch took as much.
    """
    np.empty(KEPT_BYTES, dtype=np.uint8)  # never touched: freeing a block tells glibc that such blocks come and go
    _patience.begin()
    try:
        yield
    finally:
        _patience.end()
