"""Drawings and pictures that hold no letter: nothing, a dot, a line, nothing but ink."""

from typing import Any

import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]


def _ink(side: int, rows: slice, columns: slice) -> Grey:
    """A picture (side, side): a black part of white paper."""
    picture = np.full((side, side), 255, np.uint8)
    picture[rows, columns] = 0
    return picture


DRAWINGS: dict[str, list[Any]] = {
    "nothing": [],
    "a stroke of nothing": [[]],
    "a dot": [[[50, 50]]],
    "a pen that stood still": [[[50, 50]] * 40],
    "two dots in one place": [[[7, 7]], [[7, 7]]],
    "a line across": [[[0, 0], [90, 0]]],
    "a line down": [[[0, 0], [0, 90]]],
    "a line down by many points": [[[0, row / 4] for row in range(400)]],
    "a slanted line": [[[0, 90], [90, 0]]],
    "a black square": [[[0, row], [60, row]] for row in range(0, 61, 6)],
    "a line that is hardly longer than a dot": [[[0, 0], [2e-9, 0]]],
    "a line from edge to edge of what is allowed": [[[-1e6, -1e6], [1e6, 1e6]]],
}
PICTURES: dict[str, Grey] = {
    "white": np.full((40, 40), 255, np.uint8),
    "black": np.zeros((40, 40), np.uint8),
    "one pixel of paper": np.full((1, 1), 255, np.uint8),
    "a dot": _ink(40, slice(20, 21), slice(20, 21)),
    "a dot in a corner": _ink(40, slice(0, 1), slice(0, 1)),
    "a black square": _ink(40, slice(4, 36), slice(4, 36)),
    "a black square of 28": _ink(28, slice(1, 27), slice(1, 27)),
    "a line across": _ink(40, slice(20, 21), slice(4, 36)),
    "a line down": _ink(40, slice(4, 36), slice(20, 21)),
    "a line from edge to edge": _ink(300, slice(0, 300), slice(140, 150)),
}
