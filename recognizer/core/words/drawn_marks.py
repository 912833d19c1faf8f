"""The strokes of a word as marks, and which of them touch."""

from __future__ import annotations

from typing import List, Sequence

import numpy as np
import numpy.typing as npt

from recognizer.core.words.marks import BOTTOM, RIGHT, TOP, Boxes, Marks, in_order, letter_height

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
TOUCH = 0.03
"""Of the letters' height: what is no farther apart touches."""
JOINT = 0.02
"""The same of two ends that are one: of a line in whose middle the pen was lifted, or of lines that meet."""
MOST_WORK = 4_000_000
"""Pairs of points that are compared, of some 20,000 in a word of ten letters: bounds the time."""


def marks_of(strokes: Sequence[Floats]) -> Marks:
    """Marks of strokes, each (points, 2), none of them empty."""
    boxes = np.array([[*stroke.min(axis=0), *stroke.max(axis=0)] for stroke in strokes])
    height = letter_height(boxes)
    members = _joined(strokes, JOINT * height)
    of_marks = np.array([_around(boxes[each]) for each in members])
    order = in_order(of_marks)
    members = [members[place] for place in order.tolist()]
    touching = _touching(strokes, boxes, TOUCH * height)
    of_members = [[bool(touching[np.ix_(one, other)].any()) for other in members] for one in members]
    return Marks(members, of_marks[order], height, np.array(of_members, np.float64))


def _around(boxes: Boxes) -> List[float]:
    """The box around boxes (n, 4)."""
    return [*boxes[:, :RIGHT].min(axis=0).tolist(), *boxes[:, RIGHT:].max(axis=0).tolist()]


def _joined(strokes: Sequence[Floats], reach: float) -> List[List[int]]:
    """Numbers of strokes whose ends meet, together."""
    ends = np.array([stroke[[0, -1]] for stroke in strokes]).reshape(-1, 2)
    apart = ends[:, None] - ends[None]
    meet = (apart * apart).sum(axis=2) <= reach * reach
    linked = meet.reshape(len(strokes), 2, len(strokes), 2).any(axis=(1, 3))
    group = np.arange(len(strokes))
    for one, other in np.argwhere(np.triu(linked, 1)).tolist():
        group[group == group[other]] = group[one]
    return [np.flatnonzero(group == number).tolist() for number in np.unique(group).tolist()]


def _touching(strokes: Sequence[Floats], boxes: Boxes, reach: float) -> Flags:
    """Which strokes (n, n) come as near to each other as `reach`."""
    near = (boxes[:, None, : TOP + 1] <= boxes[None, :, RIGHT : BOTTOM + 1] + reach).all(axis=2)
    near &= near.T
    touching = np.zeros_like(near)
    lines = [_thinned(stroke, reach) for stroke in strokes]
    work = 0
    for one, other in np.argwhere(np.triu(near, 1)).tolist():
        work += len(lines[one]) * len(lines[other])
        if work > MOST_WORK:
            break
        touching[one, other] = touching[other, one] = _touch(lines[one], lines[other], reach)
    return touching


def _thinned(line: Floats, step: float) -> Floats:
    """A line without points that are nearer than `step` to the one kept before them; both ends stay."""
    kept = [0]
    for place in range(1, len(line) - 1):
        x, y = line[place] - line[kept[-1]]
        if x * x + y * y >= step * step:
            kept.append(place)
    return line[[*kept, len(line) - 1]] if len(line) > 1 else line


def _touch(one: Floats, other: Floats, reach: float) -> bool:
    """Whether two polylines cross, or a point of one is as near as `reach` to the other."""
    return (
        _crosses(one, other)
        or bool(_squared_distances(one, other).min() <= reach * reach)
        or bool(_squared_distances(other, one).min() <= reach * reach)
    )


def _squared_distances(points: Floats, line: Floats) -> Floats:
    """Squared distances (points, segments) of points to the segments of a polyline, which may be one point."""
    starts = line[:-1] if len(line) > 1 else line
    ends = line[1:] if len(line) > 1 else line
    along = ends - starts
    squared = np.maximum((along * along).sum(axis=1), 1e-18)
    offset = points[:, None] - starts[None]
    share = np.clip((offset * along).sum(axis=2) / squared, 0.0, 1.0)
    offset -= share[:, :, None] * along
    return np.asarray((offset * offset).sum(axis=2))


def _crosses(one: Floats, other: Floats) -> bool:
    """Whether a segment of one polyline crosses one of the other."""
    if len(one) < 2 or len(other) < 2:
        return False
    sides = _sides(one, other)
    across = _sides(other, one)
    return bool(((sides[:, :-1] * sides[:, 1:] < 0) & (across[:, :-1] * across[:, 1:] < 0).T).any())


def _sides(line: Floats, points: Floats) -> Floats:
    """On which side (segments, points) of the segments of a polyline points are."""
    along = line[1:] - line[:-1]
    offset = points[None] - line[:-1, None]
    return np.asarray(along[:, None, 0] * offset[:, :, 1] - along[:, None, 1] * offset[:, :, 0])
