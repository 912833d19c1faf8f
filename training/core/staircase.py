"""Less than the dense products: where a sample has paper, neither of the first layer's products needs it.

Most of a letter's picture is paper, and at 784-256-128-33 the first layer is three quarters of all arithmetic.
So the pixels stand in the order of how often they are inked; a sample's `reach` is how far into that order its
ink goes, and the samples of a mini-batch stand in the order of their reach. Then later pixels need fewer samples:

    pixels →     often inked        seldom inked
    samples      ███████████████████████████████
       ↓         ████████████████████████
                 ██████████████████
                 ███████████████

`Stairs` multiplies that staircase only, tile by tile. Its sums are those of the whole products without the terms
that are 0: tests/training/core/test_staircase.py. What it bought stands in docs/training.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.blas import get_blas_funcs

from training.core.parameters import Array
from training.core.samples import Bytes

Tile = tuple[int, int]
"""First row, and the row after the last."""

SMALL = 1_000_000
"""Multiplications up to which OpenBLAS, on AVX-512, leaves out the packing of both matrices."""
GRAIN = 2
"""Samples of a tile are a multiple of this: 3 take BLAS longer than 4 do, and 6 as long as 5."""
READ_AT_ONCE = 4096


class PixelOrder:
    """A training set whose pixels stand by how often they are inked.

    Args:
        inputs: bytes (n, n_in), 0 or, `inverted`, 255 where there is nothing to learn from.

    Attributes:
        pixels: the places of the pixels, the one that is inked most often first, (n_in,).
        inputs: a copy of the inputs in this order, 0 where there is nothing to learn from, (n, n_in).
        reach: how many pixels of this order hold all the ink of each sample, (n,).
    """

    def __init__(self, inputs: Bytes, *, inverted: bool) -> None:
        turned = np.uint8(255 if inverted else 0)
        parts = [slice(start, start + READ_AT_ONCE) for start in range(0, len(inputs), READ_AT_ONCE)]
        often = sum((np.count_nonzero(inputs[part] != turned, axis=0) for part in parts), np.zeros(inputs.shape[1]))
        self.pixels: NDArray[np.intp] = np.argsort(-often, kind="stable")
        self.inputs = np.empty(inputs.shape, np.uint8)
        self.reach = np.empty(len(inputs), np.intp)
        for part in parts:
            self.inputs[part] = inputs[part][:, self.pixels] ^ turned  # 255 − x, for a byte
            self.reach[part] = _reach(self.inputs[part] != 0)


def _reach(inked: NDArray[np.bool_]) -> NDArray[np.intp]:
    """One more than the place of the last True of each row, 0 where there is none."""
    width = inked.shape[1]
    return np.where(inked.any(axis=1), width - inked[:, ::-1].argmax(axis=1), 0)


class Rows(dict[Tile, Array]):
    """Rows of a C-ordered array by tile, each as the Fortran-ordered view that BLAS takes; made once."""

    def __init__(self, array: Array) -> None:
        super().__init__()
        self.array = array

    def __missing__(self, tile: Tile) -> Array:
        self[tile] = view = self.array[slice(*tile)].T
        return view


class Stairs:
    """The inputs of a mini-batch, samples of the farthest reach first, and the first layer's two products.

    Args:
        pieces: (columns, pixels) of consecutive pixels each, C order.
        neurons: of the first layer.
    """

    def __init__(self, pieces: Sequence[Array], neurons: int) -> None:
        (self._gemm,) = get_blas_funcs(("gemm",), dtype=pieces[0].dtype)
        self._pieces = [Rows(piece) for piece in pieces]
        self._heights = [tile_height(piece.shape[1] * neurons) or len(piece) for piece in pieces]
        self._tiles: list[tuple[Tile, ...]] = []

    def fill(self, counts: Sequence[int]) -> None:
        """The pieces hold another mini-batch; only its first `counts` samples have ink in each.

        The first piece counts all samples, so that every sum is begun.
        """
        self._tiles = [*map(tiles, counts, self._heights)]

    def forward(self, weights: Sequence[Array], out: Rows, scale: float) -> None:
        """out = scale · x wᵀ, (columns, neurons); the pieces of w are (neurons, pixels), Fortran order."""
        beta = 0.0
        for x, w, those in zip(self._pieces, weights, self._tiles, strict=True):
            for tile in those:
                self._gemm(scale, w, x[tile], beta, out[tile], 0, 0, 1)
            beta = 1.0

    def gradient(self, delta: Rows, into: Sequence[Array], alpha: float, beta: float) -> None:
        """into = beta · into + alpha · δᵀ x, piece by piece, (1.21) summed over the mini-batch."""
        for x, w, those in zip(self._pieces, into, self._tiles, strict=True):
            kept = beta
            for tile in those:
                self._gemm(alpha, delta[tile], x[tile], kept, w, 0, 1, 1)
                kept = 1.0
            if kept != 1.0:
                w *= kept


def tile_height(multiplications: int) -> int:
    """Samples of a tile that takes so many for each: a power of two; 0 if even one sample is too large."""
    samples = SMALL // multiplications
    return 1 << samples.bit_length() >> 1


@lru_cache(maxsize=4096)
def tiles(count: int, height: int) -> tuple[Tile, ...]:
    """The rows up to `count`, `height` at a time."""
    return tuple((start, min(start + height, count)) for start in range(0, count, height))
