"""A trained network in fewer bits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recognizer.core.activations import ACTIVATIONS, softmax
from recognizer.core.messages import message as _
from recognizer.core.network import Network, NetworkError

HalfArray = npt.NDArray[np.float16]

PRECISIONS = ("fp32", "fp16")
"""Precisions that a model file can hold; fp16 is the thesis's (§3.1)."""


@dataclass(frozen=True, eq=False)
class HalfNetwork:
    """A network whose weights, biases and arithmetic are all float16, as the thesis ran it (§3.1).

    Few processors compute in float16, so this saves memory rather than time; `to_precision` gives
    the same rounded parameters computed in float32.
    """

    weights: tuple[HalfArray, ...]
    biases: tuple[HalfArray, ...]
    activation: str

    def logits(self, inputs: npt.NDArray[np.floating]) -> HalfArray:
        """Scores (m, classes) of inputs (m, n_in) in 0…1, every step rounded to float16."""
        activation = ACTIVATIONS[self.activation]
        a = inputs.astype(np.float16, copy=False)
        for w, b in zip(self.weights[:-1], self.biases[:-1]):
            a = activation(a @ w.T + b)
        return a @ self.weights[-1].T + self.biases[-1]

    def probabilities(self, inputs: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
        """Probabilities (m, classes); the softmax itself is computed in float32."""
        return softmax(self.logits(inputs).astype(np.float32))


def to_half(network: Network) -> HalfNetwork:
    """The network with weights and biases rounded to float16 (thesis §3.1).

    Raises NetworkError where one is too large for float16, whose largest number is 65,504.
    """
    weights = tuple(_halved(array) for array in network.weights)
    biases = tuple(_halved(array) for array in network.biases)
    return HalfNetwork(weights, biases, network.activation)


def to_precision(network: Network, precision: str) -> Network:
    """The network with its parameters rounded to a precision, computed in float32. Raises NetworkError."""
    if precision not in PRECISIONS:
        raise NetworkError(
            _("The precision “%(precision)s” is not one of %(precisions)s.")
            % {"precision": precision, "precisions": ", ".join(PRECISIONS)}
        )
    if precision == "fp32":
        return network
    half = to_half(network)
    weights = tuple(array.astype(np.float32) for array in half.weights)
    biases = tuple(array.astype(np.float32) for array in half.biases)
    return Network(weights, biases, network.activation)


def _halved(array: npt.NDArray[np.float32]) -> HalfArray:
    """The array rounded to float16, read-only."""
    with np.errstate(over="ignore"):
        half = array.astype(np.float16)
    if np.isinf(half).any() and not np.isinf(array).any():
        raise NetworkError(
            _("A parameter of %(largest)s is too large for float16 (at most 65,504).")
            % {"largest": f"{np.abs(array).max():g}"}
        )
    half.flags.writeable = False
    return half
