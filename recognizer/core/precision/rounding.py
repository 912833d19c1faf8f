"""A trained network with rounded parameters, computed in floating point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recognizer.core.activations import ACTIVATIONS, softmax
from recognizer.core.messages import message as _
from recognizer.core.network import Network, NetworkError
from recognizer.core.precision.names import PRECISIONS, ROUNDED

HalfArray = npt.NDArray[np.float16]
Float32 = npt.NDArray[np.float32]
SCALE_BITS = 16
"""Significant bits of a row's scale: its products with whole numbers of 8 bits then are exact in float32."""
LARGEST_INT8 = 127


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

    def probabilities(self, inputs: npt.NDArray[np.floating]) -> Float32:
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
    if precision not in ROUNDED:
        raise NetworkError(
            _("Rounding is not enough for %(precision)s, which needs a calibration: compress the model.")
            % {"precision": precision}
        )
    if precision == "fp32":
        return network
    if precision == "int8-weights":
        weights = tuple(floats_of(*to_int8_rows(array)) for array in network.weights)
        return Network(weights, network.biases, network.activation)
    half = to_half(network)
    weights = tuple(array.astype(np.float32) for array in half.weights)
    biases = tuple(array.astype(np.float32) for array in half.biases)
    return Network(weights, biases, network.activation)


def to_int8_rows(weights: Float32) -> tuple[npt.NDArray[np.int8], Float32]:
    """Whole numbers −127…127, (n_out, n_in), and a scale for each row, (n_out,): weights ≈ scale · whole.

    The largest of a row is ±127. What `floats_of` makes of the two is rounded to the very same ones.
    """
    largest = np.abs(weights).max(axis=1).astype(np.float64)
    scales = _upward(largest / LARGEST_INT8)
    scales[~(largest > 0)] = 1
    return np.rint(weights / scales[:, np.newaxis]).astype(np.int8), scales.astype(np.float32)


def floats_of(whole: npt.NDArray[np.int8], scales: Float32) -> Float32:
    """The weights that whole numbers (n_out, n_in) and their rows' scales (n_out,) stand for."""
    weights: Float32 = whole.astype(np.float32) * scales[:, np.newaxis]
    return weights


def _upward(scales: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Numbers ≥ 0 rounded up to 16 significant bits, none below the least that float32 has in full."""
    fraction, exponent = np.frexp(np.maximum(scales, float(np.finfo(np.float32).tiny)))
    rounded: npt.NDArray[np.float64] = np.ldexp(np.ceil(np.ldexp(fraction, SCALE_BITS)), exponent - SCALE_BITS)
    return rounded


def _halved(array: Float32) -> HalfArray:
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
