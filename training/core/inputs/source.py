"""What makes the inputs of mini-batches: the interface, and the number of columns that they have."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from training.core.parameters import Array

Indices = NDArray[np.intp]

COLUMN_MULTIPLE = 16
"""A mini-batch's arrays have a multiple of this many columns: the second layer's product takes 10 µs and not 17."""


def padded(samples: int) -> int:
    """Columns of the arrays of a mini-batch of this many samples."""
    return -(-samples // COLUMN_MULTIPLE) * COLUMN_MULTIPLE


class InputSource(Protocol):
    """Makes the inputs of mini-batches, whole.

    Attributes:
        unit: what 1 in these inputs stands for.
    """

    unit: float

    def begin_epoch(self, rng: np.random.Generator, order: Indices) -> None:
        """Go through the samples in this order from here on, and draw from `rng`."""

    def take(self, start: int, samples: int) -> Array:
        """Inputs (n_in, columns) of this many samples of the order; columns beyond them hold anything finite."""
