"""What timing itself adds to a call: `time_each` around a function that does nothing, against calling it in a loop."""

import statistics
import time

from benchmarks.harness import BenchmarkReport, Figure
from benchmarks.reading import machine
from recognizer.core.timing import time_each

CALLS, ROUNDS, FULL_ROUNDS = 100_000, 15, 101
MOST_MICROSECONDS = 1.0


class TimingBenchmark:
    """The cost of one reading of the clock, with what is kept of it."""

    name = "timing"
    cores: int | None = 1

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Call in turns, timed and bare; every other round in the other order."""
        timed, bare = list[float](), list[float]()
        for number in range(FULL_ROUNDS if full else ROUNDS):
            for measure, into in ((_timed, timed), (_bare, bare))[:: 1 if number % 2 else -1]:
                into.append(measure())
        return report(timed, bare)


def report(timed: list[float], bare: list[float]) -> BenchmarkReport:
    """What is added to a call, by the medians."""
    medians = [1e6 * statistics.median(seconds) / CALLS for seconds in (timed, bare)]
    figures = [Figure("added by timing, a call", medians[0] - medians[1], "µs", MOST_MICROSECONDS)]
    rows = [
        (what, f"{median:.4f}", f"{1e6 * min(seconds) / CALLS:.4f}", f"{1e6 * max(seconds) / CALLS:.4f}")
        for what, median, seconds in zip(("timed", "bare"), medians, (timed, bare), strict=True)
    ]
    title = f"{CALLS:,} calls of a function that does nothing, each timed, and in a bare loop"
    return BenchmarkReport("timing", title, machine(), figures, ("calls", "median µs", "least µs", "most µs"), rows)


def _nothing(_argument: None) -> None:
    """Do nothing."""


def _timed() -> float:
    began = time.perf_counter()
    time_each(_nothing, [None] * CALLS)
    return time.perf_counter() - began


def _bare() -> float:
    began = time.perf_counter()
    for argument in [None] * CALLS:
        _nothing(argument)
    return time.perf_counter() - began
