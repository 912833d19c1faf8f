"""Recipes that are called the same train the same network, to the bit; others do not."""

from typing import Any

import pytest

from tests.training.core.conftest import MakeSamples
from training.core.hyperparameters import Hyperparameters
from training.core.options.effective import CONDITIONS, SEVERAL_DATA_SETS, effective
from training.core.state import TrainingState
from training.core.trainer import train

SAME: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "momentum": ({"optimizer": "sgd"}, [0.1, 0.9]),
    "step_epochs": ({"schedule": "cosine"}, [1, 2]),
    "step_factor": ({"schedule": "constant"}, [0.5, 0.1]),
    "pruning_begin": ({}, [0.1, 0.2]),
    "pruning_end": ({}, [0.6, 0.7]),
    "temperature": ({}, [1, 4]),
    "activation": ({"hidden_layers": [], "initializer": "normal"}, ["sigmoid", "relu", "gelu"]),
    "dropout": ({"hidden_layers": []}, [0, 0.5]),
    "batch_normalization": ({"hidden_layers": []}, [True, False]),
    "output_error": ({"cost": "quadratic", "output": "sigmoid"}, ["exact", "elementwise"]),
    "source_weights": ({}, [[1], [3]]),
    "closing_weights": ({}, [[1], [3]]),
    "source_balance": ({}, [0, 1]),
    "optimizer": ({}, ["adam", "adamw"]),
}
"""For each name what the rest of the recipe is, and values between which there is then no difference."""
DIFFERENT: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "momentum": ({"optimizer": "nesterov"}, [0.1, 0.9]),
    "step_epochs": ({"schedule": "step", "step_factor": 0.1}, [1, 2]),
    "step_factor": ({"schedule": "step", "step_epochs": 1}, [0.5, 0.1]),
    "activation": ({"initializer": "normal"}, ["sigmoid", "relu"]),
    "dropout": ({}, [0, 0.5]),
    "batch_normalization": ({}, [True, False]),
    "output_error": ({"cost": "quadratic"}, ["exact", "elementwise"]),
    "optimizer": ({"l2": 5}, ["adam", "adamw"]),
}


def recipes(name: str, rest: dict[str, Any], values: list[Any]) -> list[Hyperparameters]:
    """A recipe for each value."""
    base = Hyperparameters(hidden_layers=(8,), epochs=2, batch_size=10)
    return [Hyperparameters.from_mapping({**rest, name: value}, base=base) for value in values]


def weights(recipe: Hyperparameters, make_samples: MakeSamples) -> str:
    """What the recipe trains, as a hash."""
    training, validation = make_samples(60), make_samples(30)
    state = TrainingState.begin(recipe, n_inputs=16, n_classes=3)
    for _metrics in train(state, training, validation):
        pass
    return state.network().weights_sha256()


def test_every_condition_is_tried() -> None:
    assert {*CONDITIONS, *SEVERAL_DATA_SETS} < {*SAME}


@pytest.mark.parametrize("name", SAME)
def test_equal_recipes_train_the_same_network(name: str, make_samples: MakeSamples) -> None:
    equal = recipes(name, *SAME[name])
    assert len({str(effective(recipe.as_dict(), data_sets=1)) for recipe in equal}) == 1
    assert len({weights(recipe, make_samples) for recipe in equal}) == 1


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_has_an_effect_is_kept(name: str, make_samples: MakeSamples) -> None:
    different = recipes(name, *DIFFERENT[name])
    assert len({str(effective(recipe.as_dict(), data_sets=1)) for recipe in different}) == len(different)
    assert len({weights(recipe, make_samples) for recipe in different}) == len(different)


def test_shares_have_an_effect_with_several_data_sets() -> None:
    one, other = recipes("source_balance", *SAME["source_balance"])
    assert effective(one.as_dict(), data_sets=2) != effective(other.as_dict(), data_sets=2)
