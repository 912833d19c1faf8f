"""All that is learned, in one flat vector: optimizers see the vector, the equations see the matrices."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

SMALLEST_SCALE = 1e-3
"""Below this the lazy scale is multiplied into the weights, long before float32 would lose digits."""


class Parameters:
    """Weights, biases and the gains of batch normalisation, as views of one vector.

    The network's weights are `scale * weights[l]`. L2 shrinks every weight by the same factor at each
    step (2.9); held as one scalar, it costs nothing, and the matrix product that adds the gradient can
    run straight into the weights. Biases and gains are not scaled: L2 leaves them alone (2.10).

    Attributes:
        flat: (size,) weights of all layers, then biases of all layers, then gains.
        weights: layer by layer, (n_out, n_in), C order; with `by_input` the first layer's in Fortran order.
        biases: layer by layer, (n_out,).
        gains: of each hidden layer, (n_out,), or empty without batch normalisation.
        weight_count: how many entries of `flat` are weights.
        scale: what the weights are to be multiplied by.
        by_input: whether the first layer's weights lie input by input, as the sparse first layer wants them.
    """

    def __init__(self, sizes: Sequence[int], flat: Array, *, gains: bool = False, by_input: bool = False) -> None:
        self.sizes = tuple(sizes)
        self.flat = flat
        self.scale = 1.0
        self.weight_count = sum(n_in * n_out for n_in, n_out in self.layers)
        self.weights: list[Array] = []
        self.biases: list[Array] = []
        self.gains: list[Array] = []
        self.by_input = by_input
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
        if self.by_input:
            n_in, n_out = self.layers[0]
            self.weights[0] = self.weights[0].reshape(n_in, n_out).T

    @property
    def layers(self) -> list[tuple[int, int]]:
        """(n_in, n_out) of each layer."""
        return list(itertools.pairwise(self.sizes))

    @staticmethod
    def count(sizes: Sequence[int], *, gains: bool = False) -> int:
        """How many parameters a network of these sizes has."""
        weights = sum(n_in * n_out for n_in, n_out in itertools.pairwise(sizes))
        return weights + sum(sizes[1:]) + (sum(sizes[1:-1]) if gains else 0)

    def view(self, flat: Array) -> Parameters:
        """Another vector seen in the same layout (no copy): a gradient, an average."""
        return Parameters(self.sizes, flat, gains=bool(self.gains), by_input=self.by_input)

    def zeros_like(self) -> Parameters:
        """Zeros in the same layout."""
        return self.view(np.zeros_like(self.flat))

    def shrink(self, factor: float) -> None:
        """Multiply all weights by `factor` > 0, at the cost of one multiplication."""
        self.scale *= factor

    def apply_scale(self, *, below: float = math.inf) -> None:
        """Multiply the scale into the weights, if it is below `below`; it is 1 afterwards."""
        if self.scale < below and self.scale != 1.0:
            self.flat[: self.weight_count] *= self.scale
            self.scale = 1.0


class GradientTarget(NamedTuple):
    """Where backpropagation adds the gradients of a mini-batch: into = beta · into + alpha · Σ ∂C_x.

    Attributes:
        into: same layout as the parameters, perhaps the parameters themselves.
        weight_alpha: alpha of weights.
        other_alpha: alpha of biases and gains.
        beta: share of the values there that is kept.
    """

    into: Parameters
    weight_alpha: float
    other_alpha: float
    beta: float
