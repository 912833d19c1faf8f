"""Ink that is too little to be read: a letter far away on a large picture, a dot."""

from __future__ import annotations

from typing import Optional

import numpy as np

from recognizer.core.ink.frame import Mask
from recognizer.core.ink.pictures import Picture, border_median, checked, darkest, ink_rank, lightest, to_greys
from recognizer.core.ink.strokes import MIN_SIZE, Strokes

FEWEST = 10
"""Pixels of ink; fewer are dust."""
CLEAR, FAINT = 60, 48
"""Greys by which ink differs clearly from its paper, and by which noise and shadows may."""
TIMES = 3
"""So many times as dark as what is taken for ink is a letter that is overlooked."""
LARGEST_SHARE = 0.08
"""Of the picture's height; what is spread farther is dirt, no letter."""


def is_dot(strokes: Strokes) -> bool:
    """Whether all points of a drawing are one."""
    points = [point for stroke in strokes for point in stroke]
    x, y = points[0][:2]
    if any(abs(point[0] - x) > MIN_SIZE or abs(point[1] - y) > MIN_SIZE for point in points):
        return False  # (mostly the second point says so)
    return all(
        max(values) - min(values) <= MIN_SIZE for values in ([point[axis] for point in points] for axis in (0, 1))
    )


def overlooked_share(picture: Picture) -> Optional[float]:
    """Height, as a share of the picture's, of a letter that has too few pixels to be taken for ink; None for none.

    `to_masks` takes the ink's tone from the darkest of 4096 pixels or so, so that dust does not decide it.
    """
    greys = to_greys(checked(picture)[None])
    rank, pixels = ink_rank(greys), greys.reshape(1, -1)
    if rank <= 2:
        return None
    dark, light = int(darkest(pixels, rank)[0]), int(lightest(pixels, rank)[0])
    share = _overlooked(greys, dark, light)
    return share if share is not None else _overlooked(255 - greys, 255 - light, 255 - dark)


def _overlooked(greys: Mask, dark: int, light: int) -> Optional[float]:
    """The same of dark ink on light paper, greys (1, h, w), with their tones at both ends that count."""
    paper = int(border_median(greys)[0])
    taken = max(paper - dark, light - paper)
    if taken > FAINT:
        return None
    contrast = paper - int(greys.min())
    if contrast < CLEAR or TIMES * taken > contrast:
        return None
    inked = greys[0] < paper - contrast // 2
    rows = np.flatnonzero(inked.any(axis=1))
    share = float(rows[-1] - rows[0] + 1) / len(inked)
    return share if np.count_nonzero(inked) >= FEWEST and share <= LARGEST_SHARE else None
