"""Timing a network on a fixed workload, in the same way on every device.

Timed is the forward pass with softmax and the choice of the best letter, on inputs that are ready in the number
format of the arithmetic. Making inputs from pictures and loading the model are not in it. First comes a pass that
warms up, then the timed ones; the machine is looked at between them only. Accuracy is counted in a pass of its own
after all timing, by the code that was timed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from recognizer.core.messages import message as _
from recognizer.core.precision import AnyNetwork
from recognizer.core.timing import Timing, time_each
from training.devices.measurement import energy, machine
from training.devices.measurement.arithmetic import Predict, Values, prepared
from training.devices.measurement.workload import (
    POOL,
    THESIS_IMAGES,
    Inputs,
    Labels,
    MeasurementError,
    Workload,
)

Answers = npt.NDArray[np.intp]
Latencies = npt.NDArray[np.float32]
WINDOWS = 30
"""Of a sustained timing: how many parts its course is told in."""
SCORED_AT_ONCE = 100


@dataclass
class Course:
    """What the timed passes took.

    Attributes:
        seconds: of each pass over the images; of a sustained timing, of such a pass on average in each window.
        latencies: seconds of each call, where the images were given one by one.
        total: seconds of all passes together.
        images: read in all passes together.

    """

    seconds: list[float] = field(default_factory=list)
    latencies: list[Latencies] = field(default_factory=list)
    total: float = 0.0
    images: int = 0


def measure(
    network: AnyNetwork,
    inputs: Inputs,
    labels: Labels | None,
    workload: Workload,
    *,
    on_repeat: Callable[[int], None] = lambda done: None,
) -> dict[str, Any]:
    """Time a network on a workload, then score it on every input, once each.

    Args:
        network: what computes.
        inputs: (n, n_in), bytes. Fewer than the workload's images are gone through again; of more, the first are timed.
        labels: (n,) the right class of each, or None if they are unknown.
        workload: what is timed.
        on_repeat: called after each repeat with how many are done (of a sustained timing: windows).

    Returns:
        `workload`, `mode`, `seconds` (of one repeat: median, min, max, p50, p90, all), `spread`, `latency` (seconds of
        one image: p50, p90, p99; None in batches), `seconds_for_10000`, `scaled` (whether that was computed from
        another number of images), `microseconds_per_image`, `slowdown` (sustained: how many times as long the last
        third took as the first; else None), `machine`, `energy`, `accuracy` (or None).

    """
    if len(inputs) == 0:
        raise MeasurementError(_("There are no images to time."))
    predict, pool = prepared(network, workload.precision, inputs[:POOL], workload.backend)
    timed = pool[: min(workload.images, len(pool))]
    parts = [timed[each] for each in _batches(workload.images, workload.batch_size, len(timed))]
    watch, meter = machine.Watch(), energy.Meter()

    def read(part: Values) -> None:
        predict(part).argmax(axis=1)

    def between(done: int) -> None:
        meter.read()
        watch.look()
        on_repeat(done)

    time_each(read, parts[: _warm_up(parts)])
    watch.look()
    meter.read()
    run = _sustained if workload.sustained_seconds else _repeated
    course = run(read, parts, workload, between)
    watch.look()
    used = meter.result(course.total, course.images, lambda: read(parts[0]))
    return {
        "workload": asdict(workload),
        "mode": workload.mode,
        **figures(course.seconds, workload),
        "latency": _latency(course.latencies),
        "slowdown": slowdown(course.seconds) if workload.sustained_seconds else None,
        "machine": watch.as_dict(),
        "energy": used,
        "accuracy": None if labels is None else score(predict, pool, labels[:POOL]),
    }


def figures(seconds: list[float], workload: Workload) -> dict[str, Any]:
    """What follows from the seconds of each repeat: summary, spread, seconds for 10,000 images."""
    timing = Timing(tuple(seconds))
    return {
        "seconds": {
            "median": timing.median,
            "min": timing.fastest,
            "max": max(seconds),
            "p50": timing.percentile(50),
            "p90": timing.p90,
            "all": seconds,
        },
        "spread": (max(seconds) - min(seconds)) / timing.median,
        "seconds_for_10000": timing.median * THESIS_IMAGES / workload.images,
        "scaled": workload.images != THESIS_IMAGES,
        "microseconds_per_image": timing.median / workload.images * 1e6,
    }


def score(predict: Predict, pool: Values, labels: Labels) -> dict[str, Any]:
    """How many of the images are read right, each counted once."""
    parts = _batches(len(pool), SCORED_AT_ONCE, len(pool))
    answers: Answers = np.concatenate([predict(pool[part]).argmax(axis=1) for part in parts])
    correct = int((answers == labels).sum())
    return {"images": len(labels), "correct": correct, "share": correct / len(labels)}


def _repeated(
    read: Callable[[Values], None], parts: list[Values], workload: Workload, between: Callable[[int], None]
) -> Course:
    course = Course()
    for done in range(1, workload.repeats + 1):
        taken = time_each(read, parts)
        course.seconds.append(sum(taken))
        _add(course, taken, workload)
        between(done)
    return course


def _sustained(
    read: Callable[[Values], None], parts: list[Values], workload: Workload, between: Callable[[int], None]
) -> Course:
    """Passes one after the other; each window is as many of them as fill its time."""
    course, window = Course(), workload.sustained_seconds / WINDOWS
    while course.total < workload.sustained_seconds:
        before, passes = course.total, 0
        while course.total - before < window:
            _add(course, time_each(read, parts), workload)
            passes += 1
        course.seconds.append((course.total - before) / passes)
        between(min(len(course.seconds), WINDOWS))
    return course


def _add(course: Course, taken: list[float], workload: Workload) -> None:
    course.total += sum(taken)
    course.images += workload.images
    if workload.batch_size == 1:
        course.latencies.append(np.array(taken, np.float32))


def _warm_up(parts: list[Values]) -> int:
    """How many calls warm up: a tenth of a pass, at least one."""
    return max(1, len(parts) // 10)


def _latency(latencies: list[Latencies]) -> dict[str, float] | None:
    """Seconds of one image: what half, nine tenths and 99 of a hundred did not exceed."""
    if not latencies:
        return None
    p50, p90, p99 = np.percentile(np.concatenate(latencies), [50, 90, 99])
    return {"p50": float(p50), "p90": float(p90), "p99": float(p99)}


def slowdown(seconds: list[float]) -> float:
    """How many times as long the last third took as the first."""
    third = max(1, len(seconds) // 3)
    return float(np.mean(seconds[-third:]) / np.mean(seconds[:third]))


def _batches(images: int, batch_size: int, pool: int) -> list[slice]:
    """Slices of the pool that add up to this many images, none across its end."""
    batches: list[slice] = []
    first = 0
    while images > 0:
        size = min(batch_size, images, pool - first)
        batches.append(slice(first, first + size))
        first = (first + size) % pool
        images -= size
    return batches
