"""Strokes as pictures: SVG to look at and to hand on, PNG to put into a data set."""

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Strokes = Sequence[Sequence[Sequence[float]]]
SIDE = 280
"""Side of a picture, px."""
INK_SIDE = 232.0
"""Longest side of the box of the points, px."""
PEN = 12
"""Thickness of a line, px."""


def placed(strokes: Strokes) -> list[NDArray[np.float64]]:
    """Return each stroke's points (n, 2) in pixels, the whole in the middle of the picture; a dot stays a dot."""
    lines = [np.array([point[:2] for point in stroke], dtype=np.float64) for stroke in strokes if len(stroke)]
    points = np.concatenate(lines)
    low, high = points.min(axis=0), points.max(axis=0)
    longest = float((high - low).max())
    scale = INK_SIDE / longest if longest > 1e-9 else 1.0
    return [(line - (low + high) / 2) * scale + SIDE / 2 for line in lines]


def to_svg(strokes: Strokes, *, title: str = "") -> str:
    """Draw strokes as SVG: one polyline each, in the colour of the text around."""
    lines = "".join(f'<polyline points="{_pairs(line)}"/>' for line in placed(strokes))
    name = f"<title>{title}</title>" if title else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}">{name}'
        f'<g fill="none" stroke="currentColor" stroke-width="{PEN}" stroke-linecap="round" stroke-linejoin="round">'
        f"{lines}</g></svg>"
    )


def to_png(strokes: Strokes) -> bytes:
    """Draw strokes as a PNG, black on white, one bit a pixel."""
    picture = Image.new("1", (SIDE, SIDE), 1)
    draw = ImageDraw.Draw(picture)
    for line in placed(strokes):
        draw.line(line.ravel().tolist(), fill=0, width=PEN)
        for x, y in line.tolist():  # round ends and joints
            draw.ellipse((x - PEN / 2, y - PEN / 2, x + PEN / 2, y + PEN / 2), fill=0)
    data = io.BytesIO()
    picture.save(data, "PNG", optimize=True)
    return data.getvalue()


def _pairs(line: NDArray[np.float64]) -> str:
    """Points of a polyline; a lone point is written twice, so that its round cap is drawn."""
    points = line if len(line) > 1 else np.repeat(line, 2, axis=0)
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points.tolist())
