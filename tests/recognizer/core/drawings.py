"""Letters drawn for the tests: as strokes, and as pictures of the same strokes by another library."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

Drawing = list[list[tuple[float, float]]]

LETTERS: dict[str, Drawing] = {
    "К": [[(10, 10), (10, 90)], [(60, 10), (10, 50), (60, 90)]],
    "Й": [[(0, 20), (0, 90), (60, 20), (60, 90)], [(20, 0), (30, 8), (40, 0)]],
    "О": [[(50 + 35 * float(np.cos(t)), 50 + 45 * float(np.sin(t))) for t in np.linspace(0, 6.3, 60)]],
    "Г": [[(0, 100), (0, 0), (50, 0)]],
    "Ю": [[(0, 0), (0, 60)], [(0, 30), (25, 30)], [(45, 0), (25, 30), (45, 60), (65, 30), (45, 0)]],
}


def picture_of(drawing: Drawing, *, side: int = 278, pen: float = 10, margin: int = 40) -> npt.NDArray[np.uint8]:
    """A drawing rendered dark on light with round caps, grey and antialiased, (side, side)."""
    fine = 4
    low = np.min([point for stroke in drawing for point in stroke], axis=0)
    high = np.max([point for stroke in drawing for point in stroke], axis=0)
    scale = (side - 2 * margin) / float((high - low).max() or 1)
    image = Image.new("L", (side * fine, side * fine), 255)
    canvas = ImageDraw.Draw(image)
    for stroke in drawing:
        points = [tuple(((np.array(point) - low) * scale + margin) * fine) for point in stroke]
        _draw_line(canvas, points, pen * fine)
    return np.array(image.resize((side, side), Image.Resampling.BOX))


def _draw_line(canvas: ImageDraw.ImageDraw, points: Sequence[tuple[float, ...]], width: float) -> None:
    canvas.line([(x, y) for x, y in points], fill=0, width=round(width))
    for x, y in points:
        canvas.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=0)
