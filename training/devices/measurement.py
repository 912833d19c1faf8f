"""Timing a network on a fixed workload, in the same way on every device (Python 3.9 and later).

Timed is the forward pass with softmax and the choice of the best letter, on inputs that are ready in the number
format of the arithmetic. Making inputs from pictures and loading the model are not in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recognizer.core.inputs import unit_floats
from recognizer.core.messages import message as _
from recognizer.core.network import NetworkError
from recognizer.core.precision import INTEGER_BITS, AnyNetwork, IntegerNetwork, to_half, to_precision
from recognizer.core.timing import Timing, time_workload

Inputs = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.integer[Any]]
Values = npt.NDArray[np.floating[Any]]
Answers = npt.NDArray[np.intp]
Predict = Callable[[Any], npt.NDArray[np.float32]]

THESIS_IMAGES = 10_000
POOL = 10_000
"""Most different images held in memory: 31 MB as float32. A longer workload goes through them again."""


class MeasurementError(ValueError):
    """A workload that cannot be timed: at which field of a form, if any, and why."""

    def __init__(self, message: str, field: str = "images") -> None:
        """Keep the field and the sentence."""
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Workload:
    """What is timed: how many images, in batches of what size, how often, and how the network computes."""

    precision: str = "fp32"
    backend: str = "numpy"
    images: int = THESIS_IMAGES
    batch_size: int = 1
    repeats: int = 5

    def __post_init__(self) -> None:
        """Check every field."""
        if self.precision not in PRECISIONS:
            raise MeasurementError(
                _("The precision “%(precision)s” is not one of %(precisions)s.")
                % {"precision": self.precision, "precisions": ", ".join(PRECISIONS)},
                "precision",
            )
        if self.backend not in BACKENDS:
            raise MeasurementError(
                _("The backend “%(backend)s” is not one of %(backends)s.")
                % {"backend": self.backend, "backends": ", ".join(BACKENDS)},
                "backend",
            )
        for name, highest in LIMITS.items():
            value = getattr(self, name)
            if not 1 <= value <= highest:
                raise MeasurementError(
                    _("%(name)s must be between 1 and %(highest)s, not %(value)s.")
                    % {"name": name, "highest": f"{highest:,}", "value": f"{value:,}"},
                    name,
                )


LIMITS = {"images": 1_000_000, "batch_size": POOL, "repeats": 1_000}
NUMPY, ONNXRUNTIME = "numpy", "onnxruntime"
BACKENDS = (NUMPY, ONNXRUNTIME)
"""Ours, the reference; and onnxruntime, which has kernels for whole numbers of 8 bits. See docs/precisions.md."""


NATIVE = "fp16-native"
PRECISIONS = ("fp32", "fp16", NATIVE, "int8-weights", *INTEGER_BITS)
"""How a network computes: fp16 and int8-weights are stored in 16 and 8 bits and computed in 32; fp16-native computes in
16; int8, int4 and int2 compute in whole numbers, for which the model must be stored so.

Weights stored in fewer bits can be computed in 32 as well (fp32); fp16 is then the same work.
"""


def _prepared(network: AnyNetwork, precision: str, inputs: Inputs, backend: str = NUMPY) -> tuple[Predict, Any]:
    """What predicts, and inputs in its number format.

    Raises:
        MeasurementError: the model is not stored in whole numbers, or in others; or the backend does not have it.

    """
    try:
        if backend == ONNXRUNTIME:
            return _in_onnxruntime(network, precision), inputs
        if isinstance(network, IntegerNetwork):
            if precision == network.precision:
                return network.probabilities, inputs.astype(np.float32)
        elif precision == NATIVE:
            return to_half(network).probabilities, unit_floats(inputs).astype(np.float16)
        else:
            return to_precision(network, precision).probabilities, unit_floats(inputs)
    except NetworkError as error:
        raise MeasurementError(str(error), "precision") from error
    raise MeasurementError(
        _("The model is stored in %(stored)s; it cannot be timed in %(precision)s.")
        % {"stored": network.precision, "precision": precision},
        "precision",
    )


def _in_onnxruntime(network: AnyNetwork, precision: str) -> Predict:
    """What predicts in onnxruntime. Raises MeasurementError and NetworkError."""
    from recognizer.exports.errors import ExportError  # (a device that never asks needs recognizer/core alone)
    from recognizer.exports.onnx_file import RuntimeNetwork

    try:
        if not isinstance(network, IntegerNetwork) and precision != NATIVE:
            return RuntimeNetwork(to_precision(network, precision), precision).read
        if isinstance(network, IntegerNetwork) and precision == network.precision:
            return RuntimeNetwork(network, precision).read
    except ExportError as error:
        raise MeasurementError(str(error), "backend") from error
    raise MeasurementError(
        _("onnxruntime does not compute this model in %(precision)s.") % {"precision": precision}, "precision"
    )


def measure(
    network: AnyNetwork,
    inputs: Inputs,
    labels: Labels | None,
    workload: Workload,
    *,
    on_repeat: Callable[[int], None] = lambda done: None,
) -> dict[str, Any]:
    """Time a network on a workload and score it on the images that it went through, once each.

    Args:
        network: what computes.
        inputs: (n, n_in), bytes. Fewer than the workload's images are gone through again; of more, the first are taken.
        labels: (n,) the right class of each, or None if they are unknown.
        workload: what is timed.
        on_repeat: called after each repeat with how many are done.

    Returns:
        `workload`, `seconds` (of one repeat: median, min, max, p50, p90, all), `seconds_for_10000`, `scaled` (whether
        that was computed from another number of images), `microseconds_per_image`, `accuracy` (or None).

    """
    if len(inputs) == 0:
        raise MeasurementError(_("There are no images to time."))
    predict, pool = _prepared(network, workload.precision, inputs[: min(workload.images, POOL)], workload.backend)
    batches = _batches(workload.images, workload.batch_size, len(pool))
    answers = _answers(predict, pool, batches)  # also the warm-up
    taken: list[float] = []
    for done in range(1, workload.repeats + 1):
        taken.extend(time_workload(lambda: _answers(predict, pool, batches), repeats=1, warmup=0).seconds)
        on_repeat(done)
    seconds = _summary(Timing(tuple(taken)))
    return {
        "workload": asdict(workload),
        "seconds": seconds,
        "seconds_for_10000": seconds["median"] * THESIS_IMAGES / workload.images,
        "scaled": workload.images != THESIS_IMAGES,
        "microseconds_per_image": seconds["median"] / workload.images * 1e6,
        "accuracy": None if labels is None else _accuracy(answers, labels[: len(pool)]),
    }


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


def _answers(predict: Predict, pool: npt.NDArray[Any], batches: list[slice]) -> Answers:
    """The class chosen for each image of the workload, in order."""
    return np.concatenate([predict(pool[batch]).argmax(axis=1) for batch in batches])


def _summary(timing: Timing) -> dict[str, Any]:
    return {
        "median": timing.median,
        "min": timing.fastest,
        "max": max(timing.seconds),
        "p50": timing.percentile(50),
        "p90": timing.p90,
        "all": list(timing.seconds),
    }


def _accuracy(answers: Answers, labels: Labels) -> dict[str, Any]:
    """How many of the images were read right, each counted once."""
    correct = int((answers[: len(labels)] == labels).sum())
    return {"images": len(labels), "correct": correct, "share": correct / len(labels)}
