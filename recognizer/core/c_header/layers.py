"""The layers of a network of whole numbers in C: their constants, and the calls that run them."""

from __future__ import annotations

from typing import List

import numpy as np

from recognizer.core.c_header.arrays import array
from recognizer.core.precision import INTEGER_BITS, IntegerLayer, IntegerNetwork
from recognizer.core.precision.levels import pack

BUFFERS = ("state->at.values.even", "state->at.values.odd")
"""Where the activations of every other layer are."""


def constants(network: IntegerNetwork) -> str:
    """Weights, biases and what scales the sums, of each layer."""
    bits = INTEGER_BITS[network.precision]
    return "\n".join(
        part
        for number, layer in enumerate(network.layers, start=1)
        for part in _constants(layer, number, bits, network)
    )


def _constants(layer: IntegerLayer, number: int, bits: int, network: IntegerNetwork) -> List[str]:
    weights = layer.weights if bits == 8 else pack(layer.weights, bits)
    parts = [
        array("propis_weight", f"weights_{number}", weights),
        array("int16_t", f"biases_{number}", layer.biases),
    ]
    if layer is network.layers[-1] or layer.table is not None:
        parts.append(array("uint16_t", f"multipliers_{number}", layer.multipliers))
    else:
        parts.append(array("uint8_t", f"shifts_{number}", layer.shifts))
    if layer.table is not None:
        parts.append(array("uint8_t", f"table_{number}", layer.table))
    return parts


def calls(network: IntegerNetwork) -> str:
    """The function that runs all layers."""
    source, lines = "state->input", []
    for number, layer in enumerate(network.layers[:-1], start=1):
        target = BUFFERS[number % 2]
        lines.append(f"    propis_hidden({', '.join([*_given(layer, number), source, target])});")
        source = target
    last = network.layers[-1]
    given = [*_named(number=len(network.layers), bias_shift=last.bias_shift, scales="multipliers")]
    given += [str(last.weights.shape[1]), source, "state->at.values.logits"]
    lines.append(f"    propis_last({', '.join(given)});")
    body = "\n".join(lines)
    return f"static inline void propis_layers(propis_state *state) {{\n{body}\n}}\n"


def _given(layer: IntegerLayer, number: int) -> List[str]:
    """Arguments of a hidden layer, but for what comes in and goes out."""
    if layer.table is None:
        named = _named(number, layer.bias_shift, "shifts")
    else:
        named = [*_named(number, layer.bias_shift, "multipliers"), str(int(layer.shifts[0])), f"propis_table_{number}"]
    n_out, n_in = layer.weights.shape
    return [*named, str(n_in), str(n_out)]


def _named(number: int, bias_shift: int, scales: str) -> List[str]:
    return [f"propis_weights_{number}", f"propis_biases_{number}", str(bias_shift), f"propis_{scales}_{number}"]


def widest(network: IntegerNetwork) -> int:
    """Neurons of the widest hidden layer; 1 where there is none, since C has no array without values."""
    return int(np.max([1, *network.sizes[1:-1]]))
