"""Drawings to read: letters as a finger draws them, with as many points as a screen reports (60 a second)."""

import math
from collections.abc import Sequence

Point = tuple[float, float]
Stroke = list[Point]
POINTS = 30  # of one stroke: half a second


def line(start: Point, end: Point, points: int = POINTS) -> Stroke:
    """A stroke from here to there, with a slight bow."""
    (x0, y0), (x1, y1) = start, end
    steps = [number / (points - 1) for number in range(points)]
    return [(x0 + (x1 - x0) * t + 2 * math.sin(math.pi * t), y0 + (y1 - y0) * t) for t in steps]


def arc(middle: Point, radius: Point, *, turns: float = 1.0, points: int = 2 * POINTS) -> Stroke:
    """A stroke around a point."""
    angles = [2 * math.pi * turns * number / (points - 1) - math.pi / 2 for number in range(points)]
    return [(middle[0] + radius[0] * math.cos(angle), middle[1] + radius[1] * math.sin(angle)) for angle in angles]


DRAWINGS: dict[str, Sequence[Stroke]] = {
    "О": [arc((150, 150), (70, 95))],
    "Ж": [
        line((150, 40), (150, 260)),
        line((60, 50), (148, 150)),
        line((148, 150), (55, 255)),
        line((240, 50), (152, 150)),
        line((152, 150), (245, 255)),
    ],
    "Ш": [
        line((60, 60), (60, 240)),
        line((60, 240), (240, 240)),
        line((150, 60), (150, 240)),
        line((240, 60), (240, 240)),
    ],
}
