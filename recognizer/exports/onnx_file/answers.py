"""What a model answers, in ONNX: calibrated probabilities, the letter, and whether it is one.

The same as `recognizer.core.doubt`.
"""

from __future__ import annotations

import math

import numpy as np

from recognizer.core.doubt import Doubt
from recognizer.exports.onnx_file.graph import Graph


def add_answers(graph: Graph, doubt: Doubt, hidden: str, logits: str) -> None:
    """`probabilities`, `letter`, `score` and `refused`."""
    calibrated = graph.node("Div", [logits, graph.number("temperature", doubt.temperature)], "calibrated")
    graph.node("Softmax", [calibrated], "probabilities", axis=1)
    graph.node("ArgMax", [logits], "letter", axis=1, keepdims=0)
    score = _log_sum_exp(graph, calibrated, "score" if doubt.weights is None else "score_of_letters")
    if doubt.weights is not None and doubt.biases is not None:
        kinds = graph.constant("non_letters_weights", doubt.weights.astype(np.float32))
        biases = graph.constant("non_letters_biases", doubt.biases.astype(np.float32))
        others = graph.node("Gemm", [hidden, kinds, biases], "non_letters", transB=1)
        score = graph.node("Sub", [score, _log_sum_exp(graph, others, "score_of_non_letters")], "score")
    threshold = -math.inf if doubt.threshold is None else doubt.threshold
    graph.node("Less", [score, graph.number("threshold", threshold)], "refused")


def _log_sum_exp(graph: Graph, source: str, name: str) -> str:
    """log Σ exp(z) of each row, without overflow whatever the runtime does."""
    axes = graph.constant("second_axis", np.array([1], np.int64))
    largest = graph.node("ReduceMax", [source, axes], f"{name}_largest", keepdims=1)
    powers = graph.node("Exp", [graph.node("Sub", [source, largest], f"{name}_less")], f"{name}_powers")
    logarithm = graph.node("Log", [graph.node("ReduceSum", [powers, axes], f"{name}_sum", keepdims=1)], f"{name}_log")
    whole = graph.node("Add", [logarithm, largest], f"{name}_column")
    return graph.node("Squeeze", [whole, axes], name)
