"""The thesis's experiments as data: complete, trainable, and with its own figures."""

import pytest

from training.study.experiments import EXPERIMENTS, ThesisExperiment

ROWS = {
    "learning-rate-quadratic": 5,
    "learning-rate-cross-entropy": 6,
    "mini-batch": 5,
    "layers": 5,
    "l2": 2,
    "initialisation": 9,
    "relu": 17,
}
BEST = {
    "learning-rate-quadratic": 83,
    "learning-rate-cross-entropy": 87.4,
    "mini-batch": 87.4,
    "layers": 90.1,
    "l2": 95.47,
    "initialisation": 95.935,
    "relu": 96.545,
}
"""The thesis's story in one line."""


def test_every_row_is_there() -> None:
    assert {name: len(experiment.rows) for name, experiment in EXPERIMENTS.items()} == ROWS
    assert sum(ROWS.values()) == 49


@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_every_row_makes_a_recipe(experiment: ThesisExperiment) -> None:
    recipes = [experiment.hyperparameters(row, epochs=3, seed=2) for row in experiment.rows]
    assert len({str(recipe.as_dict()) for recipe in recipes}) == len(recipes), "no two rows are the same"
    for recipe in recipes:
        assert (recipe.epochs, recipe.seed, recipe.ink_specification, recipe.optimizer) == (3, 2, "raw-28", "sgd")
        assert not recipe.augments
    assert len({row.label for row in experiment.rows}) == len(experiment.rows)


def test_the_best_of_each_is_the_story_that_the_thesis_tells() -> None:
    best = {name: max(row.thesis or 0 for row in experiment.rows) for name, experiment in EXPERIMENTS.items()}
    assert best == BEST


def test_the_winning_row_of_relu() -> None:
    relu = EXPERIMENTS["relu"]
    row = max(relu.rows, key=lambda row: row.thesis or 0)
    recipe = relu.hyperparameters(row, epochs=1, seed=1)
    assert [recipe.learning_rate, recipe.l2, recipe.batch_size] == [0.01, 20, 15]
    assert list(recipe.hidden_layers) == [256, 128]
    assert [recipe.activation, recipe.initializer] == ["relu", "scaled-normal"]


def test_the_first_experiments_begin_with_large_weights() -> None:
    for name in ("learning-rate-quadratic", "learning-rate-cross-entropy", "mini-batch", "layers", "l2"):
        assert EXPERIMENTS[name].recipe.initializer == "normal"
    assert EXPERIMENTS["learning-rate-quadratic"].recipe.batch_size == 30
    assert EXPERIMENTS["learning-rate-quadratic"].recipe.cost == "quadratic"
