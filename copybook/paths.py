"""The pen's path along each element, as points near enough to each other to be joined by straight lines."""

from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from copybook.alphabets import TaughtLetter
from training.datasets.synthesis.curves import curves

Floats = NDArray[np.float64]


def paths(taught: TaughtLetter) -> list[Floats]:
    """Return the path (n, 2) of each element, in hundredths of the letter's box."""
    shapes = curves(taught.skeleton)
    whole = [shape.sharp @ shape.points for shape in shapes]
    return [whole[stroke][first : last + 1] for stroke, first, last in ranges(taught)]


def ranges(taught: TaughtLetter) -> list[tuple[int, int, int]]:
    """Say which samples of which stroke each element is: (stroke, first, last)."""
    shapes = curves(taught.skeleton)
    strokes: list[list[int]] = []
    for element in taught.elements:
        if element.joined:
            strokes[-1].append(len(element.pieces))
        else:
            strokes.append([len(element.pieces)])
    found = []
    for number, counts in enumerate(strokes):
        ends = [shapes[number].corners[end] for end in (0, *accumulate(counts))]
        found += [(number, first, last) for first, last in pairwise(ends)]
    return found
