"""What makes the inputs of mini-batches out of bytes, and the plain way to do it.

`inked.py` leaves out what is paper, `augmentation.py` changes each picture at random.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from training.core.parameters import Array
from training.core.samples import Bytes
from training.core.staircase import Stairs

Indices = NDArray[np.intp]

COLUMNS = 16
"""A mini-batch's arrays have a multiple of so many columns: the second layer's product takes 10 µs and not 17."""


def padded(samples: int) -> int:
    """Columns of the arrays of a mini-batch of so many samples."""
    return -(-samples // COLUMNS) * COLUMNS


class Inputs(Protocol):
    """What makes the inputs of mini-batches.

    Attributes:
        unit: what 1 in these inputs stands for.
        pixels: the order of the inputs, or None for their own.
    """

    unit: float
    pixels: Indices | None

    def begin_epoch(self, rng: np.random.Generator, order: Indices, batch: int) -> Indices:
        """Go through the samples in this order from here on, and draw from `rng`.

        Returns the order that will be kept: each mini-batch the same, its samples perhaps rearranged.
        """

    def take(self, start: int, samples: int) -> Array | Stairs:
        """Inputs (n_in, columns) of so many samples of the order; columns beyond them hold anything finite."""


class PlainInputs:
    """Bytes 0…255 as floats, or 255 minus that if inverted; the division by 255 is left to the first product."""

    unit = 1 / 255
    pixels: Indices | None = None

    def __init__(self, samples: Bytes, *, inverted: bool, dtype: np.dtype[Any]) -> None:
        self._samples = samples
        self._inverted = inverted
        self._dtype = dtype
        self._order = np.empty(0, np.intp)
        self._buffers: dict[int, Array] = {}

    def begin_epoch(self, rng: np.random.Generator, order: Indices, batch: int) -> Indices:
        """Nothing here is random, nor rearranged."""
        self._order = order
        return order

    def take(self, start: int, samples: int) -> Array:
        """Inputs (n_in, columns), the transpose of a C-ordered array: each sample stays in one piece."""
        columns = padded(samples)
        if columns not in self._buffers:
            self._buffers[columns] = np.zeros((columns, self._samples.shape[1]), self._dtype)
        buffer = self._buffers[columns]
        taken = self._samples.take(self._order[start : start + samples], axis=0)
        if self._inverted:
            np.subtract(255, taken, out=taken)
        buffer[:samples] = taken
        return buffer.T
