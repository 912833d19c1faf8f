"""First values of weights and biases, drawn from a passed generator."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from training.core.parameters import Array, Parameters

Spread = Callable[[int, int], float]

WEIGHTS: dict[str, Spread] = {
    "normal": lambda n_in, n_out: 1.0,
    "scaled-normal": lambda n_in, n_out: 1 / math.sqrt(n_in),  # thesis 2.10
    "he": lambda n_in, n_out: math.sqrt(2 / n_in),  # He et al. 2015, (10)
    "glorot": lambda n_in, n_out: math.sqrt(2 / (n_in + n_out)),  # Glorot, Bengio 2010, (12)
}
"""Standard deviation of a layer's weights from its (n_in, n_out); the mean is 0."""

BIASES = {"normal": 1.0, "scaled-normal": 1.0, "he": 0.0, "glorot": 0.0}
"""Standard deviation of the biases: N(0, 1) in the thesis, both times."""


def initialize(parameters: Parameters, name: str, rng: np.random.Generator) -> None:
    """Fill weights and biases as the initializer `name` says, layer by layer; gains become 1."""
    for weights, biases in zip(parameters.weights, parameters.biases, strict=True):
        n_out, n_in = weights.shape
        weights[...] = _normal(rng, weights, WEIGHTS[name](n_in, n_out))
        biases[...] = _normal(rng, biases, BIASES[name])
    for gains in parameters.gains:
        gains[...] = 1


def _normal(rng: np.random.Generator, like: Array, deviation: float) -> Array:
    """Drawn in float64 whatever the dtype, so that float32 and float64 begin alike."""
    return np.asarray(rng.normal(size=like.shape) * deviation, like.dtype)
