"""A trained network in whole numbers, by looking at what it makes of some inputs: the calibration set.

Layer by layer, each on what the layers before it give in whole numbers:

- a row's scale is the one with the least squared error of its sums, a little below the largest weight's;
- weights are rounded one input after another, and later ones make up for the error (GPTQ, Frantar et al. 2023);
- biases then make up for what is left on average (Nagel et al. 2019, Data-free quantization);
- with ReLU each neuron has an own scale that is its sums' times a power of two, so that no chip has to multiply
  (cross-layer equalisation, ibid.); other activations are tables of 256 bytes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Tuple, Union

import numpy as np
import numpy.typing as npt

from recognizer.core.activations import ACTIVATIONS
from recognizer.core.inputs import unit_floats
from recognizer.core.messages import message as _
from recognizer.core.network import Network, NetworkError
from recognizer.core.precision.integer import (
    LIMIT,
    LOGIT_SHIFT,
    MOST_BIAS_SHIFT,
    MOST_SHIFT,
    TOP,
    IntegerLayer,
    IntegerNetwork,
)
from recognizer.core.precision.levels import LARGEST, nearest
from recognizer.core.precision.names import INTEGER_BITS

Bytes = npt.NDArray[np.uint8]
Doubles = npt.NDArray[np.float64]

FEWEST = 32
"""Inputs of a calibration set."""
RATIOS = {8: np.linspace(0.9, 1.0, 6), 4: np.linspace(0.4, 1.0, 31), 2: np.linspace(0.2, 1.0, 41)}
"""Of the scale that would hold a row's largest weight: which are tried."""
DAMPING = 0.01
"""Share of the mean variance that is added to each input's."""
REACH = 0.9995
"""Share of the calibration set's sums that a neuron's range holds."""
TABLE_REACH = 0.9999
TABLE_RANGES = {"gelu": (-4.0, math.inf), "sigmoid": (-8.0, 8.0)}
"""Beyond these an activation does not change, or not by what a byte could tell."""
MULTIPLIER_BITS = 16
BLOCK = 32
"""Inputs whose errors are passed on together to those after them: ten times as fast as one by one."""
SMALLEST_RANGE = 1e-3
ROOM, WIDENING, MOST_WIDENINGS = 0.9, 1.25, 20
"""Share of the largest sum that weights may take, and by what a row's scale grows, how often, until they do."""


@dataclass(frozen=True, eq=False)
class Calibrated:
    """A network in whole numbers; a value of the parent's last hidden layer is about zero + unit · byte.

    `units` are (hidden,), of the inputs where there is no hidden layer.
    """

    network: IntegerNetwork
    units: Doubles
    zero: float


def calibrated(network: Network, inputs: Bytes, precision: str) -> Calibrated:
    """The network in whole numbers.

    Args:
        network: trained, in floats.
        inputs: (n, n_in), as its ink specification makes them: of training pictures.
        precision: `int8`, `int4` or `int2`.

    Raises:
        NetworkError: too few inputs, or of another length; or the sums cannot be kept from overflowing.
    """
    if len(inputs) < FEWEST or inputs.shape[1:] != network.sizes[:1]:
        raise NetworkError(
            _("A calibration needs at least %(fewest)d inputs of %(n_in)d values.")
            % {"fewest": FEWEST, "n_in": network.sizes[0]}
        )
    state = _Progress(network, inputs, INTEGER_BITS[precision])
    layers = [state.hidden(index) for index in range(len(network.weights) - 1)]
    last, scale = state.last()
    whole = IntegerNetwork((*layers, last), network.activation, precision, scale)
    return Calibrated(whole, state.units, state.zero)


class _Progress:
    """How far the conversion has come.

    `floats` (n, n_in) are the activations of the network in floats, `whole` those in whole numbers 0…255, as floats;
    `units` (n_in,) are what 1 of each is worth, above `zero`.
    """

    def __init__(self, network: Network, inputs: Bytes, bits: int) -> None:
        self.network = network
        self.bits = bits
        self.floats: npt.NDArray[np.float32] = unit_floats(inputs)
        self.whole = inputs.astype(np.float64)
        self.units = np.full(inputs.shape[1], 1 / TOP)
        self.zero = 0.0

    def hidden(self, index: int) -> IntegerLayer:
        """The layer in whole numbers; what comes next is its outputs."""
        rows, scales, wanted = self._rows(index)
        made = self._relu if self.network.activation == "relu" else self._table
        layer = made(rows, scales, wanted)
        self.floats = ACTIVATIONS[self.network.activation](wanted)
        return layer

    def last(self) -> Tuple[IntegerLayer, float]:
        """The last layer, and what 1 of its logits is worth."""
        rows, scales, wanted = self._rows(len(self.network.weights) - 1)
        biases, shift, _sums = self._biases(rows, wanted / scales)
        unit = float(scales.max()) * (1 << LOGIT_SHIFT) / ((1 << MULTIPLIER_BITS) - 1)
        multipliers = np.rint(scales / unit * (1 << LOGIT_SHIFT)).astype(np.uint16)
        shifts = np.full(len(rows), LOGIT_SHIFT, np.uint8)
        return IntegerLayer(rows, biases, shift, multipliers, shifts), float(np.float32(unit))

    def _rows(self, index: int) -> tuple[npt.NDArray[np.int8], Doubles, npt.NDArray[np.float32]]:
        """Whole weights (n_out, n_in), what 1 of each row's sums is worth (n_out,), and the sums in floats."""
        weights, biases = self.network.weights[index], self.network.biases[index]
        wanted = self.floats @ weights.T + biases
        centred = self.whole - self.whole.mean(axis=0)
        covariance = centred.T @ centred / len(centred)
        covariance[np.diag_indices_from(covariance)] += DAMPING * max(float(np.diag(covariance).mean()), 1e-6)
        scaled = weights * self.units
        scales = _scales(scaled, np.diag(covariance), self.bits)
        rows = _rounded(scaled, scales, covariance, self.bits)
        for _attempt in range(MOST_WIDENINGS):
            reach = _reach(rows) + self._bias_reach(index, wanted, scales)
            heavy = reach > ROOM * LIMIT
            if not heavy.any():
                break
            scales[heavy] *= np.maximum(WIDENING, reach[heavy] / (ROOM * LIMIT))
            rows[heavy] = _rounded(scaled[heavy], scales[heavy], covariance, self.bits)
        return rows, scales, wanted

    def _bias_reach(self, index: int, wanted: npt.NDArray[np.float32], scales: Doubles) -> Doubles:
        """About how large biases will be; of a hidden neuron that is mostly silent it does not matter."""
        means = wanted.mean(axis=0) / scales
        return np.asarray(np.abs(means) if index == len(self.network.weights) - 1 else np.maximum(means, 0))

    def _biases(
        self, rows: npt.NDArray[np.int8], wanted: Doubles, least: Union[float, Doubles] = -math.inf
    ) -> tuple[npt.NDArray[np.int16], int, Doubles]:
        """Biases, none below `least`, their shift, and the sums (n, n_out) with them, `wanted` in the same unit."""
        sums = self.whole @ rows.T.astype(np.float64)
        exact = (wanted - sums).mean(axis=0)
        exact = np.maximum(exact, least)
        shift = max(0, math.ceil(math.log2(max(float(np.abs(exact).max()), 1) / np.iinfo(np.int16).max)))
        if shift > MOST_BIAS_SHIFT:
            raise NetworkError(_("A bias is too large for this precision."))
        biases = np.rint(np.ldexp(exact, -shift)).astype(np.int16)
        return biases, shift, sums + (biases.astype(np.int64) << shift)

    def _relu(self, rows: npt.NDArray[np.int8], scales: Doubles, wanted: npt.NDArray[np.float32]) -> IntegerLayer:
        """Each neuron's sums are divided by the power of two that brings them to 0…255 with the least error."""
        aims = wanted / scales
        biases, shift, sums = self._biases(rows, aims, -1 - _reach(rows))
        largest = np.maximum(np.quantile(aims, REACH, axis=0), 1.0)
        shifts = np.maximum(np.ceil(np.log2(largest / TOP)), 0).astype(np.int64)
        closer = np.maximum(shifts - 1, 0)
        shifts = np.where(_error(sums, closer) < _error(sums, shifts), closer, shifts)
        self.units = scales * 2.0**shifts
        self.whole = _shifted(sums, shifts)
        return IntegerLayer(rows, biases, shift, np.ones(len(rows), np.uint16), shifts.astype(np.uint8))

    def _table(self, rows: npt.NDArray[np.int8], scales: Doubles, wanted: npt.NDArray[np.float32]) -> IntegerLayer:
        """Sums of all neurons come to one scale of 256 steps; a table says what the activation makes of each."""
        low, step = _range_of(wanted, self.network.activation)
        multipliers, shift = _multipliers(scales / step)
        biases, bias_shift, sums = self._biases(rows, (wanted - low) / scales, -1 - _reach(rows))
        values = ACTIVATIONS[self.network.activation](low + step * np.arange(TOP + 1))
        unit = float(values.max() - values.min()) / TOP
        table = np.rint((values - values.min()) / unit).astype(np.uint8)
        chosen = np.clip(np.floor(sums * multipliers * 2.0**-shift + 0.5), 0, TOP).astype(np.uint8)
        self.whole = table[chosen].astype(np.float64)
        self.units, self.zero = np.full(len(rows), unit), float(values.min())
        shifts = np.full(len(rows), shift, np.uint8)
        return IntegerLayer(rows, biases, bias_shift, multipliers, shifts, table)


def _reach(rows: npt.NDArray[np.int8]) -> Doubles:
    """What no |sum| of these rows' products exceeds, (n_out,)."""
    reach: Doubles = np.abs(rows.astype(np.float64)).sum(axis=1) * TOP
    return reach


def _range_of(sums: npt.NDArray[np.float32], activation: str) -> tuple[float, float]:
    """The least sum that a table tells from smaller ones, and the step from one entry to the next."""
    lowest, highest = TABLE_RANGES[activation]
    low = max(float(np.quantile(sums, 1 - TABLE_REACH)), lowest)
    high = max(min(float(np.quantile(sums, TABLE_REACH)), highest), low + SMALLEST_RANGE)
    return low, (high - low) / TOP


def _multipliers(factors: Doubles) -> tuple[npt.NDArray[np.uint16], int]:
    """Factors as multiplier / 2^shift, one shift for all: the largest multiplier uses its 16 bits."""
    shift = MULTIPLIER_BITS - math.frexp(float(factors.max()))[1]
    shift = min(max(shift, 0), MOST_SHIFT)
    most = (1 << MULTIPLIER_BITS) - 1
    return np.minimum(np.rint(factors * 2.0**shift), most).astype(np.uint16), shift


def _scales(weights: Doubles, variances: Doubles, bits: int) -> Doubles:
    """For each row of weights (n_out, n_in) the scale whose rounding changes its sums least, inputs being apart."""
    largest = np.abs(weights).max(axis=1) / LARGEST[bits]
    largest[~(largest > 0)] = 1.0
    best: Doubles = largest
    least = np.full(len(weights), np.inf)
    for ratio in RATIOS[bits]:
        scales = (ratio * largest)[:, np.newaxis]
        error = (nearest(weights / scales, bits) * scales - weights) ** 2 @ variances
        best, least = np.where(error < least, scales[:, 0], best), np.minimum(error, least)
    return best


def _rounded(weights: Doubles, scales: Doubles, covariance: Doubles, bits: int) -> npt.NDArray[np.int8]:
    """Levels (n_out, n_in) of weights / scales, input by input, the strongest first; later ones mend the error."""
    order = np.argsort(-np.diag(covariance), kind="stable")
    inverse = np.linalg.inv(covariance[np.ix_(order, order)])
    factor = np.linalg.cholesky((inverse + inverse.T) / 2).T
    left = (weights / scales[:, np.newaxis])[:, order]
    levels = np.empty_like(left)
    for first in range(0, left.shape[1], BLOCK):
        end = min(first + BLOCK, left.shape[1])
        errors = np.empty((len(left), end - first))
        for place in range(first, end):
            levels[:, place] = nearest(left[:, place], bits)
            errors[:, place - first] = (left[:, place] - levels[:, place]) / factor[place, place]
            left[:, place + 1 : end] -= np.outer(errors[:, place - first], factor[place, place + 1 : end])
        left[:, end:] -= errors @ factor[first:end, end:]
    whole = np.empty(levels.shape, np.int8)
    whole[:, order] = levels
    return whole


def _shifted(sums: Doubles, shifts: npt.NDArray[np.int64]) -> Doubles:
    """⌊sum / 2^shift + ½⌋, 0…255, as a hidden layer computes it."""
    whole = np.clip((sums.astype(np.int64) + ((np.int64(1) << shifts) >> 1)) >> shifts, 0, TOP)
    return np.asarray(whole, np.float64)


def _error(sums: Doubles, shifts: npt.NDArray[np.int64]) -> Doubles:
    """Mean squared error of each neuron (n_out,) when its sums (n, n_out) are shifted."""
    error: Doubles = ((_shifted(sums, shifts) * 2.0**shifts - np.maximum(sums, 0)) ** 2).mean(axis=0)
    return error
