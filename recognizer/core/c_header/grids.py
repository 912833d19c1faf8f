"""The windows of a grid in C: of each pixel along an axis those that it lies in."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from recognizer.core.c_header.arrays import array
from recognizer.core.ink.directions import windows
from recognizer.core.ink.frame import INPUT_SIDE

AT_ONCE = 4
"""Windows that a pixel lies in, at most: each reaches two steps of the grid to either side, and no farther."""

Whole = npt.NDArray[np.int64]


def constants(grid: int) -> str:
    """Of each pixel the first of its windows and the weights of four; of each window its last pixel."""
    first, weights, lasts = tables(grid)
    return "\n".join(
        [array("uint8_t", "first", first), array("uint8_t", "windows", weights), array("uint8_t", "lasts", lasts)]
    )


def tables(grid: int) -> tuple[Whole, Whole, Whole]:
    """First windows (28,), weights (28, 4) of the windows from there on, last pixels (grid,)."""
    dense = np.zeros((grid + AT_ONCE, INPUT_SIDE), np.int64)
    dense[:grid] = windows(grid)
    first = (dense > 0).argmax(axis=0)
    weights = np.stack([dense[first + number, np.arange(INPUT_SIDE)] for number in range(AT_ONCE)], axis=1)
    lasts = INPUT_SIDE - 1 - (dense[:grid, ::-1] > 0).argmax(axis=1)
    return first, weights, lasts
