"""The parameters of a packed model file, after its card: layer by layer, then what tells non-letters."""

from __future__ import annotations

from typing import Callable

import numpy as np
import numpy.typing as npt

from recognizer.core.doubt import Doubt
from recognizer.core.messages import message as _
from recognizer.core.model_card import ModelCard, ModelFileError
from recognizer.core.network import Network, NetworkError
from recognizer.core.packed.arrays import ArrayReader
from recognizer.core.precision.integer import LOGIT_SHIFT, AnyNetwork, IntegerLayer, IntegerNetwork
from recognizer.core.precision.levels import pack, row_bytes, unpack
from recognizer.core.precision.names import INTEGER_BITS
from recognizer.core.precision.rounding import floats_of, to_half, to_int8_rows

TABLE = 256


def size_of(card: ModelCard, kinds: int) -> int:
    """Bytes of the parameters that this card and so many kinds of non-letters call for."""
    layers = list(zip(card.sizes, card.sizes[1:]))
    if card.precision not in INTEGER_BITS:
        weight, neuron = (2, 2) if card.precision == "fp16" else (1, 8)
        total = sum(n_in * n_out * weight + n_out * neuron for n_in, n_out in layers)
    else:
        bits = INTEGER_BITS[card.precision]
        hidden = sum(n_out if card.activation == "relu" else 2 * n_out + 1 + TABLE for _n_in, n_out in layers[:-1])
        common = sum(n_out * (row_bytes(n_in, bits) + 2) + 1 for n_in, n_out in layers)
        total = common + hidden + 2 * card.sizes[-1] + 4
    return total + kinds * (card.sizes[-2] + 8)


def to_body(network: AnyNetwork, precision: str) -> bytes:
    """The parameters in this precision. Raises ModelFileError."""
    if isinstance(network, IntegerNetwork):
        if network.precision != precision:
            raise ModelFileError(_("The model's card gives another precision than its network."))
        return _integer_bytes(network)
    if precision == "fp16":
        try:
            half = to_half(network)
        except NetworkError as error:
            raise ModelFileError(str(error)) from error
        return b"".join(a.astype("<f2").tobytes() for pair in zip(half.weights, half.biases) for a in pair)
    if precision == "int8-weights":
        return b"".join(_int8_rows(w) + b.astype("<f4").tobytes() for w, b in zip(network.weights, network.biases))
    raise ModelFileError(_("A network in floats is not packed as %(precision)s.") % {"precision": precision})


def from_body(content: bytes, card: ModelCard, kinds: int) -> tuple[AnyNetwork, ArrayReader]:
    """The network of these bytes, and the reader, before the non-letters. Raises ModelFileError."""
    reader = ArrayReader(content, size_of(card, kinds))
    read = _read_integer if card.precision in INTEGER_BITS else _read_floats
    try:
        return read(reader, card), reader
    except (NetworkError, ValueError) as error:
        if isinstance(error, ModelFileError):
            raise
        why = error.args[0]
        raise ModelFileError(_("The packed parameters make no network: %(why)s") % {"why": why}) from error


def to_non_letters(doubt: Doubt) -> bytes:
    """Weights of all kinds as whole numbers of 8 bits, then a scale for each, then biases."""
    if doubt.weights is None or doubt.biases is None:
        return b""
    return _int8_rows(doubt.weights.astype(np.float32)) + doubt.biases.astype("<f4").tobytes()


def with_non_letters(doubt: Doubt, reader: ArrayReader, kinds: int, hidden: int) -> Doubt:
    """The doubt with what follows of non-letters; kinds go by their numbers."""
    if not kinds:
        return doubt
    weights = floats_of(reader.take("i1", kinds, hidden), reader.take("<f4", kinds)).astype(np.float64)
    names = tuple(str(number) for number in range(1, kinds + 1))
    return Doubt(doubt.temperature, doubt.threshold, names, weights, reader.take("<f4", kinds).astype(np.float64))


def _int8_rows(weights: npt.NDArray[np.float32]) -> bytes:
    whole, scales = to_int8_rows(weights)
    return whole.tobytes() + scales.astype("<f4").tobytes()


def _read_floats(reader: ArrayReader, card: ModelCard) -> Network:
    """A network in 16-bit floats, or with weights of 8 bits."""
    take: Callable[[int, int], npt.NDArray[np.float32]]
    if card.precision == "fp16":
        bias = "<f2"

        def take(n_out: int, n_in: int) -> npt.NDArray[np.float32]:
            return reader.take("<f2", n_out, n_in).astype(np.float32)
    else:
        bias = "<f4"

        def take(n_out: int, n_in: int) -> npt.NDArray[np.float32]:
            return floats_of(reader.take("i1", n_out, n_in), reader.take("<f4", n_out))

    layers = [
        (take(n_out, n_in), reader.take(bias, n_out).astype(np.float32))
        for n_in, n_out in zip(card.sizes, card.sizes[1:])
    ]
    if not all(np.isfinite(weights).all() for weights, _biases in layers):
        raise ModelFileError(_("The packed parameters have values that are infinite or not numbers."))
    weights, biases = zip(*layers)
    return Network(weights, biases, card.activation)


def _integer_bytes(network: IntegerNetwork) -> bytes:
    bits, parts = INTEGER_BITS[network.precision], []
    for layer in network.layers:
        parts += [pack(layer.weights, bits).tobytes(), layer.biases.astype("<i2").tobytes(), bytes([layer.bias_shift])]
        if layer is network.layers[-1]:
            parts += [layer.multipliers.astype("<u2").tobytes()]
        elif layer.table is None:
            parts += [layer.shifts.tobytes()]
        else:
            parts += [layer.multipliers.astype("<u2").tobytes(), layer.shifts[:1].tobytes(), layer.table.tobytes()]
    return b"".join(parts) + np.array(network.logit_scale, "<f4").tobytes()


def _read_integer(reader: ArrayReader, card: ModelCard) -> IntegerNetwork:
    last = len(card.sizes) - 2
    layers = tuple(_read_layer(reader, card, index, is_last=index == last) for index in range(last + 1))
    scale = float(reader.take("<f4", 1)[0])
    return IntegerNetwork(layers, card.activation, card.precision, scale)


def _read_layer(reader: ArrayReader, card: ModelCard, index: int, *, is_last: bool) -> IntegerLayer:
    n_in, n_out = card.sizes[index : index + 2]
    bits = INTEGER_BITS[card.precision]
    weights = unpack(reader.take("u1", n_out, row_bytes(n_in, bits)), n_in, bits)
    biases, bias_shift = reader.take("<i2", n_out).astype(np.int16), int(reader.take("u1", 1)[0])
    if not is_last and card.activation == "relu":
        return IntegerLayer(weights, biases, bias_shift, np.ones(n_out, np.uint16), reader.take("u1", n_out))
    multipliers = reader.take("<u2", n_out).astype(np.uint16)
    shift = LOGIT_SHIFT if is_last else int(reader.take("u1", 1)[0])
    table = None if is_last else reader.take("u1", TABLE)
    return IntegerLayer(weights, biases, bias_shift, multipliers, np.full(n_out, shift, np.uint8), table)
