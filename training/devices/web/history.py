"""A device's results over time: each beside those before it, and which became slower than chance explains."""

import statistics
from collections import defaultdict
from dataclasses import dataclass

from training.devices.models import Benchmark, Device
from training.jobs.models import State

SLOWER = 0.05
"""By so much more than the usual time a result must exceed to be marked, beside the spread of both."""
SHOWN = 50
LOOKED_AT = 400
"""The newest results that are compared; older ones count no more."""


@dataclass(frozen=True)
class HistoryLine:
    """A result and how it compares with the median of those before it of the same workload; None for a first one."""

    benchmark: Benchmark
    change: float | None

    @property
    def spread(self) -> float:
        """(Longest − shortest) ÷ median of its repeats."""
        seconds = (self.benchmark.results or {})["seconds"]
        return float((seconds["max"] - seconds["min"]) / seconds["median"])

    @property
    def is_regression(self) -> bool:
        """Whether it is slower than the repeats of a quiet machine explain."""
        return self.change is not None and self.change > SLOWER + self.spread


def of(device: Device) -> list[HistoryLine]:
    """The newest results of a device, newest first."""
    done = device.benchmarks.filter(state=State.SUCCEEDED).select_related("model").order_by("-pk")[:LOOKED_AT]
    before: dict[tuple[object, ...], list[float]] = defaultdict(list)
    found = []
    for each in reversed(list(done)):
        seconds = each.measured_seconds
        if seconds is None:
            continue
        earlier = before[_workload(each)]
        usual = statistics.median(earlier) if earlier else None
        found.append(HistoryLine(each, None if usual is None else seconds / usual - 1))
        if not each.invalid:
            earlier.append(seconds)
    return found[::-1][:SHOWN]


def _workload(benchmark: Benchmark) -> tuple[object, ...]:
    return (
        benchmark.model_id,
        benchmark.precision,
        benchmark.backend,
        benchmark.batch_size,
        bool(benchmark.sustained_seconds),
    )
