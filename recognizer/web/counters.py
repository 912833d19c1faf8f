"""How often an address may ask: counted by all processes of this machine together, in a file that they share as memory.

Nothing here waits for another process or a server, so that limits cannot stop what they protect; where the file cannot
be had, everything is allowed. Two processes that count the same address at the same instant may count it once.
"""

import hashlib
import mmap
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SLOTS = 1 << 16
PROBES = 16
"""Slots that a key may be in. Where others are in all of them, who would be forgotten soonest anyway makes room."""
WORD = 8
MOST_AT_ONCE = 1_000
"""What one request may count for at most."""


@dataclass(frozen=True)
class Rate:
    """A number of requests in a period of seconds, all at once or evenly spread."""

    count: int
    seconds: float


class Counters:
    """When each key will have been as good as never seen, in a table shared by processes.

    A key's time moves on by a share of its period with each request (the leaky bucket, also called GCRA); it may be
    ahead of the clock by one period, and by more only where one request counts for many.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        """Open the table, or make it."""
        self._clock = clock
        self._lock = threading.Lock()
        memory = _shared(path, 2 * SLOTS * WORD)
        self._keys: NDArray[np.uint64] = np.frombuffer(memory, np.uint64, SLOTS)
        self._times: NDArray[np.float64] = np.frombuffer(memory, np.float64, SLOTS, SLOTS * WORD)

    def allow(self, key: str, rate: Rate) -> bool:
        """Count one, where one more is allowed."""
        with self._lock:
            now, share = self._clock(), rate.seconds / rate.count
            number, slot, ahead = self._found(key, rate, now)
            if ahead > rate.seconds - share + 1e-9:
                return False
            self._keys[slot], self._times[slot] = number, now + ahead + share
            return True

    def add(self, key: str, rate: Rate, count: int) -> None:
        """Count more for what was allowed already, at most MOST_AT_ONCE: the next one is allowed so much later."""
        with self._lock:
            now = self._clock()
            number, slot, ahead = self._found(key, rate, now)
            share = rate.seconds / rate.count
            self._keys[slot], self._times[slot] = number, now + ahead + share * min(count, MOST_AT_ONCE)

    def seconds_left(self, key: str, rate: Rate) -> float:
        """Seconds after which one more is allowed."""
        with self._lock:
            _number, _slot, ahead = self._found(key, rate, self._clock())
        return max(0.0, ahead - rate.seconds + rate.seconds / rate.count)

    def _found(self, key: str, rate: Rate, now: float) -> tuple[np.uint64, int, float]:
        """The key's number and slot, and how many seconds it is ahead of the clock."""
        number = np.uint64(int.from_bytes(hashlib.blake2b(key.encode(), digest_size=WORD).digest(), "little") | 1)
        slot = self._slot(number)
        ahead = float(self._times[slot]) - now if self._keys[slot] == number else 0.0
        most = rate.seconds + MOST_AT_ONCE * rate.seconds / rate.count
        # Past; or left by a clock that was set back by a restart.
        return number, slot, ahead if 0 <= ahead <= most else 0.0

    def _slot(self, number: np.uint64) -> int:
        """The key's slot, or the one of its slots that is free or will be soonest."""
        slots = (int(number % SLOTS) + np.arange(PROBES)) % SLOTS
        found = np.flatnonzero(self._keys[slots] == number)
        return int(slots[found[0] if len(found) else np.argmin(self._times[slots])])

    def clear(self) -> None:
        """Forget everything."""
        self._keys[:], self._times[:] = 0, 0.0


def _shared(path: Path, size: int) -> mmap.mmap:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if os.fstat(file).st_size != size:
            os.ftruncate(file, size)
        return mmap.mmap(file, size)
    finally:
        os.close(file)
