"""Layers of a network in floats, in ONNX: with weights in 32 or 16 bits, or in 8 with a scale for each neuron."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from recognizer.core.network import Network
from recognizer.core.precision.rounding import to_int8_rows
from recognizer.exports.onnx_file.graph import Graph

ACTIVATIONS = {"relu": ("Relu", {}), "sigmoid": ("Sigmoid", {}), "gelu": ("Gelu", {"approximate": "tanh"})}


def add_floats(graph: Graph, network: Network, precision: str, source: str) -> tuple[str, str]:
    """Names of the last hidden layer and of the logits, from the bytes `source`."""
    bytes_as_floats = graph.cast(source, "FLOAT", "bytes")
    hidden = graph.node("Div", [bytes_as_floats, graph.number("full", 255.0)], "shades")
    kind, attributes = ACTIVATIONS[network.activation]
    layers = list(zip(network.weights, network.biases))
    for number, (weights, biases) in enumerate(layers[:-1], start=1):
        sums = _sums(graph, weights, biases, (hidden, number, precision), f"sums_{number}")
        hidden = graph.node(kind, [sums], f"hidden_{number}", **attributes)
    return hidden, _sums(graph, *layers[-1], (hidden, len(layers), precision), "logits")


def _sums(
    graph: Graph,
    weights: npt.NDArray[np.float32],
    biases: npt.NDArray[np.float32],
    place: tuple[str, int, str],
    name: str,
) -> str:
    """W a + b; `place` is the name of a, the layer's number and the precision."""
    source, number, precision = place
    matrix = _stored(graph, f"weights_{number}", weights, precision)
    given = [source, matrix, _stored(graph, f"biases_{number}", biases, "fp16" if precision == "fp16" else "fp32")]
    return graph.node("Gemm", given, name, transB=1)


def _stored(graph: Graph, name: str, array: npt.NDArray[np.float32], precision: str) -> str:
    """Parameters as their precision stores them, then as floats of 32 bits."""
    if precision == "fp16":
        return graph.cast(graph.constant(f"{name}_fp16", array.astype(np.float16)), "FLOAT", name)
    if precision == "int8-weights":
        whole, scales = to_int8_rows(array)
        given = [graph.constant(f"{name}_int8", whole), graph.constant(f"{name}_scales", scales)]
        return graph.node("DequantizeLinear", given, name, axis=0)
    return graph.constant(name, array)
