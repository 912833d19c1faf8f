"""Strokes of a pen, finger or mouse drawn into the frame. Every number here is the same in JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Union

import numpy as np

from recognizer.core.ink.errors import EmptyInkError, InkError
from recognizer.core.ink.frame import INK_SIDE, SIDE, THICKNESS, Flags, Floats, Integers, Mask
from recognizer.core.messages import message as _

Point = Union["tuple[float, float]", "tuple[float, float, float]", Sequence[float]]
"""(x, y) or (x, y, t): x to the right, y down, any scale; the time is not used."""
Strokes = Sequence[Sequence[Point]]

MAX_POINTS = 10_000
MAX_STROKES = 1_000
MAX_COORDINATE = 1e6
MIN_SIZE = 1e-9
"""A drawing no larger than this is a dot."""
UNIT = 16
"""Points are rounded to 1/16 px of the frame."""
RADIUS = 76
"""Half of a stroke's thickness, 4.75 px, in units."""
MIN_STEP = 32
"""Points nearer than 2 px to the one kept before them are left out, in units."""
MAX_CHUNK = 1 << 15
"""Pixels tested at once; more do not fit a processor's cache, and take three times as long each."""
MAX_WORK = 1 << 18
"""Pixels tested for one drawing: bounds the time. A letter needs about 30,000."""


def frame_from_strokes(strokes: Strokes) -> Mask:
    """Draw strokes with the frame's pen: the box of their ink centred, its longest side 66 px.

    Returns a mask (84, 84). Raises EmptyInkError when there is no point at all, InkError when a
    coordinate is not a finite number within ±1,000,000 or there are too many points or lines.
    """
    points, lengths = _checked(strokes)
    units = _to_units(points)
    starts, ends = _segments(units, lengths)
    frame = np.zeros(SIDE * SIDE, dtype=np.uint8)
    for chunk in _chunks(starts, ends):
        _draw(frame, starts[chunk], ends[chunk])
    return frame.reshape(SIDE, SIDE)


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
    starts: list[list[int]] = []
    ends: list[list[int]] = []
    rows = units.tolist()
    first = 0
    for length in lengths:
        kept = _thinned(rows[first : first + length])
        starts += kept[:-1] or kept
        ends += kept[1:] or kept
        first += length
    return np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64)


def _thinned(stroke: list[list[int]]) -> list[list[int]]:
    """The first point, the last, and those between that are 2 px from the one kept before."""
    kept = stroke[:1]
    for point in stroke[1:-1]:
        x, y = point[0] - kept[-1][0], point[1] - kept[-1][1]
        if x * x + y * y >= MIN_STEP * MIN_STEP:
            kept.append(point)
    if stroke[-1] != kept[-1]:
        kept.append(stroke[-1])
    return kept


def _chunks(starts: Integers, ends: Integers) -> list[slice]:
    """Runs of segments whose windows together have at most MAX_CHUNK pixels.

    Raises InkError where all windows have more than MAX_WORK.
    """
    spans = (np.abs(ends - starts) + 2 * RADIUS) // UNIT + 2
    totals = np.cumsum(spans[:, 0] * spans[:, 1])
    if totals[-1] > MAX_WORK:
        raise InkError(_("The drawing is a scribble of too many long lines."))
    cuts = np.searchsorted(totals, np.arange(MAX_CHUNK, totals[-1], MAX_CHUNK), side="right")
    edges = sorted({0, *cuts.tolist(), len(starts)})
    return [slice(first, last) for first, last in zip(edges, edges[1:])]


def _draw(frame: Mask, starts: Integers, ends: Integers) -> None:
    """Ink every pixel whose centre is within RADIUS of a segment. `frame` is flat (84·84,)."""
    low = np.clip((np.minimum(starts, ends) - RADIUS) // UNIT, 0, SIDE - 1)
    high = np.clip((np.maximum(starts, ends) + RADIUS) // UNIT, 0, SIDE - 1)
    spans = high - low + 1
    sizes = spans[:, 0] * spans[:, 1]
    firsts = np.cumsum(sizes) - sizes
    # One table of the segments, a row of it repeated for every pixel of the segment's window.
    table = np.column_stack([starts, ends - starts, low, spans[:, 0], firsts]).T.repeat(sizes, axis=1)
    x, y, dx, dy, left, top, width, first = table
    rows, columns = np.divmod(np.arange(table.shape[1]) - first, width)
    rows += top
    columns += left
    near = _within(columns * UNIT + UNIT // 2 - x, rows * UNIT + UNIT // 2 - y, dx, dy)
    frame[(rows * SIDE + columns)[near]] = 1


def _within(px: Integers, py: Integers, dx: Integers, dy: Integers) -> Flags:
    """Whether the point (px, py) is within RADIUS of the segment from (0, 0) to (dx, dy)."""
    length2 = dx * dx + dy * dy
    along = px * dx + py * dy
    cross = px * dy - py * dx
    side = (along >= 0) & (along <= length2) & (cross * cross <= RADIUS * RADIUS * length2) & (length2 > 0)
    start_cap = px * px + py * py <= RADIUS * RADIUS
    ex, ey = px - dx, py - dy
    end_cap = ex * ex + ey * ey <= RADIUS * RADIUS
    return side | start_cap | end_cap
