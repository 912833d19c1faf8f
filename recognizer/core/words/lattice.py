"""All plausible ways to cut the marks of a word into letters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recognizer.core.words.marks import LEFT, RIGHT, Boxes, Marks

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
MOST_OVERLAP = 0.35
"""Of the letters' height: what overlaps more is not cut apart."""
MOST_PIECES = 10
"""Of a letter."""
MOST_WIDTH = 1.8
"""Of a letter, in heights of letters; one piece may be wider."""


@dataclass(frozen=True, eq=False)
class Lattice:
    """Pieces, which are never cut, and groups of neighbouring pieces that may be letters.

    Attributes:
        marks: of the word.
        bounds: (pieces + 1,), where each piece begins among the marks, and the end.
        gaps: (pieces + 1,), from what is left of a bound to what is right of it, in heights; 0 at both ends.
        touching: (pieces + 1,), the most ink that a mark left of a bound has in common with one right of it.
        firsts, ends: (groups,), the first piece of each group, and the one after its last; by `ends`, then `firsts`.
        boxes: (groups, 4).
    """

    marks: Marks
    bounds: Integers
    gaps: Floats
    touching: Floats
    firsts: Integers
    ends: Integers
    boxes: Boxes

    def __len__(self) -> int:
        """How many groups there are."""
        return len(self.firsts)

    @property
    def pieces(self) -> int:
        """How many pieces there are."""
        return len(self.bounds) - 1

    def members(self, group: int) -> list[int]:
        """Numbers of the strokes or patches of a group, from left to right."""
        marks = range(self.bounds[self.firsts[group]], self.bounds[self.ends[group]])
        return [member for mark in marks for member in self.marks.members[mark]]


def lattice_of(marks: Marks) -> Lattice:
    """Cut marks in all plausible ways."""
    height = max(marks.height, 1e-9)
    reached = np.maximum.accumulate(marks.boxes[:, RIGHT])
    begun = np.minimum.accumulate(marks.boxes[::-1, LEFT])[::-1]
    gaps = (begun[1:] - reached[:-1]) / height
    inner = np.flatnonzero(gaps >= -MOST_OVERLAP)
    bounds = np.array([0, *(inner + 1), len(marks)], dtype=np.int64)
    touching = [float(marks.touching[:bound, bound:].max(initial=0.0)) for bound in bounds.tolist()]
    firsts, ends, boxes = _groups(marks, bounds, MOST_WIDTH * height)
    return Lattice(marks, bounds, np.array([0.0, *gaps[inner], 0.0]), np.array(touching), firsts, ends, boxes)


def _groups(marks: Marks, bounds: Integers, widest: float) -> tuple[Integers, Integers, Boxes]:
    """First piece, end and box of each group that is not too wide."""
    found = []
    for end in range(1, len(bounds)):
        for first in range(end - 1, max(-1, end - 1 - MOST_PIECES), -1):
            boxes = marks.boxes[bounds[first] : bounds[end]]
            box = [*boxes[:, :RIGHT].min(axis=0).tolist(), *boxes[:, RIGHT:].max(axis=0).tolist()]
            if first == end - 1 or box[RIGHT] - box[LEFT] <= widest:
                found.append((first, end, *box))
    table = np.array(found, dtype=np.float64)
    return table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2:]
