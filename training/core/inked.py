"""Inputs of mini-batches that leave out what is paper: samples and pixels in the order that `Stairs` wants."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.core.inputs import padded
from training.core.parameters import pieces
from training.core.samples import Bytes
from training.core.staircase import GRAIN, PixelOrder, Stairs

Indices = NDArray[np.intp]

AT_ONCE = 128
"""Samples that are turned into floats at once where mini-batches are smaller: at 15 a step, the calls cost most."""


class InkedInputs:
    """Bytes 0…255 as floats, or 255 minus that if inverted, where they are not 0; `Stairs` for each mini-batch."""

    unit = 1 / 255

    def __init__(self, samples: Bytes, *, inverted: bool, neurons: int, dtype: np.dtype[Any]) -> None:
        self._samples = PixelOrder(samples, inverted=inverted)
        self.pixels: Indices | None = self._samples.pixels
        self._neurons = neurons
        self._dtype = dtype
        self._batch = 0
        self._sizes: dict[int, _Batches] = {}

    def begin_epoch(self, rng: np.random.Generator, order: Indices, batch: int) -> Indices:
        """Nothing here is random; in each mini-batch the farthest reach comes first."""
        self._batch = batch
        whole = len(order) // batch * batch
        parts = [part for part in (order[:whole].reshape(-1, batch), order[whole:].reshape(1, -1)) if part.size]
        return np.concatenate([self._of_size(part.shape[1]).begin(part).ravel() for part in parts])

    def take(self, start: int, samples: int) -> Stairs:
        """The mini-batch that begins at `start`."""
        return self._of_size(samples).take(start // self._batch if samples == self._batch else 0)

    def _of_size(self, samples: int) -> _Batches:
        """The buffers of this size: there are two, the last mini-batch's being smaller."""
        if samples not in self._sizes:
            self._sizes[samples] = _Batches(self._samples, padded(samples), self._neurons, self._dtype)
        return self._sizes[samples]


class _Batches:
    """An epoch's mini-batches of one size, several turned into floats at once."""

    def __init__(self, samples: PixelOrder, columns: int, neurons: int, dtype: np.dtype[Any]) -> None:
        self._samples = samples
        self._columns = columns
        n_in = len(samples.pixels)
        self._at_once = at_once = max(1, AT_ONCE // columns)
        self._pieces = pieces(n_in)
        self._bytes = np.empty((at_once, columns, n_in), np.uint8)
        self._floats = [np.zeros((at_once, columns, piece.stop - piece.start), dtype) for piece in self._pieces]
        self._stairs = [Stairs([floats[each] for floats in self._floats], neurons) for each in range(at_once)]
        self._order = np.empty((0, columns), np.intp)
        self._counts: list[list[int]] = []
        self._tallest: list[list[int]] = []

    def begin(self, order: Indices) -> Indices:
        """Mini-batches (steps, samples) of an epoch; returns them rearranged."""
        reach = self._samples.reach[order]
        places = np.argsort(-reach, axis=1, kind="stable")
        order, reach = (np.take_along_axis(each, places, axis=1) for each in (order, reach))
        padding = self._columns - order.shape[1]
        self._order = np.concatenate([order, np.repeat(order[:, -1:], padding, axis=1)], axis=1)
        counts = np.stack([np.count_nonzero(reach > piece.start, axis=1) for piece in self._pieces], axis=1)
        counts = -(-counts // GRAIN) * GRAIN
        counts[:, 0] = self._columns
        self._counts = counts.tolist()
        self._tallest = np.maximum.reduceat(counts, np.arange(0, len(counts), self._at_once)).tolist()
        return order

    def take(self, step: int) -> Stairs:
        """A mini-batch; they are asked for one after the other."""
        number, place = divmod(step, self._at_once)
        if place == 0:
            self._load(step, self._tallest[number])
        stairs = self._stairs[place]
        stairs.fill(self._counts[step])
        return stairs

    def _load(self, step: int, tallest: list[int]) -> None:
        """Floats of this mini-batch and those after it, of each piece only as far as one of them reaches."""
        order = self._order[step : step + self._at_once]
        taken = self._bytes[: len(order)]
        self._samples.inputs.take(order, axis=0, out=taken, mode="clip")
        for piece, floats, count in zip(self._pieces, self._floats, tallest, strict=True):
            floats[: len(order), :count] = taken[:, :count, piece]
