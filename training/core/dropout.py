"""Dropout (Srivastava et al. 2014)."""

from __future__ import annotations

import numpy as np

from training.core.parameters import Array


class Dropout:
    """Silences a share of hidden neurons and scales the rest up.

    A byte for each neuron and sample decides, so the share is rounded to 256ths.
    """

    def __init__(self, share: float) -> None:
        self._threshold = np.uint8(round(share * 256))
        self._kept = 1 - int(self._threshold) / 256

    def apply(self, a: Array, derivative: Array, rng: np.random.Generator) -> None:
        """Multiply activations and their derivatives (neurons, columns) by one mask of 0 and 1/kept."""
        drawn = np.frombuffer(rng.bytes(a.size), np.uint8).reshape(a.shape)
        mask = (drawn >= self._threshold).astype(a.dtype)
        mask /= self._kept
        a *= mask
        derivative *= mask
