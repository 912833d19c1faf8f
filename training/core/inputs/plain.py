"""Bytes as the inputs of mini-batches, just as they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from training.core.inputs.source import Indices, padded
from training.core.parameters import Array
from training.core.samples import Bytes


class PlainInputs:
    """Bytes 0…255 as floats, or 255 minus that if inverted; the division by 255 is left to the first product."""

    unit = 1 / 255

    def __init__(self, samples: Bytes, *, inverted: bool, dtype: np.dtype[Any]) -> None:
        self._samples = samples
        self._inverted = inverted
        self._dtype = dtype
        self._order = np.empty(0, np.intp)
        self._buffers: dict[int, Array] = {}

    def begin_epoch(self, rng: np.random.Generator, order: Indices) -> None:
        """Nothing here is random."""
        self._order = order

    def take(self, start: int, samples: int) -> Array:
        """Inputs (n_in, columns), the transpose of a C-ordered array: each sample is contiguous."""
        columns = padded(samples)
        if columns not in self._buffers:
            self._buffers[columns] = np.zeros((columns, self._samples.shape[1]), self._dtype)
        buffer = self._buffers[columns]
        taken = self._samples.take(self._order[start : start + samples], axis=0)
        if self._inverted:
            np.subtract(255, taken, out=taken)
        buffer[:samples] = taken
        return buffer.T
