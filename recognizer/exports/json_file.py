"""A model as JSON: plain numbers that any language reads. The schema is model.schema.json; see docs/exports.md."""

from __future__ import annotations

import json
from typing import Any

from recognizer.core.model_file import ModelFile
from recognizer.core.network import Network
from recognizer.core.precision import IntegerLayer, IntegerNetwork

FORMAT = "propis-model"
VERSION = 1
_PLACE = "@layers@"


def to_json(model: ModelFile) -> str:
    """The model's card and parameters: the same text for the same file.

    Floats have as many digits as tell them from any other float of 32 bits, so that they are read back exactly.
    """
    network = model.network
    described = {
        "format": FORMAT,
        "version": VERSION,
        "card": model.card.as_dict(),
        "file_sha256": model.sha256,
        "weights_sha256": network.weights_sha256(),
        "layers": _PLACE,
    }
    if isinstance(network, IntegerNetwork):
        described["logit_scale"] = network.logit_scale
        layers = [_json(_whole(layer)) for layer in network.layers]
    else:
        layers = _floats(network)
    text = json.dumps(described, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return text.replace(f'"{_PLACE}"', "[\n  " + ",\n  ".join(layers) + "\n ]", 1) + "\n"


def _whole(layer: IntegerLayer) -> dict[str, Any]:
    """A layer of whole numbers, by the names of docs/precisions.md."""
    return {
        "weights": layer.weights.tolist(),
        "biases": layer.biases.tolist(),
        "bias_shift": layer.bias_shift,
        "multipliers": layer.multipliers.tolist(),
        "shifts": layer.shifts.tolist(),
        "table": None if layer.table is None else layer.table.tolist(),
    }


def _floats(network: Network) -> list[str]:
    """Layers of floats, as JSON: numpy writes the shortest digits of 32 bits, which Python's own floats do not have."""
    layers = []
    for weights, biases in zip(network.weights, network.biases, strict=True):
        rows = ",".join(f"[{','.join(map(str, row))}]" for row in weights)
        layers.append(f'{{"weights":[{rows}],"biases":[{",".join(map(str, biases))}]}}')
    return layers


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)
