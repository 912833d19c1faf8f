"""Collection sheets that are filled in: printed to pixels, a letter in each box, some boxes empty or crossed out."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray

from benchmarks.paper.sheets_of_letters import soft_ink
from recognizer.pages.sheets import sheet_layout as layout
from recognizer.pages.sheets.printing import print_sheets
from recognizer.pages.sheets.sheet_reader import BoxState

Greys = NDArray[np.uint8]

WIDTH = 2000
PER_MM = WIDTH / layout.WIDTH
EMPTY_SHARE, CROSSED_SHARE = 0.04, 0.03


@dataclass(frozen=True)
class FilledSheet:
    """A sheet that somebody has filled in.

    Attributes:
        greys: (h, w).
        states: of its boxes, in their order.
        ink: float32 (h, w), 0…1, of what was written.

    """

    greys: Greys
    states: tuple[BoxState, ...]
    ink: NDArray[np.float32]


def fill_in(
    letters: Sequence[Greys], rng: np.random.Generator, *, writer: int, page: int = 0, covered: bool = False
) -> FilledSheet:
    """Fill a sheet in with pictures of letters, one for each box; `covered` hides one of its markers."""
    greys = printed(writer, page)
    ink = np.zeros(greys.shape, np.float32)
    states = []
    for box, letter in zip(layout.boxes(), letters, strict=True):
        chance = rng.uniform()
        state = BoxState.EMPTY if chance < EMPTY_SHARE else BoxState.WRITTEN
        if EMPTY_SHARE <= chance < EMPTY_SHARE + CROSSED_SHARE:
            state = BoxState.CROSSED_OUT
        if state is not BoxState.EMPTY:
            _write(ink, letter, box, rng)
        if state is BoxState.CROSSED_OUT:
            _cross_out(ink, box)
        states.append(state)
    written = np.minimum(greys, 255 - ink * rng.uniform(130, 200)).astype(np.uint8)
    if covered:
        left, top = layout.CORNERS[int(rng.integers(4))]
        written[_pixels(top) : _pixels(top + layout.MARKER), _pixels(left) : _pixels(left + layout.MARKER)] = 120
    return FilledSheet(written, tuple(states), ink)


def printed(writer: int, page: int = 0) -> Greys:
    """A page of a writer's sheets as pixels."""
    with pypdfium2.PdfDocument(print_sheets([writer])) as document:
        drawn = document[page].render(scale=WIDTH / document[page].get_width(), grayscale=True).to_numpy()
    return np.asarray(drawn.reshape(drawn.shape[:2]), np.uint8).copy()


def _write(ink: NDArray[np.float32], letter: Greys, box: layout.SheetBox, rng: np.random.Generator) -> None:
    soft = soft_ink(letter, round(rng.uniform(0.6, 0.78) * box.height * PER_MM), 0.75 * box.width * PER_MM)
    top = _pixels(box.top + box.height / 2) - soft.shape[0] // 2 + int(rng.integers(-5, 6))
    left = _pixels(box.left + box.width / 2) - soft.shape[1] // 2 + int(rng.integers(-8, 9))
    part = ink[top : top + soft.shape[0], left : left + soft.shape[1]]
    np.maximum(part, soft, out=part)


def _cross_out(ink: NDArray[np.float32], box: layout.SheetBox) -> None:
    """Two strokes from corner to corner."""
    (left, right), (top, bottom) = (
        (_pixels(start + 0.8), _pixels(start + length - 0.8))
        for start, length in ((box.left, box.width), (box.top, box.height))
    )
    cv2.line(ink, (left, top), (right, bottom), 1.0, 6)
    cv2.line(ink, (right, top), (left, bottom), 1.0, 6)


def _pixels(millimetres: float) -> int:
    return round(millimetres * PER_MM)
