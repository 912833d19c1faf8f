"""All that a training knows of its first layer, whichever implementation it has."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from training.core.inputs.source import Indices
from training.core.parameters import Array

Arrays = dict[str, Array]


class MiniBatch(Protocol):
    """The inputs x (n_in, columns) of one mini-batch, and the first layer's two products with them."""

    def forward(self, weights: Array, out: Array, scale: float) -> None:
        """out = scale · W x, the sum in (1.2), shape (n_out, columns)."""

    def gradient(self, delta: Array, into: Array, alpha: float, beta: float) -> None:
        """into = beta · into + alpha · δ xᵀ, (1.21) summed over the mini-batch, shape (n_out, n_in)."""

    def inputs(self) -> Array:
        """The inputs themselves, (n_in, columns), as multiples of the first layer's `unit`."""


class FirstLayer(Protocol):
    """Where a training's inputs come from, how the weights that read them lie in memory, and their products.

    Attributes:
        unit: what 1 in the inputs stands for, such as 1/255 for bytes.
        by_input: whether weights lie input by input and activations sample by sample; see `Parameters`.
    """

    unit: float
    by_input: bool

    def arranged(self, arrays: Arrays) -> Arrays:
        """A state's arrays as this layer works on them."""

    def restored(self, arrays: Arrays) -> Arrays:
        """The reverse: arrays as a state keeps them."""

    def begin_epoch(self, rng: np.random.Generator, order: Indices, batch_size: int) -> Indices:
        """Go through the samples in this order from here on, and draw from `rng`.

        Returns the order that will be kept: each mini-batch the same, its samples perhaps rearranged.
        """

    def mini_batch(self, start: int, samples: int) -> MiniBatch:
        """The mini-batch that begins at `start` of that order; it holds until the next one is asked for."""
