"""Marks: strokes of a word, or patches of ink of its picture, that are never cut apart, from left to right.

Where letters may be cut is between two of them, in the order of their middles: not in the order in which they were
drawn, so that dots, bars and tails that come late, and words written from right to left, are read all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

import numpy as np
import numpy.typing as npt

Boxes = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float64]
LEFT, TOP, RIGHT, BOTTOM = range(4)


@dataclass(frozen=True, eq=False)
class Marks:
    """Marks of a word.

    Attributes:
        members: of each, in order, the numbers of the strokes or patches that it is made of.
        boxes: (n, 4), left, top, right and bottom of each, in units of the drawing.
        height: of the word's letters, in the same unit.
        touching: (n, n), how much ink two have in common, in thicknesses of the pen; 1 for strokes that touch.
    """

    members: Sequence[Sequence[int]]
    boxes: Boxes
    height: float
    touching: Floats

    def __len__(self) -> int:
        """How many there are."""
        return len(self.members)


def in_order(boxes: Boxes) -> npt.NDArray[np.int64]:
    """Numbers of boxes (n, 4) by their middles, from left to right; those above first where these are the same."""
    return np.lexsort((boxes[:, TOP], boxes[:, LEFT] + boxes[:, RIGHT])).astype(np.int64)


def letter_height(boxes: Boxes) -> float:
    """The height of a word's letters: the median of what stands over each stretch of the line, without small signs.

    Boxes (n, 4) in any order. A dot alone has the height 0.
    """
    heights = sorted(bottom - top for top, bottom in _stretches(boxes))
    tall = [height for height in heights if 2 * height >= heights[-1]]
    return float(tall[len(tall) // 2])


def _stretches(boxes: Boxes) -> list[tuple[float, float]]:
    """Top and bottom of each run of boxes that overlap along the line."""
    found: list[tuple[float, float]] = []
    end = -np.inf
    for left, top, right, bottom in boxes[np.argsort(boxes[:, LEFT], kind="stable")].tolist():
        if left <= end:
            found[-1] = min(found[-1][0], top), max(found[-1][1], bottom)
        else:
            found.append((top, bottom))
        end = max(end, right)
    return found
