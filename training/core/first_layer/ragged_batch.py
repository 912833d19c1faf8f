"""Less than the whole products: where a sample has paper, neither of the first layer's products needs it.

Most of a letter's picture is paper. So the pixels are sorted by how often they are inked; a sample's `extent` is
how many pixels of that order hold all its ink, and the samples of a mini-batch are sorted by their extent. Then
later pixels need fewer samples:

    pixels →     often inked        seldom inked
    samples      ███████████████████████████████
       ↓         ████████████████████████
                 ██████████████████
                 ███████████████

`RaggedBatch` multiplies that ragged part only, tile by tile. Its sums are those of the whole products without the
terms that are 0: tests/training/core/first_layer/test_sparse.py. What that gains is in docs/training.md.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from training.core.inputs.source import Indices
from training.core.parameters import Array
from training.core.products import blas_functions

Tile = tuple[int, int]
"""First sample, and the sample after the last."""

PIECE = 112
"""Inputs of a piece of the first layer: BLAS does not pack the product with 32 samples and 256 neurons."""
UNPACKED = 1_000_000
"""Multiplications up to which OpenBLAS, on AVX-512, leaves out the packing of both matrices."""


def pieces(n_in: int) -> list[slice]:
    """The inputs of each piece; those of the first half, which most samples need, are twice as wide."""
    cuts = [0]
    while cuts[-1] < n_in:
        width = 2 * PIECE if 2 * cuts[-1] < n_in else PIECE
        cuts.append(min(cuts[-1] + width, n_in))
    return list(itertools.starmap(slice, itertools.pairwise(cuts)))


class TileViews(dict[Tile, Array]):
    """The samples of each tile of an array (n, columns) in Fortran order, as views that BLAS takes; made once."""

    def __init__(self, array: Array) -> None:
        super().__init__()
        self.array = array

    def __missing__(self, tile: Tile) -> Array:
        self[tile] = view = self.array[:, slice(*tile)]
        return view


class InputPieces:
    """How the inputs are cut into pieces, and views of what takes part in each step.

    Views are made once: made at each step, they would add about 2 % to an epoch at 15 samples a step. Arrays are
    recognised by their `id`, and kept, so that no other array can get the same one.

    Args:
        pixels: the order of the inputs, (n_in,).
    """

    def __init__(self, pixels: Indices) -> None:
        self.pixels = pixels
        self.slices = pieces(len(pixels))
        self._tiles: dict[int, TileViews] = {}
        self._weights: dict[int, tuple[Array, list[Array]]] = {}

    def tiles(self, array: Array) -> TileViews:
        """Of activations or errors (neurons, columns), Fortran order."""
        if id(array) not in self._tiles:
            self._tiles[id(array)] = TileViews(array)
        return self._tiles[id(array)]

    def weights(self, array: Array) -> list[Array]:
        """The pieces of weights or their gradients (neurons, n_in), Fortran order."""
        if id(array) not in self._weights:
            self._weights[id(array)] = (array, [array[:, piece] for piece in self.slices])
        return self._weights[id(array)][1]


class RaggedBatch:
    """A mini-batch whose samples are sorted by extent, the largest first.

    Args:
        values: inputs (columns, pixels) of each piece, C order.
        inputs: how the inputs are cut.
        neurons: of the first layer.
        unit: what 1 in the inputs stands for.
    """

    def __init__(self, values: Sequence[Array], inputs: InputPieces, *, neurons: int, unit: float) -> None:
        (self._gemm,) = blas_functions(("gemm",), dtype=values[0].dtype)
        self._values = [TileViews(piece.T) for piece in values]
        self._inputs = inputs
        self._unit = unit
        self._heights = [tile_height(piece.shape[1] * neurons) or len(piece) for piece in values]
        self._counts: Sequence[int] = ()
        self._tiles: list[tuple[Tile, ...]] = []

    def fill(self, counts: Sequence[int]) -> None:
        """The values are those of another mini-batch; only its first `counts` samples have ink in each piece.

        The first piece counts all samples, so that every sum is begun.
        """
        self._counts = counts
        self._tiles = [*map(tiles, counts, self._heights)]

    def forward(self, weights: Array, out: Array, scale: float) -> None:
        """out = scale · W x, the sum in (1.2); both in Fortran order."""
        alpha, beta, sums = scale * self._unit, 0.0, self._inputs.tiles(out)
        for x, w, those in zip(self._values, self._inputs.weights(weights), self._tiles, strict=True):
            for tile in those:
                self._gemm(alpha, w, x[tile], beta, sums[tile], 0, 0, 1)
            beta = 1.0

    def gradient(self, delta: Array, into: Array, alpha: float, beta: float) -> None:
        """into = beta · into + alpha · δ xᵀ, (1.21) summed over the mini-batch; both in Fortran order."""
        alpha, errors = alpha * self._unit, self._inputs.tiles(delta)
        for x, w, those in zip(self._values, self._inputs.weights(into), self._tiles, strict=True):
            kept = beta
            for tile in those:
                self._gemm(alpha, errors[tile], x[tile], kept, w, 0, 1, 1)
                kept = 1.0
            if kept != 1.0:
                w *= kept

    def inputs(self) -> Array:
        """The inputs (n_in, columns) in their own order, whole: what is left out otherwise is 0."""
        first = self._values[0].array
        whole = np.zeros((len(self._inputs.pixels), first.shape[1]), first.dtype)
        for piece, values, count in zip(self._inputs.slices, self._values, self._counts, strict=True):
            whole[self._inputs.pixels[piece], :count] = values.array[:, :count]
        return whole


def tile_height(multiplications: int) -> int:
    """Samples of a tile, given the multiplications that each takes: a power of two; 0 if even one is too large."""
    samples = UNPACKED // multiplications
    return 1 << samples.bit_length() >> 1


@lru_cache(maxsize=4096)
def tiles(count: int, height: int) -> tuple[Tile, ...]:
    """The samples up to `count`, `height` at a time."""
    return tuple((start, min(start + height, count)) for start in range(0, count, height))
