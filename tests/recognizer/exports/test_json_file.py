"""A model comes back from its JSON, number for number; the schema holds for it, and for nothing else."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

import recognizer.exports
from recognizer.core.model_card import ModelCard
from recognizer.core.network import Network
from recognizer.core.precision import INTEGER_BITS, PRECISIONS, AnyNetwork, IntegerLayer, IntegerNetwork
from recognizer.exports.json_file import to_json
from tests.recognizer.exports.models import CLASS_SETS, INPUTS, exported

SCHEMA = json.loads((Path(recognizer.exports.__path__[0]) / "model.schema.json").read_text(encoding="utf-8"))


def read_back(content: dict[str, Any]) -> AnyNetwork:
    """The network of an export, as docs/exports.md says it."""
    card = content["card"]
    if card["precision"] not in INTEGER_BITS:
        weights = tuple(np.array(layer["weights"], np.float32) for layer in content["layers"])
        biases = tuple(np.array(layer["biases"], np.float32) for layer in content["layers"])
        return Network(weights, biases, card["activation"])
    layers = tuple(
        IntegerLayer(
            np.array(layer["weights"], np.int8),
            np.array(layer["biases"], np.int16),
            layer["bias_shift"],
            np.array(layer["multipliers"], np.uint16),
            np.array(layer["shifts"], np.uint8),
            None if layer["table"] is None else np.array(layer["table"], np.uint8),
        )
        for layer in content["layers"]
    )
    return IntegerNetwork(layers, card["activation"], card["precision"], content["logit_scale"])


@pytest.mark.parametrize("activation", ["relu", "gelu"])
@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("letters", CLASS_SETS, ids=len)
def test_round_trip(precision: str, activation: str, letters: str) -> None:
    model = exported(precision, activation, letters=letters)
    content = json.loads(to_json(model))
    jsonschema.validate(content, SCHEMA)
    network = read_back(content)
    for ours, theirs in zip(network.read_layers(INPUTS), model.network.read_layers(INPUTS), strict=True):
        assert (ours == theirs).all()
    assert network.weights_sha256() == model.network.weights_sha256() == content["weights_sha256"]
    assert ModelCard.from_json(json.dumps(content["card"]).encode()) == model.card
    assert content["file_sha256"] == model.sha256


def test_the_same_file_gives_the_same_text() -> None:
    assert to_json(exported("fp16")) == to_json(exported("fp16"))


@pytest.mark.parametrize(
    "change",
    [{"version": 2}, {"layers": []}, {"more": 1}, {"weights_sha256": "0"}, {"layers": [{"weights": [[1]]}]}],
    ids=lambda change: next(iter(change)),
)
def test_the_schema_refuses(change: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(to_json(exported("fp32"))) | change, SCHEMA)
