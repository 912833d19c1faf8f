"""Batch normalisation of a hidden layer (Ioffe, Szegedy 2015) on feature-major arrays.

z becomes γ ẑ + b with ẑ = (z − mean) / √(variance + ε) over the mini-batch. The layer's bias b stands
after the normalisation, where it would be cancelled before it. `folded` turns a trained layer into plain
weights and biases, so that what serves knows nothing of this.
"""

from __future__ import annotations

import numpy as np

from training.core.parameters import Array
from training.core.products import Products

EPSILON = 1e-5
RUNNING = 0.01
"""Share of a mini-batch's mean and variance in the running ones."""


class BatchNormalization:
    """One layer's normalisation, its running statistics and its buffers.

    Args:
        gains, biases: γ and b, (n,): views of the parameters.
        mean, variance: running statistics, (n,), updated in place.
        samples: columns that count; the rest is padding.
        like: an array of the shape (n, columns) and the memory order of those to come.
    """

    def __init__(self, gains: Array, biases: Array, mean: Array, variance: Array, *, samples: int, like: Array) -> None:
        self.gains, self.biases, self.mean, self.variance = gains, biases, mean, variance
        self._samples = samples
        self._products = Products(gains.dtype)
        self._share = np.zeros(like.shape[1], gains.dtype)
        self._share[:samples] = 1 / samples
        self._normalized = np.empty_like(like)
        self._work = np.empty_like(self._normalized)
        self._sums = np.empty((3, gains.size), gains.dtype)

    def forward(self, z: Array) -> None:
        """z (n, columns) becomes γ ẑ + b; the running statistics take in this mini-batch."""
        mean, variance, inverse = self._sums
        self._products.rows(z, self._share, mean, 1, 0)
        z -= mean[:, None]
        np.multiply(z, z, out=self._work)
        self._products.rows(self._work, self._share, variance, 1, 0)
        self.mean += RUNNING * (mean - self.mean)
        self.variance += RUNNING * (variance - self.variance)
        np.divide(1, np.sqrt(variance + EPSILON), out=inverse)
        np.multiply(z, inverse[:, None], out=self._normalized)
        np.multiply(self._normalized, self.gains[:, None], out=z)
        z += self.biases[:, None]

    def backward(self, delta: Array) -> Array:
        """δ at γ ẑ + b becomes δ at z, in place; the sums over samples for γ, Σ δ ẑ (n,), are returned.

        δ_z = γ/√(variance + ε) · (δ − mean(δ) − ẑ mean(δ ẑ)). Padding comes in as 0 and leaves as 0.
        """
        mean_delta, mean_product, inverse = self._sums
        np.multiply(delta, self._normalized, out=self._work)
        self._products.rows(self._work, self._share, mean_product, 1, 0)
        self._products.rows(delta, self._share, mean_delta, 1, 0)
        np.multiply(self._normalized, mean_product[:, None], out=self._work)
        delta -= self._work
        delta -= mean_delta[:, None]
        delta *= (self.gains * inverse)[:, None]
        delta[:, self._samples :] = 0
        return mean_product * self._samples


def folded(weights: Array, biases: Array, gains: Array, mean: Array, variance: Array) -> tuple[Array, Array]:
    """Plain weights and biases that give γ (w x − mean)/√(variance + ε) + b."""
    factor = gains / np.sqrt(variance + EPSILON)
    return weights * factor[:, None], biases - factor * mean
