"""Shares that fit: how they follow from how many letters of people there are."""

from dataclasses import replace

import pytest

from training.core.hyperparameters import PRESETS, Hyperparameters
from training.runs.defaults import EPOCH_SAMPLES, FIRST_SHOWN, LAST_SHOWN, SYNTHETIC_SHARE, Source, fitting_shares

RECIPE = Hyperparameters()
MADE = Source([1000] * 33, is_synthetic=True)


def people(pictures: int, *, missing: int = 0) -> Source:
    """Letters of people, the same number of each but for some that are missing."""
    return Source([pictures // 33] * (33 - missing) + [0] * missing, is_synthetic=False)


@pytest.mark.parametrize("sources", [[MADE], [people(99)], [people(99), people(330)], [MADE, MADE]])
def test_one_kind_of_letters_is_left_alone(sources: list[Source]) -> None:
    assert fitting_shares(sources, RECIPE) == {}


@pytest.mark.parametrize("given", [replace(RECIPE, source_weights=(1, 1)), replace(RECIPE, closing_weights=(1, 1))])
def test_nothing_is_offered_where_shares_are_given(given: Hyperparameters) -> None:
    assert fitting_shares([people(99), MADE], given) == {}


def shown(real: int, *, missing: int = 0, recipe: Hyperparameters = RECIPE) -> tuple[float, float, int]:
    """How often an epoch shows a letter of people, first and last, and the samples of an epoch."""
    source = people(real, missing=missing)
    fitting = fitting_shares([source, MADE], recipe)
    samples = fitting["epoch_samples"]
    times = [fitting[name][0] * samples / sum(source.counts) for name in ("source_weights", "closing_weights")]
    return times[0], times[1], samples


@pytest.mark.parametrize("real", [99, 330, 660])
def test_few_letters_of_people_are_not_shown_too_often_and_an_epoch_has_steps_enough(real: int) -> None:
    first, last, samples = shown(real)
    assert samples == EPOCH_SAMPLES
    assert first == pytest.approx(FIRST_SHOWN, rel=0.02)
    assert last == pytest.approx(LAST_SHOWN, rel=0.02)


def test_many_letters_of_people_end_without_synthetic_ones_and_make_the_epoch() -> None:
    first, last, samples = shown(33 * 2000)
    assert samples == 33 * 2000
    assert first == pytest.approx(1 - SYNTHETIC_SHARE)
    assert last == 1


def test_an_epoch_is_no_longer_than_all_there_is() -> None:
    few = Source([10] * 33, is_synthetic=True)
    assert fitting_shares([people(330), few], RECIPE)["epoch_samples"] == 660


def test_samples_that_are_given_stay() -> None:
    assert shown(330, recipe=replace(RECIPE, epoch_samples=500))[2] == 500


def test_a_letter_that_only_synthetic_ones_have_does_not_fade() -> None:
    fitting = fitting_shares([people(33 * 2000, missing=11), MADE], RECIPE)
    assert fitting["closing_weights"][1] == pytest.approx(1 / 3, abs=1e-4)


def test_several_of_a_kind_share_by_the_data_set_balance() -> None:
    recipe = replace(PRESETS["standard"], source_balance=0.0)
    weights = fitting_shares([people(330), MADE, people(3300)], recipe)["source_weights"]
    assert weights[0] == weights[2]
    assert sum(weights) == pytest.approx(1, abs=1e-3)
