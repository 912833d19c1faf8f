"""Activations of hidden layers, and softmax, which turns the last layer's scores into probabilities."""

from __future__ import annotations

import math
from typing import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
ROOT, CUBE = math.sqrt(2 / math.pi), 0.044715
"""Of GELU: Φ(z) ≈ ½ (1 + tanh(ROOT (z + CUBE z³)))."""


def sigmoid(z: Floats) -> Floats:
    """1 / (1 + e⁻ᶻ), thesis (1.1), elementwise in z's own precision. Does not overflow."""
    half = z.dtype.type(0.5)
    # The same function, written with tanh: there is no e⁻ᶻ that could overflow.
    result: Floats = half * (np.tanh(half * z) + z.dtype.type(1))
    return result


def relu(z: Floats) -> Floats:
    """max(0, z), thesis (2.11), elementwise."""
    return np.maximum(z, z.dtype.type(0))


def gelu(z: Floats) -> Floats:
    """z Φ(z), Φ being the standard normal distribution, by its tanh form (Hendrycks, Gimpel 2016), elementwise.

    Beyond ±8 the tanh is ±1 to double precision; the bound keeps z² within the range of float16.
    """
    number = z.dtype.type
    inner = np.clip(z, number(-8), number(8))
    slope = inner * inner
    slope *= number(ROOT * CUBE)
    slope += number(ROOT)
    inner *= slope
    np.tanh(inner, out=inner)
    inner += number(1)
    inner *= number(0.5)
    inner *= z
    return inner


def softmax(z: Floats) -> Floats:
    """Probabilities (m, classes) from logits (m, classes), thesis (1.3): eᶻ over its row's sum.

    The largest logit of a row is taken from all of them first, which changes nothing but avoids overflow.
    """
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    result: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return result


ACTIVATIONS: dict[str, Callable[[Floats], Floats]] = {"sigmoid": sigmoid, "relu": relu, "gelu": gelu}
"""Activations of hidden layers by name."""
