"""A space is checked before anything is made, and says which hyperparameter is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.core.hyperparameters import FIELDS, Hyperparameters
from training.sweeps.space import axis_text
from training.sweeps.space.space import Space, SpaceError, apply


def test_values_are_read_in_their_own_type() -> None:
    space = Space.from_mapping({"batch_size": ["15", 128], "hidden_layers": ["256-128", [64]], "activation": ["relu"]})
    assert space.as_dict() == {"batch_size": [15, 128], "hidden_layers": [[256, 128], [64]], "activation": ["relu"]}
    assert Space.from_mapping(space.as_dict()) == space


@pytest.mark.parametrize(
    ("mapping", "name", "words"),
    [
        ({}, "", "at least one hyperparameter"),
        ({"l2": {"low": 2, "high": 1}}, "l2", r"low \(2.0\) must be below high \(1.0\)"),
        ({"l2": {"low": 1, "high": 1}}, "l2", "must be below"),
        ({"l2": {"low": 0, "high": 1, "log": True}}, "l2", "begins above 0"),
        ({"l2": {"low": 0}}, "l2", "has low and high"),
        ({"l2": {"low": 0, "high": 1, "step": 3}}, "l2", "low, high, step"),
        ({"l2": {}}, "l2", "has: —"),
        ({"l2": {"low": 0, "high": 10**9}}, "l2", "between"),
        ({"l2": {"low": 0, "high": 1, "log": "yes"}}, "l2", "log is true or false"),
        ({"l2": {"low": 0, "high": 1, "steps": 1}}, "l2", "between 2 and 1000"),
        ({"l2": {"low": 0, "high": 1, "steps": True}}, "l2", "between 2 and 1000"),
        ({"l2": {"low": 0.5, "high": 1, "integer": True}}, "l2", "whole numbers"),
        ({"l2": {"low": float("inf"), "high": 1}}, "l2", "number"),
        ({"activation": {"low": 0, "high": 1}}, "activation", "not a number"),
        ({"hidden_layers": {"low": 8, "high": 16}}, "hidden_layers", "not a number"),
        ({"l2": [float(value) for value in range(1001)]}, "l2", "at most 1000"),
        ([1, 2], "", "at least one hyperparameter"),
        (None, "", "at least one hyperparameter"),
        ({"learning_rat": [1]}, "learning_rat", "Did you mean learning_rate"),
        ({"zzzzzz": [1]}, "zzzzzz", "no hyperparameter “zzzzzz”.$"),
        ({"l2": []}, "l2", "at least one value"),
        ({"l2": 3}, "l2", "needs a list"),
        ({"activation": "relu"}, "activation", "needs a list"),
        ({"learning_rate": [0.1, -1]}, "learning_rate", "between"),
        ({"batch_size": [15.5]}, "batch_size", "whole number"),
        ({"hidden_layers": ["abc"]}, "hidden_layers", "whole number"),
        ({"epochs": [10**9]}, "epochs", "between 1 and"),
        ({"l2": [1, 2, 1.0]}, "l2", "twice"),
        ({"l2": [float("nan")]}, "l2", "number"),
    ],
)
def test_what_is_refused(mapping: object, name: str, words: str) -> None:
    with pytest.raises(SpaceError, match=words) as caught:
        Space.from_mapping(mapping)
    assert caught.value.name == name


def test_values_that_contradict_each_other() -> None:
    values = {"cost": "cross-entropy", "output": "sigmoid"}
    with pytest.raises(SpaceError, match="cost = cross-entropy, output = sigmoid") as caught:
        apply(Hyperparameters(), values)
    assert caught.value.name == "output"


def test_a_range_is_kept_with_its_bounds() -> None:
    described = {"learning_rate": {"low": 0.001, "high": 0.1, "log": True}, "batch_size": {"low": "8", "high": 64}}
    space = Space.from_mapping(described)
    assert space.as_dict() == {
        "learning_rate": {"low": 0.001, "high": 0.1, "log": True, "integer": False},
        "batch_size": {"low": 8, "high": 64, "log": False, "integer": True},
    }
    assert Space.from_mapping(space.as_dict()) == space
    assert space.size is None


def test_steps_make_choices() -> None:
    space = Space.from_mapping({"learning_rate": {"low": 0.001, "high": 0.1, "log": True, "steps": 3}})
    assert space.as_dict() == {"learning_rate": [0.001, 0.01, 0.1]}
    few = Space.from_mapping({"batch_size": {"low": 1, "high": 3, "steps": 9}})
    assert few.as_dict() == {"batch_size": [1, 2, 3]}, "each whole number once"


@given(st.floats(0, 1, exclude_max=True), st.booleans(), st.booleans())
def test_what_is_drawn_lies_within(place: float, log: bool, integer: bool) -> None:
    described = {"l2": {"low": 1, "high": 7, "log": log, "integer": integer}}
    value = Space.from_mapping(described).point_at({"l2": place})["l2"]
    assert 1 <= value <= 7
    assert isinstance(value, int) == integer


def test_a_logarithmic_range_gives_each_power_of_ten_its_share() -> None:
    space = Space.from_mapping({"learning_rate": {"low": 1e-4, "high": 1, "log": True}})
    drawn = [space.point_at({"learning_rate": place / 1000})["learning_rate"] for place in range(1000)]
    assert [sum(low <= value < 10 * low for value in drawn) for low in (1e-4, 1e-3, 1e-2, 1e-1)] == [250] * 4


def test_the_ends_of_whole_numbers_have_their_share() -> None:
    space = Space.from_mapping({"batch_size": {"low": 1, "high": 4}})
    drawn = [space.point_at({"batch_size": place / 1000})["batch_size"] for place in range(1000)]
    assert [drawn.count(value) for value in (1, 2, 3, 4)] == [250] * 4
    assert space.size == 4


@pytest.mark.parametrize(
    ("text", "axis"),
    [
        ("0.1, 0.01", ["0.1", "0.01"]),
        ("256-128; 64", ["256-128", "64"]),
        ("0.001 … 0.1", {"low": "0.001", "high": "0.1"}),
        ("0.001..0.1 log", {"low": "0.001", "high": "0.1", "log": True}),
        ("1 ... 9 integer 3", {"low": "1", "high": "9", "integer": True, "steps": 3}),
        ("1e-4 to 1e-1 log 5", {"low": "1e-4", "high": "1e-1", "log": True, "steps": 5}),
        ("relu", ["relu"]),
        (" ,", []),
    ],
)
def test_what_a_person_types(text: str, axis: object) -> None:
    assert axis_text.parse_axis("l2", text) == axis


def test_an_unknown_word_after_a_range() -> None:
    with pytest.raises(SpaceError, match="“often”"):
        axis_text.parse_axis("l2", "1 … 2 often")


def test_a_space_is_shown_as_it_is_typed() -> None:
    space = Space.from_mapping({"hidden_layers": [[256, 128], []], "l2": {"low": 0.5, "high": 8, "log": True}})
    assert [axis_text.format_axis(axis) for axis in space.as_dict().values()] == ["256-128; —", "0.5 … 8 log"]


def test_every_hyperparameter_can_be_varied() -> None:
    for name, field in FIELDS.items():
        value = list(field.default) if isinstance(field.default, tuple) else field.default
        assert Space.from_mapping({name: [value]}).as_dict() == {name: [value]}
