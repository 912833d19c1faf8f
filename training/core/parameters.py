"""All that is learned, in one flat vector: optimizers see the vector, the equations see the matrices."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

SMALLEST_SCALE = 1e-3
"""Below this the lazy scale is multiplied into the weights, long before float32 would lose digits."""


class Parameters:
    """Weights, biases and the gains of batch normalisation, as views of one vector.

    The weights that count are `scale * weights[l]`. L2 shrinks every weight by the same factor at each
    step (2.9); held as one scalar, it costs nothing, and the matrix product that adds the gradient can
    run straight into the weights. Biases and gains are not scaled: L2 leaves them alone (2.10).

    Attributes:
        flat: (size,) weights of all layers, then biases of all layers, then gains.
        weights: layer by layer, (n_out, n_in), C order.
        biases: layer by layer, (n_out,).
        gains: of each hidden layer, (n_out,), or empty without batch normalisation.
        weight_count: how many entries of `flat` are weights.
        scale: what the weights are to be multiplied by.
    """

    def __init__(self, sizes: Sequence[int], flat: Array, *, gains: bool = False) -> None:
        self.sizes = tuple(sizes)
        self.flat = flat
        self.scale = 1.0
        self.weight_count = sum(n_in * n_out for n_in, n_out in self.layers)
        self.weights: list[Array] = []
        self.biases: list[Array] = []
        self.gains: list[Array] = []
        self._cut(gains)

    def _cut(self, gains: bool) -> None:
        start = 0
        for n_in, n_out in self.layers:
            self.weights.append(self.flat[start : start + n_in * n_out].reshape(n_out, n_in))
            start += n_in * n_out
        hidden = self.sizes[1:-1] if gains else ()
        for views, lengths in ((self.biases, self.sizes[1:]), (self.gains, hidden)):
            for length in lengths:
                views.append(self.flat[start : start + length])
                start += length
        if start != self.flat.size:
            raise ValueError(f"{self.sizes} needs {start} parameters, not {self.flat.size}")

    @property
    def layers(self) -> list[tuple[int, int]]:
        """(n_in, n_out) of each layer."""
        return list(itertools.pairwise(self.sizes))

    @staticmethod
    def count(sizes: Sequence[int], *, gains: bool = False) -> int:
        """How many parameters a network of these sizes has."""
        weights = sum(n_in * n_out for n_in, n_out in itertools.pairwise(sizes))
        return weights + sum(sizes[1:]) + (sum(sizes[1:-1]) if gains else 0)

    def empty_like(self) -> Parameters:
        """Zeros of the same layout: a gradient, a velocity, an average."""
        return Parameters(self.sizes, np.zeros_like(self.flat), gains=bool(self.gains))

    def shrink(self, factor: float) -> None:
        """Multiply all weights by `factor` > 0, at the cost of one multiplication."""
        self.scale *= factor

    def settle(self, *, below: float = math.inf) -> None:
        """Multiply the scale into the weights if it is below `below`, so that they stand as they count."""
        if self.scale < below and self.scale != 1.0:
            self.flat[: self.weight_count] *= self.scale
            self.scale = 1.0
