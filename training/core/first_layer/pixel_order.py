"""Pixels in the order of how often they are inked, which makes the far end of most samples paper."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.core.inputs.source import Indices
from training.core.samples import Bytes

READ_AT_ONCE = 4096


class PixelOrder:
    """A training set whose pixels are sorted by how often they are inked.

    Args:
        inputs: bytes (n, n_in), 0 or, `inverted`, 255 where there is nothing to learn from.

    Attributes:
        pixels: indices of the pixels, the one that is inked most often first, (n_in,).
        inputs: a copy of the inputs in this order, 0 where there is nothing to learn from, (n, n_in).
        extent: how many pixels of this order hold all the ink of each sample, (n,).
    """

    def __init__(self, inputs: Bytes, *, inverted: bool) -> None:
        flip = np.uint8(255 if inverted else 0)
        chunks = [slice(start, start + READ_AT_ONCE) for start in range(0, len(inputs), READ_AT_ONCE)]
        inked = sum((np.count_nonzero(inputs[chunk] != flip, axis=0) for chunk in chunks), np.zeros(inputs.shape[1]))
        self.pixels: Indices = np.argsort(-inked, kind="stable")
        self.inputs = np.empty(inputs.shape, np.uint8)
        self.extent = np.empty(len(inputs), np.intp)
        for chunk in chunks:
            self.inputs[chunk] = inputs[chunk][:, self.pixels] ^ flip  # 255 − x, for a byte
            self.extent[chunk] = _extent(self.inputs[chunk] != 0)


def _extent(inked: NDArray[np.bool_]) -> Indices:
    """One more than the index of the last True of each row, 0 where there is none."""
    width = inked.shape[1]
    return np.where(inked.any(axis=1), width - inked[:, ::-1].argmax(axis=1), 0)
