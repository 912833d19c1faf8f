"""Timing of a workload, for benchmarks on every device."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Callable, Iterable, List, TypeVar

import numpy as np

T = TypeVar("T")


@dataclass(frozen=True)
class Timing:
    """Seconds that each repeat of a workload took, in their order."""

    seconds: tuple[float, ...]

    @property
    def total(self) -> float:
        """Seconds of all repeats together."""
        return sum(self.seconds)

    @property
    def median(self) -> float:
        """Seconds that half of the repeats did not exceed."""
        return self.percentile(50)

    @property
    def p90(self) -> float:
        """Seconds that nine tenths of the repeats did not exceed."""
        return self.percentile(90)

    @property
    def p99(self) -> float:
        """Seconds that 99 of a hundred repeats did not exceed."""
        return self.percentile(99)

    @property
    def fastest(self) -> float:
        """Seconds of the fastest repeat."""
        return min(self.seconds)

    def percentile(self, percent: float) -> float:
        """Seconds that this share of the repeats did not exceed, interpolated between repeats."""
        return float(np.percentile(self.seconds, percent))

    def as_dict(self) -> dict[str, float]:
        """Repeats and seconds, for JSON."""
        return {
            "repeats": len(self.seconds),
            "total": self.total,
            "fastest": self.fastest,
            "median": self.median,
            "p90": self.p90,
            "p99": self.p99,
        }


def time_workload(function: Callable[[], object], *, repeats: int, warmup: int = 1) -> Timing:
    """Call a function `warmup` times untimed and then `repeats` times, each one timed.

    Raises ValueError when there is nothing to repeat.
    """
    if repeats < 1 or warmup < 0:
        raise ValueError(
            f"A workload is repeated at least once after 0 or more warm-ups, not {repeats} after {warmup}."
        )
    for _ in range(warmup):
        function()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - start)
    return Timing(tuple(seconds))


def time_each(function: Callable[[T], object], arguments: Iterable[T]) -> List[float]:
    """Seconds that each call took, one after the other; where one ends and the next begins, the clock is read once.

    Timing adds less than a microsecond to a call (`python -m benchmarks timing` measures it).
    """
    clock = time.perf_counter
    stamps = [clock()]
    note = stamps.append
    for argument in arguments:
        function(argument)
        note(clock())
    return [after - before for before, after in zip(stamps, stamps[1:])]
