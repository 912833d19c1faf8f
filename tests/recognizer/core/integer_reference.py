"""Networks of whole numbers: random ones, and their arithmetic in plain int64, as docs/precisions.md says it."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recognizer.core.precision import INTEGER_BITS, IntegerLayer, IntegerNetwork
from recognizer.core.precision.integer import LOGIT_SHIFT
from recognizer.core.precision.levels import LARGEST

Whole = NDArray[np.int64]


def reference(network: IntegerNetwork, inputs: NDArray[np.uint8]) -> tuple[Whole, Whole]:
    """The last hidden layer and the logits, (m, n) each."""
    a = inputs.astype(np.int64)
    for layer in network.layers[:-1]:
        y = np.clip(_scaled(layer, a), 0, 255)
        a = y if layer.table is None else layer.table.astype(np.int64)[y]
    return a, _scaled(network.layers[-1], a)


def _scaled(layer: IntegerLayer, a: Whole) -> Whole:
    rows = []
    for weights, bias, multiplier, shift in zip(
        layer.weights.tolist(), layer.biases.tolist(), layer.multipliers.tolist(), layer.shifts.tolist(), strict=True
    ):
        sums = (bias << layer.bias_shift) + a @ np.array(weights, np.int64)
        rows.append((sums * multiplier + (1 << shift >> 1)) >> shift)
    return np.stack(rows, axis=1)


def random_whole(rng: np.random.Generator, sizes: tuple[int, ...], activation: str, precision: str) -> IntegerNetwork:
    """A network of random whole numbers, whose activations are seldom all 0 or all 255."""
    last = len(sizes) - 2
    layers = tuple(
        _random_layer(rng, n_in, n_out, INTEGER_BITS[precision], None if i == last else activation)
        for i, (n_in, n_out) in enumerate(pairwise(sizes))
    )
    return IntegerNetwork(layers, activation, precision, float(np.float32(rng.uniform(1e-4, 1e-2))))


def _random_layer(rng: np.random.Generator, n_in: int, n_out: int, bits: int, activation: str | None) -> IntegerLayer:
    largest = LARGEST[bits]
    weights = rng.integers(-largest, largest + 1, (n_out, n_in)) | (0 if bits == 8 else 1)
    spread = max(largest * 100 * int(n_in**0.5), 512)
    bias_shift = int(rng.integers(0, 4))
    biases = rng.integers(-spread, spread, n_out).clip(-32768 << bias_shift, 32767 << bias_shift) >> bias_shift
    common = weights.astype(np.int8), biases.astype(np.int16), bias_shift
    step = spread / 255
    if activation is None:
        multipliers = rng.integers(0, 1 << 16, n_out).astype(np.uint16)
        return IntegerLayer(*common, multipliers, np.full(n_out, LOGIT_SHIFT, np.uint8))
    if activation == "relu":
        shifts = rng.integers(0, int(np.log2(step)) + 3, n_out).astype(np.uint8)
        return IntegerLayer(*common, np.ones(n_out, np.uint16), shifts)
    shift = 15 + int(np.log2(step))
    multipliers = rng.integers(1 << 14, 1 << 16, n_out).astype(np.uint16)
    table = np.sort(rng.integers(0, 256, 256)).astype(np.uint8)
    return IntegerLayer(*common, multipliers, np.full(n_out, shift, np.uint8), table)
