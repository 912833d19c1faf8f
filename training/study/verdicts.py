"""Whether our figure reproduces the thesis's: closer than chance explains, or better, or worse."""

import math
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from statistics import fmean, stdev
from typing import Any

OWN_SEEDS = 3
"""From so many seeds on, a row's own spread says more than that of rows alike."""


class StudyVerdict(StrEnum):
    """How ours compares."""

    REPRODUCED = "reproduced"
    BETTER = "better"
    WORSE = "worse"


def group_of(recipe: Mapping[str, Any]) -> tuple[Any, ...]:
    """Rows with these in common spread alike over seeds: cost, its output error, activation."""
    return tuple(recipe.get(name) for name in ("cost", "output_error", "activation"))


def pooled_deviation(rows: Iterable[Sequence[float]]) -> float | None:
    """The standard deviation s over seeds, pooled over rows: √(Σ Σ (x − mean)² / Σ (seeds − 1)).

    Args:
        rows: the figures of each row, one for each seed; rows with fewer than two say nothing.

    Returns:
        s, in the unit of the figures; None if no row has two.

    """
    repeated = [row for row in rows if len(row) > 1]
    if not repeated:
        return None
    squares = sum((value - fmean(row)) ** 2 for row in repeated for value in row)
    return math.sqrt(squares / sum(len(row) - 1 for row in repeated))


def spread_of(row: Sequence[float], pooled: float | None) -> float | None:
    """The s of a row: its own where it has all seeds, else that of rows alike, among which some may collapse.

    Args:
        row: its figures, one for each seed.
        pooled: s of rows alike.

    """
    return stdev(row) if len(row) >= OWN_SEEDS else pooled


def tolerance(deviation: float, accuracy: float, pictures: int) -> float:
    """ε = 2 √(s² + 2p(1 − p)/n): both figures are of n pictures each, ours of one seed.

    Args:
        deviation: s, 0…1.
        accuracy: p, 0…1.
        pictures: n.

    """
    return 2 * math.sqrt(deviation**2 + 2 * accuracy * (1 - accuracy) / pictures)


def verdict(ours: float, thesis: float, epsilon: float) -> StudyVerdict:
    """Reproduced if |ours − thesis| ≤ ε; all three in the same unit."""
    if abs(ours - thesis) <= epsilon:
        return StudyVerdict.REPRODUCED
    return StudyVerdict.BETTER if ours > thesis else StudyVerdict.WORSE
