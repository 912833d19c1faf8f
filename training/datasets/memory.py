"""How Python and the C library deal with memory while an archive is imported."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

COLLECTED_AT = 200_000
"""New objects after which the garbage collector looks."""
KEPT_BYTES = 2**25 - 2**16
"""Blocks up to this size are kept when they are freed; glibc takes no larger number."""


@contextmanager
def unhurried() -> Iterator[None]:
    """Look for garbage seldom, and let glibc keep what was freed.

    The many objects of an archive stay until its end, so that looking at them took a sixth of the time; new pages for
    the arrays of each batch took as much.
    """
    np.empty(KEPT_BYTES, dtype=np.uint8)  # never touched: freeing a block tells glibc that such blocks come and go
    usual = gc.get_threshold()
    gc.set_threshold(COLLECTED_AT, 10, 10)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
