"""A network that computes in whole numbers alone, from the input's bytes to its logits. See docs/precisions.md.

Every sum stays below 2²⁴, so float32 has it exactly, in whatever order it is added up: numpy's products of floats give
the very integers that a chip computes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt

from recognizer.core.activations import ACTIVATIONS, softmax
from recognizer.core.messages import message as _
from recognizer.core.network import Network, NetworkError, check_shapes
from recognizer.core.precision.levels import are_levels
from recognizer.core.precision.names import INTEGER_BITS

Array = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]

TOP = 255
"""The largest activation; 0 is the least."""
LIMIT = 1 << 24
"""No sum, whatever the input, reaches this."""
LOGIT_SHIFT = 16
"""Of the last layer."""
MOST_SHIFT = 40
MOST_BIAS_SHIFT = 15
LARGEST_SCALE = 1e6


@dataclass(frozen=True, eq=False)
class IntegerLayer:
    """One layer: sum = bias · 2^bias_shift + Σ w a, y = ⌊(sum · multiplier + ½ 2^shift) / 2^shift⌋.

    The last layer's y are its logits. A hidden layer's a' = table[c], or c itself without a table, c being y clipped
    to 0…255.

    Attributes:
        weights: int8 (n_out, n_in), levels of the network's precision.
        biases: int16 (n_out,).
        bias_shift: 0 to 15.
        multipliers: uint16 (n_out,).
        shifts: uint8 (n_out,), 0 to 40.
        table: uint8 (256,), or None.
    """

    weights: npt.NDArray[np.int8]
    biases: npt.NDArray[np.int16]
    bias_shift: int
    multipliers: npt.NDArray[np.uint16]
    shifts: npt.NDArray[np.uint8]
    table: Optional[Bytes] = None

    def sums_of_biases(self) -> npt.NDArray[np.int32]:
        """Biases (n_out,) in the unit of the sums."""
        return self.biases.astype(np.int32) << self.bias_shift

    def halves(self) -> npt.NDArray[np.int64]:
        """½ 2^shift, in whole numbers (n_out,): 0 where nothing is shifted."""
        return (np.int64(1) << self.shifts.astype(np.int64)) >> 1

    def largest_sum(self) -> int:
        """What no |sum| can exceed."""
        weights = np.abs(self.weights.astype(np.int64)).sum(axis=1) * TOP
        return int((weights + np.abs(self.sums_of_biases().astype(np.int64))).max())


@dataclass(frozen=True, eq=False)
class IntegerNetwork:
    """Layers of whole numbers; probabilities are the softmax of logits · logit_scale. Checks itself: NetworkError.

    Args:
        layers: the last one gives the logits.
        activation: `relu` (hidden layers without a table) or another (with one).
        precision: `int8`, `int4` or `int2`.
        logit_scale: what 1 of a logit is worth.
    """

    layers: tuple[IntegerLayer, ...]
    activation: str
    precision: str
    logit_scale: float

    def __post_init__(self) -> None:
        """Check shapes, levels, shifts, tables and that nothing can overflow."""
        check_shapes([layer.weights.shape for layer in self.layers], [layer.biases.shape for layer in self.layers])
        if self.precision not in INTEGER_BITS or self.activation not in ACTIVATIONS:
            raise NetworkError(_("This is not a network of whole numbers: its precision or activation is another."))
        if not 0 < self.logit_scale <= LARGEST_SCALE:
            raise NetworkError(_("What a logit is worth must be a number above 0, at most a million."))
        for number, layer in enumerate(self.layers, start=1):
            self._check_layer(layer, number)

    def _check_layer(self, layer: IntegerLayer, number: int) -> None:
        is_last = number == len(self.layers)
        tables = not is_last and self.activation != "relu"
        fits = (
            len(layer.multipliers) == len(layer.shifts) == len(layer.biases)
            and (layer.table is not None) == tables
            and are_levels(layer.weights, INTEGER_BITS[self.precision])
            and 0 <= layer.bias_shift <= MOST_BIAS_SHIFT
            and int(layer.shifts.max()) <= MOST_SHIFT
        )
        if not fits or not _scales_as_it_should(layer, is_last=is_last):
            raise NetworkError(_("Layer %(layer)d is not one of %(precision)s.") % self._words(number))
        room = 0 if tables or is_last else int(layer.halves().max())
        if layer.largest_sum() + room >= LIMIT:
            raise NetworkError(
                _("The sums of layer %(layer)d can overflow in %(precision)s: they must stay below 16,777,216.")
                % self._words(number)
            )

    def _words(self, number: int) -> dict[str, object]:
        return {"layer": number, "precision": self.precision}

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons of each layer, from the input to the output."""
        return (self.layers[0].weights.shape[1], *(len(layer.biases) for layer in self.layers))

    @property
    def parameter_count(self) -> int:
        """Weights and biases together."""
        return sum(layer.weights.size + layer.biases.size for layer in self.layers)

    @cached_property
    def _steps(self) -> list[_Step]:
        """What each layer needs, unpacked once into floats."""
        return [_Step(layer) for layer in self.layers]

    def whole_layers(self, inputs: Array) -> tuple[Array, Array]:
        """The last hidden layer (m, hidden), 0…255, and logits (m, classes), all whole numbers, of bytes as floats."""
        if inputs.ndim != 2 or inputs.shape[1] != self.layers[0].weights.shape[1]:
            raise NetworkError(
                _("This network takes inputs of %(n_in)s values, not an array %(shape)s.")
                % {"n_in": self.sizes[0], "shape": inputs.shape}
            )
        *hidden, last = self._steps
        a = inputs
        for step in hidden:
            a = step.activations(a)
        return a, last.logits(a)

    def whole_logits(self, inputs: Bytes) -> npt.NDArray[np.int32]:
        """Logits (m, classes) of inputs (m, n_in) as an ink specification makes them, as whole numbers."""
        return self.whole_layers(inputs.astype(np.float32))[1].astype(np.int32)

    def probabilities(self, inputs: Array) -> Array:
        """Probabilities (m, classes) of inputs (m, n_in), bytes as floats."""
        return softmax(self.whole_layers(inputs)[1] * np.float32(self.logit_scale))

    def read_layers(self, inputs: Bytes) -> tuple[Array, Array]:
        """The last hidden layer (m, hidden), 0…255, and scores (m, classes) of inputs (m, n_in), bytes."""
        hidden, logits = self.whole_layers(inputs.astype(np.float32))
        return hidden, logits * np.float32(self.logit_scale)

    def read(self, inputs: Bytes) -> Array:
        """Probabilities (m, classes) of inputs (m, n_in) as an ink specification makes them: bytes."""
        return softmax(self.read_layers(inputs)[1])

    def bound(self) -> float:
        """A number that no |score| can exceed."""
        return LIMIT * self.logit_scale

    def weights_sha256(self) -> str:
        """SHA-256 layer by layer of weights, biases, multipliers and shifts, as little-endian float32, row by row."""
        digest = hashlib.sha256()
        for layer in self.layers:
            for array in (layer.weights, layer.sums_of_biases(), layer.multipliers, layer.shifts):
                digest.update(array.astype("<f4").tobytes())
        return digest.hexdigest()


def _scales_as_it_should(layer: IntegerLayer, *, is_last: bool) -> bool:
    """ReLU's layers shift only; layers with a table have one shift for all neurons, and so has the last one."""
    if is_last:
        return bool((layer.shifts == LOGIT_SHIFT).all())
    if layer.table is None:
        return bool((layer.multipliers == 1).all())
    return bool((layer.shifts == layer.shifts[0]).all())


MANY = 32
"""Inputs from which one pass of np.clip takes less than two passes that begin sooner (7 % of 256-128 at 1,000)."""
ROWS = 128
"""Inputs whose sums are scaled together, in float64, so that they stay in the cache."""


class _Step:
    """One layer's numbers as floats.

    ReLU's weights and biases are divided by 2^shift beforehand, which is exact: the sums then need but their floor.
    Other layers' sums are scaled in float64, where products have less than 53 bits; biases are scaled beforehand.
    """

    def __init__(self, layer: IntegerLayer) -> None:
        powers = np.ldexp(1.0, -layer.shifts.astype(np.int64))
        self._table = None if layer.table is None else layer.table.astype(np.float32)
        self._factors = layer.multipliers * powers
        biases = (layer.sums_of_biases() * layer.multipliers.astype(np.float64) + layer.halves()) * powers
        self._shifts_only = layer.table is None and bool((layer.multipliers == 1).all())
        weights = layer.weights.T.astype(np.float32)
        self._weights = np.ascontiguousarray(weights * powers.astype(np.float32) if self._shifts_only else weights)
        self._biases = biases.astype(np.float32) if self._shifts_only else biases

    def activations(self, a: Array) -> Array:
        """a' (m, n_out), whole numbers 0…255, of a (m, n_in)."""
        sums: Array = a @ self._weights
        if self._table is None:
            sums += self._biases
            np.floor(self._within(sums), out=sums)
            return sums
        for start in range(0, len(sums), ROWS):
            part = sums[start : start + ROWS]
            part[...] = self._table.take(self._within(self._scaled(part)).astype(np.uint8))
        return sums

    def logits(self, a: Array) -> Array:
        """Logits (m, n_out), whole numbers, of a (m, n_in)."""
        y: npt.NDArray[Any] = a @ self._weights
        if not self._shifts_only:
            y = y * self._factors
        y += self._biases
        return np.asarray(np.floor(y, out=y), np.float32)

    def _scaled(self, sums: Array) -> npt.NDArray[Any]:
        """(sum · multiplier + ½ 2^shift) / 2^shift, exact, float64 (m, n_out)."""
        y: npt.NDArray[Any] = sums.astype(np.float64)
        y *= self._factors
        y += self._biases
        return y

    @staticmethod
    def _within(y: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The same array, nothing in it below 0 or above 255."""
        if len(y) >= MANY:
            np.clip(y, 0, TOP, out=y)
        else:
            np.maximum(y, 0, out=y)
            np.minimum(y, TOP, out=y)
        return y


AnyNetwork = Union[Network, IntegerNetwork]
"""What a model file may hold: both read bytes, by `read_layers` and `read`."""


def in_floats(network: AnyNetwork) -> Network:
    """The network, if it computes in floats. Raises NetworkError for one that computes in whole numbers."""
    if isinstance(network, IntegerNetwork):
        raise NetworkError(
            _("The model computes in whole numbers (%(precision)s): take the one that it was made from.")
            % {"precision": network.precision}
        )
    return network
