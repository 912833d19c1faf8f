"""Ways through the lattice of a word: the best one, and how likely each group is on one."""

from __future__ import annotations

import math
from typing import List, Tuple

import numpy as np
import numpy.typing as npt

from recognizer.core.words.lattice import Lattice

Floats = npt.NDArray[np.float64]


def best_path(lattice: Lattice, scores: Floats) -> List[int]:
    """Groups, from left to right, of the way that scores (groups,) add up to most on."""
    best = [-np.inf] * (lattice.pieces + 1)
    best[0] = 0.0
    came = [-1] * (lattice.pieces + 1)
    table = zip(lattice.firsts.tolist(), lattice.ends.tolist(), scores.tolist())
    for group, (first, end, score) in enumerate(table):  # (by their ends, so that each first is known)
        if best[first] + score > best[end]:
            best[end], came[end] = best[first] + score, group
    path, end = [], lattice.pieces
    while end:
        path.append(came[end])
        end = int(lattice.firsts[came[end]])
    return path[::-1]


def likelihoods(lattice: Lattice, scores: Floats) -> Floats:
    """How likely each group (groups,) is one of the letters: the share of all ways that go through it."""
    before, after = _totals(lattice, scores)
    return np.asarray(np.exp(before[lattice.firsts] + scores + after[lattice.ends] - before[-1]))


def log_total(lattice: Lattice, scores: Floats) -> float:
    """Logarithm of the sum over all ways of exp(score of the way)."""
    return float(_totals(lattice, scores)[0][-1])


def _totals(lattice: Lattice, scores: Floats) -> Tuple[Floats, Floats]:
    """The same sum over the ways to each bound (pieces + 1,), and from it to the end."""
    before, after = [-math.inf] * (lattice.pieces + 1), [-math.inf] * (lattice.pieces + 1)
    before[0] = after[-1] = 0.0
    edges = list(zip(lattice.firsts.tolist(), lattice.ends.tolist(), scores.tolist()))
    for first, end, score in edges:
        before[end] = _log_add(before[end], before[first] + score)
    for first, end, score in reversed(edges):
        after[first] = _log_add(after[first], after[end] + score)
    return np.array(before), np.array(after)


def _log_add(one: float, other: float) -> float:
    """Logarithm of exp(one) + exp(other)."""
    low, high = min(one, other), max(one, other)
    return high if low == -math.inf else high + math.log1p(math.exp(low - high))
