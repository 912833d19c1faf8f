"""Where letters that touch in a picture may be cut: along seams from top to bottom that cross little ink."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from recognizer.core.ink.frame import Mask

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
STRIP, STEP = 0.36, 0.12
"""Of the letters' height: a seam is looked for in strips of the ink that are so wide, and one so far from the next."""
LITTLE_INK = 7.0
"""Thicknesses of the pen: a seam that crosses more ink is kept only where those beside it cross no less."""
STRAIGHT = 10
"""A pixel of ink costs so many steps aside."""


def seams(ink: Mask, height: float, pen: float) -> tuple[Integers, Floats]:
    """Seams through ink (h, w) from left to right: the first column right of each (seams, h), and the ink it crosses.

    Ink is counted in thicknesses of the pen (seams,).
    """
    wide, step = max(3, round(STRIP * height)), max(1, round(STEP * height))
    firsts = np.arange(0, ink.shape[1] - wide + 1, step)
    if len(firsts) < 2:
        return np.empty((0, len(ink)), np.int64), np.empty(0)
    strips = ink[:, firsts[:, None] + np.arange(wide)].astype(np.int64)
    costs, columns = _cheapest(strips)
    columns += firsts[:, None]
    crossed = costs / (STRAIGHT * pen)
    kept = _distinct(columns, crossed, step)
    columns, crossed = columns[kept], crossed[kept]
    beside = np.minimum(np.append(crossed[1:], np.inf), np.insert(crossed[:-1], 0, np.inf))
    some = (crossed <= beside) | (crossed <= LITTLE_INK)
    return columns[some], crossed[some]


def _distinct(columns: Integers, crossed: Floats, apart: float) -> Integers:
    """Which seams are left when of those that are on average nearer than `apart` only the cheapest stays."""
    kept: list[int] = []
    for place in np.argsort(crossed, kind="stable").tolist():
        if all(np.abs(columns[place] - columns[other]).mean() >= apart for other in kept):
            kept.append(place)
    return np.array(sorted(kept, key=lambda place: float(columns[place].mean())), np.int64)


def _cheapest(strips: Integers) -> tuple[Floats, Integers]:
    """What the cheapest path down each strip (h, strips, width) costs, and its column in every row (strips, h)."""
    height, count, wide = strips.shape
    total = strips[0] * STRAIGHT
    came = np.zeros((height, count, wide), np.int64)
    far = np.full((count, 1), 1 << 40)
    for row in range(1, height):
        from_left = np.concatenate([far, total[:, :-1]], axis=1) + 1
        from_right = np.concatenate([total[:, 1:], far], axis=1) + 1
        best = np.minimum(total, np.minimum(from_left, from_right))
        came[row] = np.where(best == total, 0, np.where(best == from_left, -1, 1))
        total = best + strips[row] * STRAIGHT
    columns = np.empty((count, height), np.int64)
    every = np.arange(count)
    columns[:, -1] = total.argmin(axis=1)
    for row in range(height - 1, 0, -1):
        columns[:, row - 1] = columns[:, row] + came[row, every, columns[:, row]]
    return total.min(axis=1).astype(np.float64), columns
