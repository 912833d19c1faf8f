"""Strokes of a pen, finger or mouse drawn into the frame. Every number here is the same in JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Union

import numpy as np

from recognizer.core.ink.errors import EmptyInkError, InkError
from recognizer.core.ink.frame import INK_SIDE, SIDE, THICKNESS, Floats, Integers, Mask
from recognizer.core.ink.lines import RADIUS, UNIT, filled
from recognizer.core.messages import message as _

Point = Union["tuple[float, float]", "tuple[float, float, float]", Sequence[float]]
"""(x, y) or (x, y, t): x to the right, y down, any scale; the time is not used."""
Strokes = Sequence[Sequence[Point]]

MAX_POINTS = 10_000
MAX_STROKES = 1_000
MAX_COORDINATE = 1e6
MIN_SIZE = 1e-9
"""A drawing no larger than this is a dot."""
MIN_STEP = 32
"""Points nearer than 2 px to the one kept before them are left out, in units."""
MAX_WORK = 1 << 18
"""Pixels around all segments of one drawing: bounds the time. A letter has about 30,000."""


def frame_from_strokes(strokes: Strokes) -> Mask:
    """Draw strokes with the frame's pen: the box of their ink centred, its longest side 66 px.

    Returns a mask (84, 84). Raises EmptyInkError when there is no point at all, InkError when a
    coordinate is not a finite number within ±1,000,000 or there are too many points or lines.
    """
    return frame_from_lines(*_checked(strokes))


def lines_of(strokes: Strokes) -> list[Floats]:
    """The points (n, 2) of each stroke that has any. Raises what `frame_from_strokes` raises, but for long lines."""
    points, lengths = _checked(strokes)
    return np.split(points, np.cumsum(lengths)[:-1])


def frame_from_lines(points: Floats, lengths: list[int]) -> Mask:
    """Draw points (n, 2) that are checked, so many of each stroke. Raises InkError where the lines are too long."""
    units = _to_units(points)
    starts, ends = _segments(units, lengths)
    _check_work(starts, ends)
    return filled(starts, ends)


def _checked(strokes: Strokes) -> tuple[Floats, list[int]]:
    """All points as one array (n, 2), and the number of points of each stroke that has any."""
    try:
        points, lengths = _gathered(strokes)
    except InkError:
        raise
    except (TypeError, ValueError, LookupError, OverflowError) as error:
        raise InkError(_("Strokes are lists of points, and a point is a pair of numbers x, y.")) from error
    if not lengths:
        raise EmptyInkError(_("Nothing is drawn."))
    if not (np.abs(points) <= MAX_COORDINATE).all():
        raise InkError(
            _("Every coordinate is a finite number between ±%(max_coordinate)s.")
            % {"max_coordinate": f"{MAX_COORDINATE:,.0f}"}
        )
    return points, lengths


def _gathered(strokes: Strokes) -> tuple[Floats, list[int]]:
    """`_checked` for strokes that are lists of points; whatever Python raises for what is not."""
    lengths: list[int] = []
    rows: list[tuple[float, float]] = []
    for stroke in strokes:
        if len(rows) + len(stroke) > MAX_POINTS or len(lengths) >= MAX_STROKES:
            raise InkError(
                _("The drawing has more than %(max_points)s points or %(max_strokes)s strokes.")
                % {"max_points": f"{MAX_POINTS:,}", "max_strokes": f"{MAX_STROKES:,}"}
            )
        rows.extend((point[0], point[1]) for point in stroke)
        if len(stroke):
            lengths.append(len(stroke))
    return np.array(rows, dtype=np.float64).reshape(len(rows), 2), lengths


def _to_units(points: Floats) -> Integers:
    """Points (n, 2) scaled and centred in the frame, rounded to 1/16 px.

    The scale leaves room for half of the stroke's thickness on every side; a dot keeps scale 1,
    which does not matter to it.
    """
    low = points.min(axis=0)
    high = points.max(axis=0)
    longest = (high - low).max()
    scale = (INK_SIDE - THICKNESS) / longest if longest > MIN_SIZE else 1.0
    centre = (low + high) / 2
    units: Floats = np.floor(((points - centre) * scale + SIDE / 2) * UNIT + 0.5)
    return units.astype(np.int64)


def _segments(units: Integers, lengths: list[int]) -> tuple[Integers, Integers]:
    """Both ends (n, 2) of every segment; a stroke of one point is a segment without length."""
    starts: list[int] = []
    ends: list[int] = []
    rows = units.tolist()
    first = 0
    for length in lengths:
        kept = _kept(rows, first, first + length)
        starts += kept[:-1] or kept
        ends += kept[1:] or kept
        first += length
    return units[starts], units[ends]


def _kept(points: list[list[int]], first: int, end: int) -> list[int]:
    """Of a stroke's points the first, the last, and those between that are 2 px from the one kept before."""
    kept = [first]
    x, y = points[first]
    for place in range(first + 1, end - 1):
        px, py = points[place]
        if (px - x) * (px - x) + (py - y) * (py - y) >= MIN_STEP * MIN_STEP:
            kept.append(place)
            x, y = px, py
    if points[end - 1] != [x, y]:
        kept.append(end - 1)
    return kept


def _check_work(starts: Integers, ends: Integers) -> None:
    """Refuse segments whose windows have too many pixels together. Raises InkError."""
    spans = (np.abs(ends - starts) + 2 * RADIUS) // UNIT + 2
    if int(spans[:, 0] @ spans[:, 1]) > MAX_WORK:
        raise InkError(_("The drawing is a scribble of too many long lines."))
