"""Directions of strokes as the inputs of mini-batches: taken of pictures that augmentation has changed."""

from __future__ import annotations

from typing import Any

import numpy as np

from recognizer.core.ink.directions import DirectionMaps
from training.core.inputs.source import Indices, InputSource
from training.core.parameters import Array

GROUP = 64
"""Columns whose maps are made at once, so that they stay in a processor's cache."""


class DirectionInputs:
    """Maps, 0…255 as floats, of the pictures of another source, rounded to bytes: what a stored picture would give.

    Args:
        pictures: gives pictures (784, columns), 0…1, ink = 1.
        grid: of the maps.
        inverted: whether 255 is no ink in what is given.
        dtype: of what is given.
    """

    unit = 1 / 255

    def __init__(self, pictures: InputSource, grid: int, *, inverted: bool, dtype: np.dtype[Any]) -> None:
        self._pictures = pictures
        self._grid = grid
        self._inverted = inverted
        self._dtype = dtype
        self._makers: dict[int, DirectionMaps] = {}
        self._buffers: dict[int, Array] = {}

    def begin_epoch(self, rng: np.random.Generator, order: Indices) -> None:
        """Go through the samples in this order from here on; the pictures draw from `rng`."""
        self._pictures.begin_epoch(rng, order)

    def take(self, start: int, samples: int) -> Array:
        """Inputs (n_in, columns), C order."""
        pictures = self._pictures.take(start, samples)
        columns = pictures.shape[1]
        for first in range(0, columns, GROUP):
            maps = self._maps(pictures[:, first : first + GROUP])
            if columns not in self._buffers:
                self._buffers[columns] = np.empty((len(maps), columns), self._dtype)
            self._buffers[columns][:, first : first + GROUP] = maps
        inputs = self._buffers[columns]
        return np.subtract(255, inputs, out=inputs) if self._inverted else inputs

    def _maps(self, pictures: Array) -> Array:
        """Maps (n_in, columns) of pictures (784, columns) that are rounded to bytes first."""
        columns = pictures.shape[1]
        if columns not in self._makers:
            self._makers[columns] = DirectionMaps(self._grid, columns)
        rounded = pictures * self._dtype.type(255)
        rounded += self._dtype.type(0.5)  # what follows drops what is behind the point
        return self._makers[columns].of(np.clip(rounded, 0, 255, out=rounded))
