"""The front, and the best within a limit."""

import random

from training.devices.choice.front import best_within, front

Pair = tuple[float, float]


def cost(pair: Pair) -> float:
    return pair[0]


def gain(pair: Pair) -> float:
    return pair[1]


def test_no_other_beats_what_is_on_the_front() -> None:
    rng = random.Random(3)
    models = [(float(rng.randrange(30)), float(rng.randrange(30))) for _ in range(200)]
    best = front(models, cost, gain)
    assert best == sorted(best)
    for model in models:
        beaten = any(other[0] <= model[0] and other[1] >= model[1] and other != model for other in models)
        assert (model in best) is not beaten


def test_of_equals_one_is_on_the_front() -> None:
    assert front([(1.0, 5.0), (1.0, 5.0), (2.0, 5.0)], cost, gain) == [(1.0, 5.0)]


def test_the_best_within_a_limit() -> None:
    models = [(1.0, 5.0), (2.0, 7.0), (3.0, 7.0), (9.0, 8.0)]
    assert best_within(models, 3.0, cost, gain) == (2.0, 7.0)
    assert best_within(models, 9.0, cost, gain) == (9.0, 8.0)
    assert best_within(models, 0.5, cost, gain) is None
