"""What is timed: which arithmetic, how many images, in batches of what size, how often or how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recognizer.core.messages import message as _
from recognizer.core.precision import INTEGER_BITS

Inputs = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.integer[Any]]

THESIS_IMAGES = 10_000
POOL = 10_000
"""Most different images held in memory: 31 MB as float32. A longer workload goes through them again."""
NATIVE = "fp16-native"
PRECISIONS = ("fp32", "fp16", NATIVE, "int8-weights", *INTEGER_BITS)
"""How a network computes: fp16 and int8-weights are stored in 16 and 8 bits and computed in 32; fp16-native computes in
16; int8, int4 and int2 compute in whole numbers, for which the model must be stored so.

Weights stored in fewer bits can be computed in 32 as well (fp32); fp16 is then the same work.
"""
NUMPY, ONNXRUNTIME = "numpy", "onnxruntime"
BACKENDS = (NUMPY, ONNXRUNTIME)
"""Ours, the reference; and onnxruntime, which has kernels for whole numbers of 8 bits. See docs/precisions.md."""
JAVASCRIPT, WASM = "javascript", "wasm"
BROWSER_BACKENDS = (JAVASCRIPT, WASM)
"""What computes in a browser: our JavaScript, and WebAssembly made of the exported C. No agent has them."""
LIMITS = {"images": 1_000_000, "batch_size": POOL, "repeats": 1_000}
SUSTAINED = (60, 7_200)
"""The fewest and the most seconds of a sustained timing."""


class MeasurementError(ValueError):
    """A workload that cannot be timed: at which field of a form, if any, and why."""

    def __init__(self, message: str, field: str = "images") -> None:
        """Keep the field and the sentence."""
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Workload:
    """What is timed: how many images, in batches of what size, how often, and how the network computes.

    Attributes:
        sustained_seconds: 0: `repeats` passes over the images; else passes one after the other for so long.

    """

    precision: str = "fp32"
    backend: str = "numpy"
    images: int = THESIS_IMAGES
    batch_size: int = 1
    repeats: int = 5
    sustained_seconds: int = 0

    def __post_init__(self) -> None:
        """Check every field."""
        if self.precision not in PRECISIONS:
            raise MeasurementError(
                _("The precision “%(precision)s” is not one of %(precisions)s.")
                % {"precision": self.precision, "precisions": ", ".join(PRECISIONS)},
                "precision",
            )
        if self.backend not in (*BACKENDS, *BROWSER_BACKENDS):
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
        if self.sustained_seconds and not SUSTAINED[0] <= self.sustained_seconds <= SUSTAINED[1]:
            raise MeasurementError(
                _("A sustained timing takes %(least)d to %(most)d seconds; 0 is none.")
                % {"least": SUSTAINED[0], "most": SUSTAINED[1]},
                "sustained_seconds",
            )

    @property
    def mode(self) -> str:
        """`single` (one image at a time), `batch` or `sustained`."""
        if self.sustained_seconds:
            return "sustained"
        return "single" if self.batch_size == 1 else "batch"
