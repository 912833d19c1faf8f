"""Thick lines with round ends, filled row by row: from the first pixel that is near enough to the last.

What lies within the radius of a segment is convex, so in each row it is one run of pixels. Its ends are found exactly,
as if each pixel's centre were tested: numerators are whole numbers below 2⁵², so that no quotient is rounded across a
whole number. A tenth as many numbers are computed as there are pixels around the segments.
"""

from __future__ import annotations

import numpy as np

from recognizer.core.ink.frame import SIDE, Floats, Integers, Mask

UNIT = 16
"""Ends of segments are in 1/16 px of the frame."""
RADIUS = 76
"""Half of a line's thickness, 4.75 px, in units."""
NEVER = 1e9
"""Beyond every pixel, in units: an empty run begins there."""
TINY = 1e-6
"""Stands for 0 in a quotient: 0.5 / TINY is beyond every pixel, and so is anything larger."""
_HALVES = np.full(4 * SIDE * UNIT, -NEVER)
"""How far a disc reaches to either side, by the distance from its middle along the other axis."""
_HALVES[: RADIUS + 1] = np.floor(np.sqrt(RADIUS**2 - np.arange(RADIUS + 1.0) ** 2))
_HALVES.flags.writeable = False


def filled(starts: Integers, ends: Integers) -> Mask:
    """A frame with every pixel inked whose centre is within RADIUS of a segment.

    Ends of segments (n, 2) are x, y in units, all of them in the frame.
    """
    points = np.stack([starts, ends], axis=2).astype(np.float64)
    down = starts[:, 1] <= ends[:, 1]
    (x, to_x), (y, to_y) = np.where(down, points.T, points.T[::-1]).swapaxes(0, 1)
    top = _first_pixel(y - RADIUS)
    count = (_last_pixel(to_y + RADIUS) - top + 1).astype(np.int64)
    # One table of the segments, a row of it repeated for every row of pixels that the segment may reach.
    begun = np.cumsum(count) - count
    lines = np.array([top - begun, x, y, *_sides(to_x - x, to_y - y)]).repeat(count, axis=1)
    row = lines[0] + np.arange(lines.shape[1])
    left, right = _runs(row * UNIT + UNIT // 2 - lines[2], lines[3:])
    return _inked(row, _first_pixel(left + lines[1]), _last_pixel(right + lines[1]))


def _sides(dx: Floats, dy: Floats) -> tuple[Floats, ...]:
    """What `_runs` needs of segments (dx, dy), dy not below 0: dx, dy, and the sides of the rectangles along them.

    A point (px, py) is in one if |px dy − py dx| ≤ radius · length, and 0 ≤ px dx + py dy ≤ length². For both pairs of
    sides: by what to divide, what to add for the left end, what for the right one.
    """
    length2 = dx * dx + dy * dy
    flat, steep = dy == 0, dx == 0
    slack_x = 0.5 * steep
    reach = np.floor(RADIUS * np.sqrt(length2)) + (0.5 * flat - (length2 == 0))  # (a dot has no rectangle)
    far, leans_left = length2 + slack_x, dx < 0
    left, right = np.where(leans_left, far, -slack_x), np.where(leans_left, -slack_x, far)
    return dx, dy, dy + TINY * flat, dx + TINY * steep, -reach, left, reach, right


def _runs(py: Floats, sides: Floats) -> tuple[Floats, Floats]:
    """From where to where a row of pixels, py below the beginnings of segments, is near to each, in units."""
    dx, dy = sides[:2]
    ends = np.stack([py, py - dy])
    halves = _HALVES[np.abs(ends).astype(np.int64)]
    numerators = np.stack([py * dx, -py * dy])
    left = np.ceil((numerators + sides[4:6]) / sides[2:4]).max(axis=0)
    right = np.floor((numerators + sides[6:8]) / sides[2:4]).min(axis=0)
    empty = left > right
    left[empty], right[empty] = NEVER, -NEVER
    return (
        np.minimum(left, np.minimum(-halves[0], dx - halves[1])),
        np.maximum(right, np.maximum(halves[0], dx + halves[1])),
    )


def _first_pixel(units: Floats) -> Floats:
    """The first pixel of a frame whose centre is not before a place."""
    return np.maximum(np.ceil(units * (1 / UNIT) - 0.5), 0)


def _last_pixel(units: Floats) -> Floats:
    """The last one whose centre is not behind it."""
    return np.minimum(np.floor(units * (1 / UNIT) - 0.5), SIDE - 1)


def _inked(rows: Floats, first: Floats, last: Floats) -> Mask:
    """The frame of runs of pixels: how many begin before a pixel, and do not end before it, is not 0."""
    kept = first <= last
    size = SIDE * (SIDE + 1)  # column by column, so that all rows are added up at once
    begun = np.bincount((first * SIDE + rows)[kept].astype(np.int64), minlength=size)
    ended = np.bincount((last * SIDE + rows)[kept].astype(np.int64) + SIDE, minlength=size)
    inside = np.add.accumulate((begun - ended).reshape(SIDE + 1, SIDE), axis=0)[:SIDE]
    return np.ascontiguousarray(inside.T > 0).view(np.uint8)
