"""The Pareto front of models, and the best one within a limit."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


def front(models: Iterable[T], cost: Callable[[T], float], gain: Callable[[T], float]) -> list[T]:
    """Those that no other beats: none costs less and gains as much, none costs as much and gains more; cheapest first.

    Of equals the first is taken.
    """
    best: list[T] = []
    for model in sorted(models, key=lambda each: (cost(each), -gain(each))):
        if not best or gain(model) > gain(best[-1]):
            best.append(model)
    return best


def best_within(models: Sequence[T], limit: float, cost: Callable[[T], float], gain: Callable[[T], float]) -> T | None:
    """The one that gains most at no more than this cost; of equals the cheapest. None if all cost more."""
    fitting = [each for each in models if cost(each) <= limit]
    return min(fitting, key=lambda each: (-gain(each), cost(each)), default=None)
