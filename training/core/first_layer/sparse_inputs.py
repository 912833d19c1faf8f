"""An epoch's mini-batches without their paper, several turned into floats at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from training.core.first_layer.pixel_order import PixelOrder
from training.core.first_layer.ragged_batch import InputPieces, RaggedBatch
from training.core.inputs.source import Indices

AT_ONCE = 128
"""Samples that are turned into floats at once where mini-batches are smaller: at 15 a step, the calls cost most."""
COUNT_MULTIPLE = 2
"""Samples of a tile are a multiple of this: 3 take BLAS longer than 4 do, and 6 as long as 5."""


class SparseInputs:
    """The mini-batches of one size: their samples sorted by extent, and floats only where there is ink.

    Args:
        samples: the training set.
        inputs: how its inputs are cut.
        columns: of a mini-batch, padding included.
        neurons: of the first layer.
        unit: what 1 in the inputs stands for.
        dtype: of the floats.
    """

    def __init__(
        self,
        samples: PixelOrder,
        inputs: InputPieces,
        *,
        columns: int,
        neurons: int,
        unit: float,
        dtype: np.dtype[Any],
    ) -> None:
        self._samples = samples
        self._columns = columns
        self._at_once = at_once = max(1, AT_ONCE // columns)
        self._slices = inputs.slices
        self._bytes = np.empty((at_once, columns, len(samples.pixels)), np.uint8)
        self._floats = [np.zeros((at_once, columns, piece.stop - piece.start), dtype) for piece in self._slices]
        self._batches = [
            RaggedBatch([floats[each] for floats in self._floats], inputs, neurons=neurons, unit=unit)
            for each in range(at_once)
        ]
        self._order = np.empty((0, columns), np.intp)
        self._counts: list[list[int]] = []
        self._largest_counts: list[list[int]] = []

    def begin(self, order: Indices) -> Indices:
        """Take the mini-batches (steps, samples) of an epoch; returns them rearranged."""
        extent = self._samples.extent[order]
        ranks = np.argsort(-extent, axis=1, kind="stable")
        order, extent = (np.take_along_axis(each, ranks, axis=1) for each in (order, extent))
        padding = self._columns - order.shape[1]
        self._order = np.concatenate([order, np.repeat(order[:, -1:], padding, axis=1)], axis=1)
        counts = np.stack([np.count_nonzero(extent > piece.start, axis=1) for piece in self._slices], axis=1)
        counts = -(-counts // COUNT_MULTIPLE) * COUNT_MULTIPLE
        counts[:, 0] = self._columns
        self._counts = counts.tolist()
        self._largest_counts = np.maximum.reduceat(counts, np.arange(0, len(counts), self._at_once)).tolist()
        return order

    def take(self, step: int) -> RaggedBatch:
        """The mini-batch of a step; steps are asked for one after the other."""
        number, place = divmod(step, self._at_once)
        if place == 0:
            self._load(step, self._largest_counts[number])
        batch = self._batches[place]
        batch.fill(self._counts[step])
        return batch

    def _load(self, step: int, counts: list[int]) -> None:
        """Floats of this mini-batch and those after it, of each piece only for samples that have ink in it."""
        order = self._order[step : step + self._at_once]
        taken = self._bytes[: len(order)]
        self._samples.inputs.take(order, axis=0, out=taken, mode="clip")
        for piece, floats, count in zip(self._slices, self._floats, counts, strict=True):
            floats[: len(order), :count] = taken[:, :count, piece]
