"""ONNX files pass onnx's checker, and onnxruntime reads with them as numpy does."""

import sys
from dataclasses import replace
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray

from benchmarks.chip.letters import letters, whole
from recognizer import loading
from recognizer.core import model_file
from recognizer.core.ink import specification
from recognizer.core.model_file import ModelFile
from recognizer.core.precision import INTEGER_BITS, PRECISIONS, IntegerNetwork
from recognizer.exports.errors import ExportError
from recognizer.exports.onnx_file import RuntimeNetwork, to_onnx
from tests.recognizer.core.networks import random_network
from tests.recognizer.exports.models import CLASS_SETS, INPUTS, exported

FLOATS = 2e-5
"""Of a probability or a logit: floats are added up in another order."""
NEXT = 1.5
"""Of a whole logit: the next one, seldom."""


def run(content: bytes, inputs: NDArray[np.uint8]) -> dict[str, Any]:
    """All outputs of a file, by name."""
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {"ink": inputs}), strict=True))


@pytest.mark.parametrize("activation", ["relu", "gelu", "sigmoid"])
@pytest.mark.parametrize("precision", PRECISIONS)
def test_answers_are_those_of_numpy(precision: str, activation: str) -> None:
    model = exported(precision, activation)
    answers = run(to_onnx(model), INPUTS)
    hidden, logits = model.network.read_layers(INPUTS)
    near = getattr(model.network, "logit_scale", 0.0) * NEXT or FLOATS
    same = np.abs(answers["logits"] - logits).max(axis=1) <= near
    has_tables = precision in INTEGER_BITS and activation != "relu"
    assert same.mean() >= (0.9 if has_tables else 1)
    doubt = model.card.doubt()
    assert answers["probabilities"] == pytest.approx(doubt.probabilities(answers["logits"]), abs=FLOATS)
    assert answers["letter"].tolist() == answers["logits"].argmax(axis=1).tolist()
    assert answers["score"][same] == pytest.approx(doubt.scores(hidden, logits)[same], abs=2 * near, rel=1e-5)
    assert answers["refused"].tolist() == (answers["score"] < np.float32(doubt.threshold)).tolist()
    assert 0 < answers["refused"].sum() < len(INPUTS)


@pytest.mark.parametrize("name", loading.shipped_names())
def test_shipped_models_read_letters_alike(name: str) -> None:
    model = model_file.read(loading.PRETRAINED / f"{name}.npz")
    inputs = specification(model.card.ink_specification).of_pictures(letters()[0][::4])
    ours, theirs = model.network.read_layers(inputs), RuntimeNetwork(model.network, model.card.precision)
    assert (theirs.read_layers(inputs)[1].argmax(axis=1) == ours[1].argmax(axis=1)).all()
    assert theirs.read(inputs) == pytest.approx(model.network.read(inputs), abs=2e-3 if "int" in name else FLOATS)


@pytest.mark.parametrize("precision", INTEGER_BITS)
def test_whole_numbers_stay_what_they_are(precision: str) -> None:
    """With ReLU every hidden layer has the same bytes, and a logit is at most the next one."""
    model = whole("small", precision)
    inputs = specification(model.card.ink_specification).of_pictures(letters()[0])
    network = model.network
    assert isinstance(network, IntegerNetwork)
    hidden, logits = RuntimeNetwork(network, precision).read_layers(inputs)
    assert (hidden == network.read_layers(inputs)[0]).all()
    difference = np.abs(np.rint(logits / np.float32(network.logit_scale)) - network.whole_logits(inputs))
    assert difference.max() <= 1
    assert (difference == 0).mean() > 0.999


def test_sizes_of_the_files() -> None:
    parameters = exported("fp32", hidden=200).network.parameter_count
    sizes = {precision: len(to_onnx(exported(precision, hidden=200))) for precision in ("fp32", "fp16", "int8")}
    assert sizes["fp32"] - sizes["fp16"] == pytest.approx(2 * parameters, rel=0.05)
    assert sizes["fp32"] - sizes["int8"] == pytest.approx(3 * parameters, rel=0.2)


@pytest.mark.parametrize("letters", CLASS_SETS, ids=len)
@pytest.mark.parametrize("precision", ["fp32", "int4"])
def test_metadata_and_class_sets(precision: str, letters: str) -> None:
    model = exported(precision, letters=letters)
    file = onnx.load_from_string(to_onnx(model))
    onnx.checker.check_model(file, full_check=True)
    described = {entry.key: entry.value for entry in file.metadata_props}
    doubt = model.card.doubt()
    assert described == {
        "name": "random",
        "letters": letters,
        "ink_specification": "directions-1-coarse",
        "precision": precision,
        "weights_sha256": model.network.weights_sha256(),
        "file_sha256": model.sha256,
        "temperature": "0.6",
        "threshold": repr(doubt.threshold),
        "created": "2026-11-29",
        "licence": "CC BY 4.0",
        "credits": "A\nB",
    }
    assert run(to_onnx(model), INPUTS[:1])["probabilities"].shape == (1, len(letters))


def test_a_model_without_calibration_refuses_nothing() -> None:
    model = exported("fp32", is_calibrated=False)
    answers = run(to_onnx(model), INPUTS)
    assert answers["probabilities"] == pytest.approx(model.network.read(INPUTS), abs=FLOATS)
    assert not answers["refused"].any()


def test_a_network_without_hidden_layers() -> None:
    network = random_network(200, 33)
    card = replace(exported("fp32").card, sizes=(200, 33), recipe={})
    logits = run(to_onnx(ModelFile(network, card, "5e" * 32)), INPUTS)["logits"]
    assert logits == pytest.approx(network.read_layers(INPUTS)[1], abs=FLOATS)


def test_the_same_model_gives_the_same_file() -> None:
    assert to_onnx(exported("int8")) == to_onnx(exported("int8"))


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ExportError, match="the package onnxruntime, which is not installed: `make onnx`"):
        RuntimeNetwork(exported("fp32").network, "fp32")
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ExportError, match="the package onnx, which"):
        to_onnx(exported("fp32"))
