"""Directions of strokes: the gradient of a picture, split into eight directions, each seen through a grid of windows.

After Liu, Nakashima, Sako, Fujisawa: Handwritten digit recognition, Pattern Recognition 36 (2003). See docs/ink.md.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from recognizer.core.ink.frame import INPUT_SIDE as SIDE

DIRECTIONS = 8
"""Of the gradient, which points from paper to ink: to the right, down and right, down, and on around."""
COMPASS = ((2, 1), (2, 2), (1, 2), (0, 2), (0, 1), (0, 0), (1, 0), (2, 0))
"""Column and row of each direction's map where all are shown together, around an empty middle."""
REACH = 4 * SIDE
"""From a window's middle to its edge: two steps of the grid, in pixels · 2 · grid."""
WINDOW_SUM = 128
"""The weights of a window along one axis add up to this at most."""
UNIT = 64
"""Weighted sums are divided by this before the root; what is above 255 then is 255."""

Maps = npt.NDArray[np.float32]


class DirectionMaps:
    """Makes the direction maps of a fixed number of pictures at once, in buffers of its own: not for two threads.

    Pictures and maps are columns. Every sum of products is a whole number below 2²⁴, so float32 has it exactly, in
    whatever order it is added up.

    Args:
        grid: windows along each axis.
        count: pictures.
    """

    def __init__(self, grid: int, count: int) -> None:
        self._windows = windows(grid)
        self._picture = np.zeros((SIDE + 2, SIDE + 2, count), np.int16)
        self._smooth = np.empty((SIDE + 2) * SIDE * count, np.int16)
        self._parts = np.empty((DIRECTIONS, SIDE, SIDE, count), np.int16)
        self._floats = np.empty((DIRECTIONS, SIDE, SIDE * count), np.float32)
        self._rows = np.empty((DIRECTIONS, grid, SIDE * count), np.float32)
        self._sums = np.empty((DIRECTIONS * grid, grid, count), np.float32)

    def of(self, pictures: npt.NDArray[Any]) -> Maps:
        """Maps (8 · grid², count), whole numbers 0…255, of pictures (784, count), whole numbers 0…255.

        The array is a buffer: it holds until the next call.
        """
        self._picture[1:-1, 1:-1] = pictures.reshape(SIDE, SIDE, -1)
        self._split(*self._gradient())
        self._floats[:] = self._parts.reshape(self._floats.shape)
        np.matmul(self._windows, self._floats, out=self._rows)
        np.matmul(self._windows, self._rows.reshape(-1, SIDE, self._picture.shape[2]), out=self._sums)
        return _bytes(self._sums).reshape(-1, self._picture.shape[2])

    def _gradient(self) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int16]]:
        """Sobel's gradient, across and down, (28, 28, count) each: at most ±1,020."""
        ink, count = self._picture, self._picture.shape[2]
        smooth = self._smooth.reshape(SIDE, SIDE + 2, count)
        np.add(ink[:-2], ink[2:], out=smooth)
        smooth += 2 * ink[1:-1]
        across = smooth[:, 2:] - smooth[:, :-2]
        smooth = self._smooth.reshape(SIDE + 2, SIDE, count)
        np.add(ink[:, :-2], ink[:, 2:], out=smooth)
        smooth += 2 * ink[:, 1:-1]
        return across, smooth[2:] - smooth[:-2]

    def _split(self, across: npt.NDArray[np.int16], down: npt.NDArray[np.int16]) -> None:
        """Each vector as a sum of two, along the nearest axis and the nearest diagonal."""
        right, low = np.maximum(across, 0), np.maximum(down, 0)
        left, up = right - across, low - down
        width, height = right + left, low + up
        parts = self._parts
        for number, part, other in ((0, right, height), (2, low, width), (4, left, height), (6, up, width)):
            np.maximum(np.subtract(part, other, out=parts[number]), 0, out=parts[number])
        for number, part, other in ((1, right, low), (3, left, low), (5, left, up), (7, right, up)):
            np.minimum(part, other, out=parts[number])


@cache
def windows(grid: int) -> Maps:
    """Weights (grid, 28) of the pixels along one axis in each window: whole numbers."""
    pixels, places = np.arange(SIDE, dtype=np.int64), np.arange(grid, dtype=np.int64)[:, None]
    distances = (2 * pixels + 1) * grid - (2 * places + 1) * SIDE
    weights = np.maximum(REACH**2 - distances**2, 0) ** 2
    whole = np.asarray(WINDOW_SUM * weights // weights.sum(axis=1, keepdims=True), np.float32)
    whole.flags.writeable = False
    return whole


def _bytes(sums: Maps) -> Maps:
    """Roots, at most 255, in place. Rounding to float32 takes none of them up to a whole number."""
    sums *= np.float32(1 / UNIT)
    np.sqrt(sums, out=sums)
    np.minimum(sums, 255, out=sums)
    return np.asarray(np.floor(sums, out=sums))
