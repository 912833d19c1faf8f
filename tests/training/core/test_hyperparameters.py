"""Hyperparameters: the table of bad input, parsing, presets, and that each field is described."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from training.core.hyperparameters import FIELDS, PRESET_LINES, PRESETS, HyperparameterError, Hyperparameters

BAD: list[tuple[str, object, str]] = [
    ("learning_rate", -1, "must be between 1e-07 and 100"),
    ("learning_rate", "fast", "must be a number, not 'fast'"),
    ("learning_rate", "nan", "must be a number"),
    ("learning_rate", float("inf"), "must be a number"),
    ("learning_rate", None, "must be a number"),
    ("learning_rate", True, "must be a number"),
    ("batch_size", 0, "must be between 1 and"),
    ("batch_size", "1.5", "must be a whole number"),
    ("batch_size", 2.5, "must be a whole number"),
    ("epochs", 10**9, "must be between 1 and 10000"),
    ("epochs", "9" * 400, "must be"),
    ("seed", -1, "must be between 0 and"),
    ("hidden_layers", "abc", "must be a whole number, not 'abc'"),
    ("hidden_layers", "256-0", "must be between 1 and 4096"),
    ("hidden_layers", "1-1-1-1-1-1-1-1-1", "has 9 items; at most 8"),
    ("hidden_layers", 256, "must be a list of numbers"),
    ("hidden_layers", {"a": 1}, "must be a list of numbers"),
    ("activation", "tanh", "must be one of sigmoid, relu, gelu, not 'tanh'"),
    ("activation", ["relu"], "must be one of sigmoid, relu, gelu"),
    ("ink_specification", "raw-29", "must be one of raw-28"),
    ("batch_normalization", "perhaps", "must be true or false"),
    ("dropout", 1, "must be between 0 and 0.9"),
    ("source_weights", "1,x", "must be a number"),
    ("source_weights", [0, 0], "at least one share must be above 0"),
    ("closing_weights", [0, 0], "at least one share must be above 0"),
    ("hiden_layers", "5", "no such hyperparameter. Did you mean hidden_layers?"),
    ("zzz", "5", "no such hyperparameter."),
]


@pytest.mark.parametrize(("name", "value", "message"), BAD)
def test_bad_value_gets_one_clear_sentence(name: str, value: object, message: str) -> None:
    with pytest.raises(HyperparameterError) as caught:
        Hyperparameters.from_mapping({name: value})
    assert caught.value.field == name
    assert message in caught.value.message
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"cost": "cross-entropy", "output": "sigmoid"}, "output"),
        ({"batch_normalization": True, "batch_size": 1}, "batch_size"),
    ],
)
def test_values_that_contradict(values: dict[str, Any], field: str) -> None:
    with pytest.raises(HyperparameterError) as caught:
        Hyperparameters(**values)
    assert caught.value.field == field


def test_texts_and_typed_values_mean_the_same() -> None:
    texts = {"hidden_layers": "64-32", "learning_rate": "1e-2", "epochs": "5", "batch_normalization": "yes"}
    typed = Hyperparameters(hidden_layers=(64, 32), learning_rate=0.01, epochs=5, batch_normalization=True)
    assert Hyperparameters.from_mapping(texts) == typed
    assert Hyperparameters.from_mapping({"hidden_layers": "64, 32"}).hidden_layers == (64, 32)
    assert Hyperparameters.from_mapping({"hidden_layers": ""}).hidden_layers == ()


def test_base_gives_the_rest() -> None:
    changed = Hyperparameters.from_mapping({"epochs": 7}, base=PRESETS["thesis-relu"])
    assert changed == dataclasses.replace(PRESETS["thesis-relu"], epochs=7)


@pytest.mark.parametrize("name", PRESETS)
def test_presets_survive_json(name: str) -> None:
    values = json.loads(json.dumps(PRESETS[name].as_dict()))
    assert Hyperparameters.from_mapping(values) == PRESETS[name]


def test_thesis_presets_are_the_thesis() -> None:
    first, sigmoid, relu = (PRESETS[f"thesis-{name}"] for name in ("first", "sigmoid", "relu"))
    assert (first.cost, first.activation, first.initializer, first.hidden_layers, first.batch_size) == (
        "quadratic",
        "sigmoid",
        "normal",
        (128, 64),
        30,
    )
    assert (sigmoid.batch_size, sigmoid.learning_rate, sigmoid.l2) == (15, 0.02, 3.5)  # Table 2
    assert (relu.batch_size, relu.learning_rate, relu.l2) == (15, 0.01, 20.0)  # Table 3
    for preset in (first, sigmoid, relu):
        assert preset.ink_specification == "raw-28"
        assert preset.optimizer == "sgd"
        tricks = (preset.augments, preset.inverted, preset.batch_normalization, preset.ema)
        assert not any(tricks)


def test_the_longer_step_has_a_preset_of_its_own() -> None:
    assert PRESETS["thesis-relu-tuned"] == dataclasses.replace(PRESETS["thesis-relu"], learning_rate=3 * 0.01)


def test_every_preset_has_a_line_of_its_own() -> None:
    assert list(PRESET_LINES) == list(PRESETS)
    assert len({*PRESET_LINES.values()}) == len(PRESETS)


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_is_described(name: str) -> None:
    field = FIELDS[name]
    assert field.label
    assert field.help.endswith(".")
    assert field.default == getattr(Hyperparameters(), name)
    assert bool(field.choices) == (field.kind == "choice")
    if field.kind in ("integer", "number", "integers", "numbers"):
        assert field.minimum is not None
        assert field.maximum is not None


def test_table_has_every_hyperparameter() -> None:
    assert list(FIELDS) == [field.name for field in dataclasses.fields(Hyperparameters)]
