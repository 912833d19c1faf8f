"""The surface of Figures 3 and 4: its gradient is that of its cost, and descents end where the page says."""

import math

import pytest

from training.study.illustrations import surface
from training.study.illustrations.surface import DIPS, STEPS, BallDescent, Outcome

STEP = 1e-6


@pytest.mark.parametrize("point", [(-1.3, 0.4), (0.2, -1.1), (1.7, 1.2)])
def test_the_gradient_is_that_of_the_cost(point: tuple[float, float]) -> None:
    v1, v2 = point
    by_v1 = (surface.cost(v1 + STEP, v2) - surface.cost(v1 - STEP, v2)) / (2 * STEP)
    by_v2 = (surface.cost(v1, v2 + STEP) - surface.cost(v1, v2 - STEP)) / (2 * STEP)
    assert surface.gradient(v1, v2) == pytest.approx((by_v1, by_v2), abs=1e-6)


def test_the_dips_are_dips_and_the_first_is_deeper() -> None:
    for v1, v2 in DIPS:
        assert surface.gradient(v1, v2) == pytest.approx((0, 0), abs=1e-3)
        assert surface.cost(v1, v2) < min(surface.cost(v1 + 0.1, v2), surface.cost(v1 - 0.1, v2))
    assert surface.cost(*DIPS[0]) < surface.cost(*DIPS[1])


@pytest.mark.parametrize(
    ("descent", "outcome"),
    [
        (BallDescent(), Outcome.DEEPEST),
        (BallDescent(1.5, 1.0, 0.1), Outcome.LESSER),
        (BallDescent(1.5, 1.0, 0.01), Outcome.UNDER_WAY),
        (BallDescent(1.8, 1.4, 1.0), Outcome.LEFT),
    ],
)
def test_where_a_descent_ends(descent: BallDescent, outcome: Outcome) -> None:
    assert descent.outcome() is outcome
    assert len(descent.path()) <= STEPS + 1
    assert all(math.isfinite(value) for point in descent.path() for value in point)


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        (("", "", ""), BallDescent()),
        (("x", "nan", "inf"), BallDescent()),
        (("-9", "9", "7"), BallDescent(-surface.WIDTH, surface.HEIGHT, 1.0)),
        (("0.5", "-0.5", "0.2"), BallDescent(0.5, -0.5, 0.2)),
    ],
)
def test_nonsense_in_an_address_is_as_by_default_or_at_the_edge(texts: tuple[str, str, str], read: BallDescent) -> None:
    assert BallDescent.read(*texts) == read


def test_lines_of_the_map_are_lines_of_equal_cost() -> None:
    lines = surface.contours()
    assert len(lines) > len(surface.LEVELS), "around both dips"
    for line in lines:
        costs = [surface.cost(v1, v2) for v1, v2 in line]
        assert max(costs) - min(costs) < 1e-9
