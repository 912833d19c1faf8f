"""Timing a network on a fixed workload: the one way in which every device is measured (Python 3.9 and later).

Timed is the forward pass with softmax and the choice of the best letter, on inputs that are ready in the number
format of the arithmetic. Making inputs from pictures and loading the model are not in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recognizer.core.network import Network
from recognizer.core.precision import to_half, to_precision
from recognizer.core.timing import Timing, time_workload

Inputs = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.integer[Any]]
Values = npt.NDArray[np.floating[Any]]
Predict = Callable[[Values], npt.NDArray[np.float32]]

THESIS_IMAGES = 10_000
POOL = 10_000
"""Different images held ready at most: 31 MB as float32. A longer workload goes through them again."""


class MeasuringError(ValueError):
    """A workload that cannot be timed; the message is a sentence for the person who asked."""


@dataclass(frozen=True)
class Workload:
    """What is timed: so many images, in batches of so many, repeated so often."""

    precision: str = "fp32"
    backend: str = "numpy"
    images: int = THESIS_IMAGES
    batch_size: int = 1
    repeats: int = 5

    def __post_init__(self) -> None:
        """Check it."""
        if self.precision not in PRECISIONS:
            raise MeasuringError(f"The precision “{self.precision}” is not one of {', '.join(PRECISIONS)}.")
        if self.backend not in BACKENDS:
            raise MeasuringError(f"The backend “{self.backend}” is not one of {', '.join(BACKENDS)}.")
        for name, highest in LIMITS.items():
            value = getattr(self, name)
            if not 1 <= value <= highest:
                raise MeasuringError(f"{name} must be between 1 and {highest:,}, not {value:,}.")


LIMITS = {"images": 1_000_000, "batch_size": POOL, "repeats": 1_000}
BACKENDS = ("numpy",)


def _fp32(network: Network) -> tuple[Predict, npt.DTypeLike]:
    return network.probabilities, np.float32


def _fp16_stored(network: Network) -> tuple[Predict, npt.DTypeLike]:
    return to_precision(network, "fp16").probabilities, np.float32


def _fp16_native(network: Network) -> tuple[Predict, npt.DTypeLike]:
    return to_half(network).probabilities, np.float16


PRECISIONS: dict[str, Callable[[Network], tuple[Predict, npt.DTypeLike]]] = {
    "fp32": _fp32,
    "fp16": _fp16_stored,
    "fp16-native": _fp16_native,
}
"""How a network computes: fp16 is stored in 16 bits and computed in 32; fp16-native computes in 16, as the thesis did."""
PRECISION_NAMES = {"fp32": "fp32", "fp16": "fp16, stored", "fp16-native": "fp16, computed natively"}


def measure(
    network: Network,
    inputs: Values,
    labels: Labels | None,
    workload: Workload,
    *,
    on_repeat: Callable[[int], None] = lambda done: None,
) -> dict[str, Any]:
    """Time a network on a workload and score it on the images that it went through, once each.

    Args:
        network: what computes.
        inputs: (n, n_in) in 0…1. Fewer than the workload's images are gone through again; of more, the first are taken.
        labels: (n,) the right class of each, or None where nobody knows.
        workload: what to do.
        on_repeat: called after each repeat with how many are done.

    Returns:
        `workload`, `seconds` (of one repeat: median, min, max, p50, p90, all), `seconds_for_10000`, `scaled` (whether
        that was computed from another number of images), `microseconds_per_image`, `accuracy` (or None).

    """
    if len(inputs) == 0:
        raise MeasuringError("There are no images to time.")
    predict, dtype = PRECISIONS[workload.precision](network)
    pool = inputs[: min(workload.images, POOL)].astype(dtype)
    seconds = _time(predict, pool, workload, on_repeat)
    return {
        "workload": asdict(workload),
        "seconds": seconds,
        "seconds_for_10000": seconds["median"] * THESIS_IMAGES / workload.images,
        "scaled": workload.images != THESIS_IMAGES,
        "microseconds_per_image": seconds["median"] / workload.images * 1e6,
        "accuracy": None if labels is None else _accuracy(predict, pool, labels[: len(pool)]),
    }


def _batches(images: int, batch_size: int, pool: int) -> list[slice]:
    """Slices of the pool that together make so many images, none across its end."""
    batches: list[slice] = []
    first = 0
    while images > 0:
        size = min(batch_size, images, pool - first)
        batches.append(slice(first, first + size))
        first = (first + size) % pool
        images -= size
    return batches


def _time(predict: Predict, pool: Values, workload: Workload, on_repeat: Callable[[int], None]) -> dict[str, Any]:
    batches = _batches(workload.images, workload.batch_size, len(pool))

    def once() -> None:
        for batch in batches:
            predict(pool[batch]).argmax(axis=1)

    warm = batches[: max(1, len(batches) // 10)]
    for batch in warm:
        predict(pool[batch]).argmax(axis=1)
    taken: list[float] = []
    for done in range(1, workload.repeats + 1):
        taken.extend(time_workload(once, repeats=1, warmup=0).seconds)
        on_repeat(done)
    timing = Timing(tuple(taken))
    return {
        "median": timing.median,
        "min": min(taken),
        "max": max(taken),
        "p50": timing.percentile(50),
        "p90": timing.p90,
        "all": taken,
    }


def _accuracy(predict: Predict, pool: Values, labels: Labels) -> dict[str, Any]:
    """How many of the different images were read right."""
    best = np.concatenate([predict(pool[start : start + 1000]).argmax(axis=1) for start in range(0, len(pool), 1000)])
    correct = int((best == labels).sum())
    return {"images": len(pool), "correct": correct, "share": correct / len(pool)}
