"""Real pictures of letters as strokes of a pen, wherever and however large a person may write them on the sheet."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage.measure import approximate_polygon

from tests.tracing import strokes_of

Strokes = list[list[list[float]]]
MARGIN = 0.06
"""Of the sheet, around what is drawn."""
SIZES = {"large": 0.88, "half as large": 0.44, "a quarter as large": 0.22}
"""Longest side of a drawing, as a part of the sheet's."""
CORNERS = {"at the top left": 0.0, "in the middle": 0.5, "at the bottom right": 1.0}
"""Where it is, of the room that it leaves."""
POINTERS = ("mouse", "touch")
STRETCH = 1.6


@dataclass(frozen=True)
class Manner:
    """How letters are drawn on the sheet.

    Attributes:
        size: a name of SIZES.
        corner: a name of CORNERS.
        pointer: `mouse` or `touch`.
        width: by which they are stretched along the line; less than 1 makes them narrow.

    """

    size: str = "large"
    corner: str = "in the middle"
    pointer: str = "touch"
    width: float = 1.0

    def place(self, strokes: Sequence[NDArray[np.float64]]) -> Strokes:
        """A drawing, in any unit, as parts of the sheet's side."""
        stretched = [stroke * (self.width, 1.0) for stroke in strokes]
        points = np.concatenate(stretched)
        low, extent = points.min(axis=0), np.ptp(points, axis=0)
        scale = SIZES[self.size] / max(extent.max(), 1e-9)
        first = MARGIN + CORNERS[self.corner] * (1 - 2 * MARGIN - extent * scale)
        return [(first + (stroke - low) * scale).tolist() for stroke in stretched]


def everywhere(pointers: Sequence[str] = POINTERS) -> Iterator[Manner]:
    """Every size in every place, one pointer after the other."""
    for number, size in enumerate(SIZES):
        for other, corner in enumerate(CORNERS):
            yield Manner(size, corner, pointers[(number + other) % len(pointers)])


def traced(png: bytes) -> list[NDArray[np.float64]]:
    """The strokes of a picture, in pixels, without points that do not matter."""
    grey = np.asarray(Image.open(io.BytesIO(png)).convert("L"))
    outlines = strokes_of(grey < 128)
    return [approximate_polygon(np.array(each), tolerance=1.0) for each in outlines]  # type: ignore[no-untyped-call]
