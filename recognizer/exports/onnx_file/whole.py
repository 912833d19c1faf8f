"""Layers of a network of whole numbers, in ONNX: QDQ, which onnxruntime computes in whole numbers of 8 bits.

ReLU's sums, shifts and rounding are those of docs/precisions.md. ONNX rounds halves to the even number, we round them
up: a scale that is a hair below 1 makes a half a hair more than one, and changes nothing else. What is multiplied,
for a table or for a logit, is rounded as a float of 32 bits first: seldom, a place or a whole logit is the next one.
"""

from __future__ import annotations

import numpy as np

from recognizer.core.precision import IntegerLayer, IntegerNetwork
from recognizer.exports.onnx_file.graph import Graph

A_HAIR_BELOW_1 = 1 - 2.0**-22
MIDDLE = 128
"""What stands for a weight of 0. Weights without a sign, because onnxruntime multiplies bytes by signed bytes with an
instruction that cuts sums of two products off at 16 bits where a processor has no VNNI: most answers
are wrong there."""


def add_whole(graph: Graph, network: IntegerNetwork, source: str) -> tuple[str, str]:
    """Names of the last hidden layer, as floats of 0…255, and of the logits, from the bytes `source`."""
    one, zero = graph.number("one", 1.0), graph.number("zero", 0, "uint8")
    hidden = source
    for number, layer in enumerate(network.layers[:-1], start=1):
        sums = _sums(graph, layer, hidden, number)
        scale = graph.number("a_hair_below_1", A_HAIR_BELOW_1) if layer.table is None else one
        hidden = graph.node("QuantizeLinear", [sums, scale, zero], f"whole_{number}")
        if layer.table is not None:
            places = graph.cast(hidden, "INT32", f"places_{number}")
            table = graph.constant(f"table_{number}", layer.table)
            hidden = graph.node("Gather", [table, places], f"looked_up_{number}")
    sums = _sums(graph, network.layers[-1], hidden, len(network.layers))
    rounded = graph.node("Floor", [graph.node("Add", [sums, graph.number("half", 0.5)], "raised")], "whole_logits")
    logits = graph.node("Mul", [rounded, graph.number("logit_scale", network.logit_scale)], "logits")
    return graph.node("DequantizeLinear", [hidden, one, zero], "last_hidden"), logits


def _sums(graph: Graph, layer: IntegerLayer, source: str, number: int) -> str:
    """(sum · multiplier) / 2^shift of each neuron."""
    factors = np.ldexp(layer.multipliers.astype(np.float64), -layer.shifts.astype(np.int64)).astype(np.float32)
    scales = graph.constant(f"factors_{number}", factors)
    whole = graph.constant(f"weights_{number}_uint8", (layer.weights.T.astype(np.int16) + MIDDLE).astype(np.uint8))
    biases = graph.constant(f"biases_{number}_int32", layer.sums_of_biases())
    zeros = graph.constant(f"zeros_{number}", np.full(len(factors), MIDDLE, np.uint8))
    a = graph.node("DequantizeLinear", [source, "one", "zero"], f"inputs_{number}")
    weights = graph.node("DequantizeLinear", [whole, scales, zeros], f"weights_{number}", axis=1)
    added = graph.node("DequantizeLinear", [biases, scales], f"biases_{number}", axis=0)
    return graph.node("Gemm", [a, weights, added], f"sums_{number}")
