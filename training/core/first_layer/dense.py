"""The first layer with whole products: for inputs that are warped, or that teachers read too."""

from __future__ import annotations

from typing import Any

import numpy as np

from training.core.first_layer.interface import Arrays
from training.core.inputs.source import Indices, InputSource
from training.core.parameters import Array
from training.core.products import Products


class DenseFirstLayer:
    """Inputs from any source; weights lie as a state keeps them.

    Args:
        source: of the inputs.
        dtype: of inputs and weights.
    """

    by_input = False

    def __init__(self, source: InputSource, dtype: np.dtype[Any]) -> None:
        self.unit = source.unit
        self._source = source
        self._products = Products(dtype)

    def arranged(self, arrays: Arrays) -> Arrays:
        """The arrays themselves."""
        return arrays

    def restored(self, arrays: Arrays) -> Arrays:
        """The arrays themselves."""
        return arrays

    def begin_epoch(self, rng: np.random.Generator, order: Indices, batch_size: int) -> Indices:
        """Go through the samples in this very order."""
        self._source.begin_epoch(rng, order)
        return order

    def mini_batch(self, start: int, samples: int) -> DenseBatch:
        """The mini-batch that begins at `start`."""
        return DenseBatch(self._source.take(start, samples), self._products, self.unit)


class DenseBatch:
    """A mini-batch whose inputs are one array (n_in, columns), in either memory order."""

    def __init__(self, inputs: Array, products: Products, unit: float = 1.0) -> None:
        self._inputs = inputs
        self._products = products
        self._unit = unit

    def forward(self, weights: Array, out: Array, scale: float) -> None:
        """out = scale · W x, the sum in (1.2)."""
        self._products.forward(weights, self._inputs, out, scale * self._unit)

    def gradient(self, delta: Array, into: Array, alpha: float, beta: float) -> None:
        """into = beta · into + alpha · δ xᵀ, (1.21) summed over the mini-batch."""
        self._products.gradient(delta, self._inputs, into, alpha * self._unit, beta)

    def inputs(self) -> Array:
        """The array."""
        return self._inputs
