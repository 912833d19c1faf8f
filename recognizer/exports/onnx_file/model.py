"""A model as an ONNX file: from the bytes of the ink specification to probabilities. See docs/exports.md."""

from __future__ import annotations

from collections.abc import Sequence

from recognizer.core.model_file import ModelCard, ModelFile
from recognizer.core.precision import AnyNetwork, IntegerNetwork
from recognizer.exports.onnx_file.answers import add_answers
from recognizer.exports.onnx_file.floats import add_floats
from recognizer.exports.onnx_file.graph import Graph
from recognizer.exports.onnx_file.whole import add_whole

INPUT = "ink"
ANSWERS = ("letter", "probabilities", "logits", "score", "refused")
TYPES = {"letter": "INT64", "refused": "BOOL"}
"""Of outputs that are not floats."""
BATCH = "n"


def to_onnx(model: ModelFile) -> bytes:
    """The file: the same bytes for the same model file. Raises ExportError where onnx is not installed."""
    graph = Graph()
    hidden, logits = _layers(graph, model.network, model.card.precision)
    add_answers(graph, model.card.doubt(), hidden, logits)
    return _file(graph, model.network, ANSWERS, _metadata(model))


def to_layers(network: AnyNetwork, precision: str) -> bytes:
    """A file that gives the last hidden layer, by the name `hidden`, and the logits. Raises ExportError."""
    graph = Graph()
    hidden, _logits = _layers(graph, network, precision)
    graph.node("Identity", [hidden], "hidden")
    return _file(graph, network, ("hidden", "logits"), {})


def to_probabilities(network: AnyNetwork, precision: str) -> bytes:
    """A file that gives the softmax of the logits, by the name `probabilities`. Raises ExportError."""
    graph = Graph()
    _hidden, logits = _layers(graph, network, precision)
    graph.node("Softmax", [logits], "probabilities", axis=1)
    return _file(graph, network, ("probabilities",), {})


def _layers(graph: Graph, network: AnyNetwork, precision: str) -> tuple[str, str]:
    if isinstance(network, IntegerNetwork):
        return add_whole(graph, network, INPUT)
    return add_floats(graph, network, precision, INPUT)


def _file(graph: Graph, network: AnyNetwork, names: Sequence[str], metadata: dict[str, str]) -> bytes:
    widths = {"probabilities": network.sizes[-1], "logits": network.sizes[-1], "hidden": network.sizes[-2]}
    outputs = [
        graph.value(name, TYPES.get(name, "FLOAT"), BATCH, *([widths[name]] if name in widths else []))
        for name in names
    ]
    return graph.model("letters", [graph.value(INPUT, "UINT8", BATCH, network.sizes[0])], outputs, metadata)


def _metadata(model: ModelFile) -> dict[str, str]:
    """What a program must know of the model beside its numbers."""
    card, doubt = model.card, model.card.doubt()
    known = {
        "name": card.name,
        "letters": card.letters,
        "ink_specification": card.ink_specification,
        "precision": card.precision,
        "weights_sha256": model.network.weights_sha256(),
        "file_sha256": model.sha256,
        "temperature": repr(doubt.temperature),
        "threshold": "" if doubt.threshold is None else repr(doubt.threshold),
        **_provenance(card),
    }
    return {key: value for key, value in known.items() if value}


def _provenance(card: ModelCard) -> dict[str, str]:
    return {"created": card.created, "licence": card.licence, "credits": "\n".join(card.credits)}
