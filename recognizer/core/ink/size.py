"""Ink that is too little to be read: a letter far away on a large picture, a dot."""

from __future__ import annotations

from typing import Optional

import numpy as np

from recognizer.core.ink.frame import Mask
from recognizer.core.ink.pictures import Picture, border_median, checked, darkest, ink_rank, to_greys
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
    if ink_rank(greys) <= 2:
        return None
    shares = [_overlooked(side) for side in (greys, 255 - greys)]
    return next((share for share in shares if share is not None), None)


def _overlooked(greys: Mask) -> Optional[float]:
    """The same of dark ink on light paper, greys (1, h, w)."""
    paper = int(border_median(greys)[0])
    rank = ink_rank(greys)
    pixels = greys.reshape(1, -1)
    taken = max(paper - int(darkest(pixels, rank)[0]), 255 - int(darkest(255 - pixels, rank)[0]) - paper)
    contrast = paper - int(pixels.min())
    if contrast < CLEAR or taken > FAINT or TIMES * taken > contrast:
        return None
    dark = greys[0] < paper - contrast // 2
    rows = np.flatnonzero(dark.any(axis=1))
    share = float(rows[-1] - rows[0] + 1) / len(dark)
    return share if np.count_nonzero(dark) >= FEWEST and share <= LARGEST_SHARE else None
