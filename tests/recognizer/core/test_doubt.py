"""A network's doubt: calibrated probabilities, refusals, and what a card may say of them."""

import base64
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from recognizer.core import model_file
from recognizer.core.activations import softmax
from recognizer.core.doubt import MAX_HIDDEN, Doubt, DoubtError
from recognizer.core.model_file import ModelFileError
from tests.recognizer.conftest import make_card, make_network

ROW = {"bias": 0.5, "scale": 0.25, "weights": base64.b64encode(np.array([4, -8, 0], "<i2").tobytes()).decode()}
WHOLE: dict[str, Any] = {"temperature": 2.0, "threshold": 0.0, "non_letters": {"line": ROW, "smile": ROW}}


def test_a_card_without_it_changes_nothing() -> None:
    logits = np.array([[1.0, 2.0, -1.0]], np.float32)
    doubt = make_card(make_network()).doubt()
    assert (doubt.temperature, doubt.threshold) == (1.0, None)
    np.testing.assert_array_equal(doubt.probabilities(logits), softmax(logits))
    assert not doubt.refuses(np.zeros((1, 8), np.float32), logits).any()


def test_the_score_is_the_letters_evidence_less_that_of_the_non_letters() -> None:
    doubt = Doubt.of(WHOLE)
    hidden, logits = np.array([[1, 2, 3]], np.float32), np.array([[2, 4]], np.float32)
    of_each = 0.5 + 1 * 1.0 + 2 * -2.0
    expected = np.log(np.exp(1) + np.exp(2)) - np.log(2 * np.exp(of_each))
    np.testing.assert_allclose(doubt.scores(hidden, logits), [expected], rtol=1e-6)
    assert not doubt.refuses(hidden, logits)[0]
    assert replace(doubt, threshold=expected + 1e-3).refuses(hidden, logits)[0]


def test_temperature_divides_logits() -> None:
    logits = np.array([[1.0, 3.0]], np.float32)
    np.testing.assert_allclose(Doubt(2.0).probabilities(logits), softmax(logits / np.float32(2)), rtol=1e-6)


def test_it_comes_back_from_a_file() -> None:
    network = make_network(hidden=3)
    card = make_card(network).with_doubt(Doubt.of(WHOLE))
    found = model_file.read(model_file.to_bytes(network, card)).card.doubt()
    assert found.as_dict() == Doubt.of(WHOLE).as_dict() == found.rounded().as_dict()
    assert found.kinds == ("line", "smile")


@pytest.mark.parametrize(
    "changed",
    [
        {"temperature": 0},
        {"temperature": float("nan")},
        {"temperature": "1"},
        {"temperature": True},
        {"threshold": "0"},
        {"non_letters": []},
        {"non_letters": {"line": {}}},
        {"non_letters": {"line": ROW | {"scale": float("inf")}}},
        {"non_letters": {"line": ROW | {"weights": "not base64"}}},
        {"non_letters": {"line": ROW | {"weights": "AAA="[:4]}, "smile": ROW}},
        {"non_letters": {"line": ROW | {"weights": base64.b64encode(bytes(2 * MAX_HIDDEN + 2)).decode()}}},
        {"non_letters": {str(number): ROW for number in range(65)}},
        {"more": 1},
    ],
)
def test_what_cannot_be_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(DoubtError):
        Doubt.of(WHOLE | changed)
    card = make_card(make_network(hidden=3))
    with pytest.raises(ModelFileError, match=r"doubt|recipe"):
        replace(card, recipe={"doubt": WHOLE | changed})


def test_it_must_fit_the_last_hidden_layer() -> None:
    with pytest.raises(ModelFileError, match="reads 3 neurons, but its last hidden layer has 8"):
        make_card(make_network(hidden=8)).with_doubt(Doubt.of(WHOLE))
