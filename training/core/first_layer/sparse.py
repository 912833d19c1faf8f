"""The first layer without paper: only the products of what is inked, and weights that lie accordingly."""

from __future__ import annotations

from typing import Any

import numpy as np

from training.core.first_layer.input_order import InputOrder
from training.core.first_layer.interface import Arrays
from training.core.first_layer.pixel_order import PixelOrder
from training.core.first_layer.ragged_batch import InputPieces, RaggedBatch
from training.core.first_layer.sparse_inputs import SparseInputs
from training.core.inputs.source import Indices, padded
from training.core.samples import Bytes


class SparseFirstLayer:
    """Bytes 0…255, or 255 minus that if inverted, multiplied only where they are not 0; see `ragged_batch`.

    Args:
        samples: bytes (n, n_in).
        inverted: whether 255 is paper.
        neurons: n_out of this layer.
        dtype: of inputs and weights.
    """

    unit = 1 / 255
    by_input = True

    def __init__(self, samples: Bytes, *, inverted: bool, neurons: int, dtype: np.dtype[Any]) -> None:
        self._samples = PixelOrder(samples, inverted=inverted)
        self._weights = InputOrder(self._samples.pixels, neurons)
        self._inputs = InputPieces(self._samples.pixels)
        self._neurons = neurons
        self._dtype = dtype
        self._batch_size = 0
        self._sizes: dict[int, SparseInputs] = {}

    @property
    def pixels(self) -> Indices:
        """The order of the inputs, (n_in,): the one that is inked most often first."""
        return self._samples.pixels

    def arranged(self, arrays: Arrays) -> Arrays:
        """A state's arrays, the first layer's weights input by input in the order of `pixels`."""
        return self._weights.arranged(arrays)

    def restored(self, arrays: Arrays) -> Arrays:
        """The reverse."""
        return self._weights.restored(arrays)

    def begin_epoch(self, rng: np.random.Generator, order: Indices, batch_size: int) -> Indices:
        """Nothing here is random; in each mini-batch the largest extent comes first."""
        self._batch_size = batch_size
        whole = len(order) // batch_size * batch_size
        parts = [part for part in (order[:whole].reshape(-1, batch_size), order[whole:].reshape(1, -1)) if part.size]
        return np.concatenate([self._of_size(part.shape[1]).begin(part).ravel() for part in parts])

    def mini_batch(self, start: int, samples: int) -> RaggedBatch:
        """The mini-batch that begins at `start`."""
        return self._of_size(samples).take(start // self._batch_size if samples == self._batch_size else 0)

    def _of_size(self, samples: int) -> SparseInputs:
        """The mini-batches of this size: there are two sizes at most, the last mini-batch's being smaller."""
        if samples not in self._sizes:
            self._sizes[samples] = SparseInputs(
                self._samples,
                self._inputs,
                columns=padded(samples),
                neurons=self._neurons,
                unit=self.unit,
                dtype=self._dtype,
            )
        return self._sizes[samples]
