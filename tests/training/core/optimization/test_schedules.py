"""Learning-rate schedules at the steps where they turn."""

from __future__ import annotations

import pytest

from tests.training.core.recipes import recipe
from training.core.optimization.schedules import StepPosition, learning_rate


def at(step: int, *, epoch: int = 0, factor: float = 1, **values: object) -> float:
    h = recipe(learning_rate=2.0, **values)
    return learning_rate(h, StepPosition(step, steps=100, epoch=epoch, plateau_factor=factor))


def test_constant() -> None:
    assert [at(step) for step in (0, 50, 99)] == [2.0, 2.0, 2.0]


def test_step_cuts_every_few_epochs() -> None:
    rates = [at(0, epoch=epoch, schedule="step", step_epochs=3, step_factor=0.1) for epoch in (0, 2, 3, 5, 6)]
    assert rates == pytest.approx([2, 2, 0.2, 0.2, 0.02])


def test_cosine_goes_from_all_to_nothing() -> None:
    rates = [at(step, schedule="cosine") for step in (0, 25, 50, 75, 100)]
    assert rates == pytest.approx([2, 2 * 0.853553, 1, 2 * 0.146447, 0], abs=1e-5)


def test_warm_up_climbs_in_a_straight_line_and_the_cosine_begins_after_it() -> None:
    rates = [at(step, schedule="cosine", warmup_steps=20) for step in (0, 9, 19, 20, 60)]
    assert rates == pytest.approx([0.1, 1.0, 2.0, 2.0, 1.0])
    assert at(4, warmup_steps=10) == pytest.approx(1.0)


def test_warm_up_longer_than_the_training_still_climbs() -> None:
    rates = [at(step, schedule="cosine", warmup_steps=1000) for step in (0, 50, 99)]
    assert rates == sorted(rates)
    assert rates[-1] == pytest.approx(0.2)


def test_plateau_uses_the_cuts_made() -> None:
    assert at(5, schedule="plateau", factor=0.25) == pytest.approx(0.5)
