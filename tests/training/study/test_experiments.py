"""The thesis's experiments as data: complete, trainable, and with its own figures."""

import pytest

from training.study.experiments import EXPERIMENTS, TEST, TRAINING, ThesisExperiment

ROWS = {
    "learning-rate-quadratic": 6,
    "learning-rate-elementwise": 6,
    "learning-rate-cross-entropy": 6,
    "mini-batch": 5,
    "layers": 5,
    "l2": 2,
    "initialisation": 9,
    "relu": 17,
}
BEST = {
    "learning-rate-quadratic": 83,
    "learning-rate-elementwise": 83,
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
    assert sum(ROWS.values()) == 56


@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_every_row_makes_a_recipe(experiment: ThesisExperiment) -> None:
    recipes = [experiment.hyperparameters(row, epochs=3, seed=2, samples=TRAINING) for row in experiment.rows]
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
    recipe = relu.hyperparameters(row, epochs=1, seed=1, samples=TRAINING)
    assert [recipe.learning_rate, recipe.l2, recipe.batch_size, recipe.early_stopping] == [0.01, 20, 15, 0]
    half = relu.hyperparameters(row, epochs=1, seed=1, samples=TRAINING // 2)
    assert half.l2 / (TRAINING // 2) == pytest.approx(recipe.l2 / TRAINING), "λ/n is the thesis's"
    assert list(recipe.hidden_layers) == [256, 128]
    assert [recipe.activation, recipe.initializer] == ["relu", "scaled-normal"]


def test_the_first_experiments_begin_with_large_weights() -> None:
    for name in ("learning-rate-quadratic", "learning-rate-cross-entropy", "mini-batch", "layers", "l2"):
        assert EXPERIMENTS[name].recipe.initializer == "normal"
    assert EXPERIMENTS["learning-rate-quadratic"].recipe.batch_size == 30
    assert EXPERIMENTS["learning-rate-quadratic"].recipe.cost == "quadratic"


def test_counts_are_the_accuracies() -> None:
    counted = [row for experiment in EXPERIMENTS.values() for row in experiment.rows if row.counted]
    assert [row.counted for row in counted] == [14_413, 15_829]
    for row in counted:
        assert 100 * (row.counted or 0) / TEST == pytest.approx(row.thesis, abs=0.06)


def test_both_output_errors_are_compared_row_by_row() -> None:
    exact, elementwise = EXPERIMENTS["learning-rate-quadratic"], EXPERIMENTS["learning-rate-elementwise"]
    assert exact.rows == elementwise.rows
    assert [exact.recipe.output_error, elementwise.recipe.output_error] == ["exact", "elementwise"]
    assert exact.repeats_all
    assert elementwise.repeats_all
