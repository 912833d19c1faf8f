"""A space is checked before anything is made, and says which hyperparameter is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.core.hyperparameters import FIELDS, Hyperparameters
from training.sweeps.spaces import Space, SpaceError, apply
from training.sweeps.strategies import STRATEGIES


def test_values_are_read_in_their_own_type() -> None:
    space = Space.from_mapping({"batch_size": ["15", 128], "hidden_layers": ["256-128", [64]], "activation": ["relu"]})
    assert space.as_dict() == {"batch_size": [15, 128], "hidden_layers": [[256, 128], [64]], "activation": ["relu"]}
    assert Space.from_mapping(space.as_dict()) == space


@pytest.mark.parametrize(
    ("mapping", "name", "words"),
    [
        ({}, "", "at least one hyperparameter"),
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


@given(
    st.dictionaries(
        st.sampled_from(["l2", "momentum", "dropout"]),
        st.lists(st.sampled_from([0.0, 0.1, 0.2, 0.3]), min_size=1, unique=True),
        min_size=1,
    )
)
def test_a_grid_has_every_combination_once(mapping: dict[str, list[float]]) -> None:
    trials = STRATEGIES["grid"].propose(Space.from_mapping(mapping), 64)
    points = {tuple(trial.items()) for trial in trials}
    expected = 1
    for values in mapping.values():
        expected *= len(values)
    assert len(trials) == len(points) == expected
    assert all(list(trial) == list(mapping) for trial in trials)
    assert all(trial[name] in mapping[name] for trial in trials for name in mapping)


def test_a_grid_is_whole_or_refused() -> None:
    space = Space.from_mapping({"l2": list(range(10)), "seed": list(range(10))})
    assert len(STRATEGIES["grid"].propose(space, 100)) == 100
    with pytest.raises(SpaceError, match="100 trials, and at most 99"):
        STRATEGIES["grid"].propose(space, 99)


def test_every_hyperparameter_can_be_varied() -> None:
    for name, field in FIELDS.items():
        value = list(field.default) if isinstance(field.default, tuple) else field.default
        assert Space.from_mapping({name: [value]}).as_dict() == {name: [value]}
