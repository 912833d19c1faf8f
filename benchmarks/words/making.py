"""Words made of real letters set side by side, as strokes and as pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float64]
Picture = NDArray[np.uint8]
HEIGHT = 100.0
"""Of a letter, px."""
HEIGHTS = (0.8, 1.2)
"""By which letters differ from it."""
TALLER = {"Ё": (0.25, 0.0), "Й": (0.25, 0.0), "Ц": (0.0, 0.15), "Щ": (0.0, 0.15), "Д": (0.0, 0.15)}
"""Letters with marks or tails: by how much they are taller above and below the line."""
JITTER = 5.0
"""By which they leave the line, px."""
GAPS = (6.0, 30.0)
OVERLAPS = (2.0, 14.0)
"""From one letter's box to the next, and how far those overlap that do, px."""
CLEAR = 3.0
"""Between ink that may not touch, px."""
DARK = 160
"""A grey below which a pixel is ink."""
MARGIN = 30
"""Around a word's picture, px."""


@dataclass(frozen=True, eq=False)
class RealLetter:
    """A letter that a person has drawn.

    Attributes:
        picture: greys (h, w), dark on light, cut to its ink.
        strokes: its lines, in the picture's pixels.

    """

    picture: Picture
    strokes: Sequence[Floats]


@dataclass(frozen=True, eq=False)
class MadeWord:
    """A word of real letters.

    Attributes:
        text: what is written.
        strokes: of all letters, each in turn.
        letters: of each stroke, the number of its letter.
        picture: the same as greys, dark on light.
        alone: each letter's own picture, with paper around.
        boxes: (letters, 4), left, top, right and bottom of each in the picture.

    """

    text: str
    strokes: Sequence[Floats]
    letters: Sequence[int]
    picture: Picture
    alone: Sequence[Picture]
    boxes: Floats


@dataclass(frozen=True)
class Spacing:
    """How close letters stand: which share of boxes overlaps the one before, and whether their ink may not touch."""

    overlapping: float
    is_clear: bool = False


CROSSING, KERNED, APART = Spacing(1 / 3), Spacing(1 / 3, is_clear=True), Spacing(0.0)


def make(
    text: str, stock: Mapping[str, Sequence[RealLetter]], rng: np.random.Generator, spacing: Spacing = CROSSING
) -> MadeWord:
    """Set real letters side by side."""
    chosen = [stock[letter][int(rng.integers(len(stock[letter])))] for letter in text]
    boxes = _boxes(text, chosen, rng, spacing)
    strokes, numbers = [], []
    for number, (letter, box) in enumerate(zip(chosen, boxes, strict=True)):
        high, wide = letter.picture.shape
        scale = (box[2:] - box[:2]) / (wide, high)
        strokes += [stroke * scale + box[:2] for stroke in letter.strokes]
        numbers += [number] * len(letter.strokes)
    alone = [
        np.pad(_scaled(letter, box), MARGIN, constant_values=255)
        for letter, box in zip(chosen, boxes.tolist(), strict=True)
    ]
    return MadeWord(text, strokes, numbers, _picture(chosen, boxes), alone, boxes)


def _boxes(text: str, chosen: Sequence[RealLetter], rng: np.random.Generator, spacing: Spacing) -> Floats:
    """Where letters stand (n, 4): random heights, gaps and overlaps."""
    boxes: list[tuple[float, ...]] = []
    end = float(MARGIN)
    line = MARGIN + 1.6 * HEIGHT
    for number, (letter, drawn) in enumerate(zip(text, chosen, strict=True)):
        above, below = TALLER.get(letter, (0.0, 0.0))
        body = HEIGHT * rng.uniform(*HEIGHTS)
        bottom = line + rng.uniform(-JITTER, JITTER) + below * body
        height = body * (1 + above + below)
        width = height * drawn.picture.shape[1] / drawn.picture.shape[0]
        if boxes:
            is_over = rng.random() < spacing.overlapping
            end += -min(rng.uniform(*OVERLAPS), width / 2) if is_over else rng.uniform(*GAPS)
        box = (end, bottom - height, end + width, bottom)
        if boxes and spacing.is_clear:
            moved = max(0.0, CLEAR - _room(chosen[number - 1], boxes[-1], drawn, box))
            box = (end + moved, box[1], box[2] + moved, bottom)
        boxes.append(box)
        end = box[2]
    return np.array(boxes)


def _room(left: RealLetter, left_box: Sequence[float], right: RealLetter, right_box: Sequence[float]) -> float:
    """The least distance, px, from the ink of a letter to that of the next one along a row or those beside it."""
    rows = int(max(left_box[3], right_box[3])) + 2
    ends, begins = np.full(rows, -np.inf), np.full(rows, np.inf)
    for letter, box, profile in ((left, left_box, ends), (right, right_box, begins)):
        small = _scaled(letter, box) < DARK
        inked, first = np.flatnonzero(small.any(axis=1)), round(box[1])
        columns = (
            small[inked].argmax(axis=1) if profile is begins else small.shape[1] - small[inked, ::-1].argmax(axis=1)
        )
        profile[first + inked] = round(box[0]) + columns
    beside = np.maximum(ends, np.maximum(np.append(ends[1:], -np.inf), np.insert(ends[:-1], 0, -np.inf)))
    return float((begins - beside).min())


def _scaled(letter: RealLetter, box: Sequence[float]) -> Picture:
    """A letter's picture as large as its box."""
    size = max(1, round(box[2] - box[0])), max(1, round(box[3] - box[1]))
    return np.asarray(Image.fromarray(letter.picture).resize(size, Image.Resampling.BOX))


def _picture(chosen: Sequence[RealLetter], boxes: Floats) -> Picture:
    """Ink on white paper; where letters overlap, both are seen."""
    right, bottom = boxes[:, 2:].max(axis=0)
    sheet = np.full((int(bottom) + MARGIN, int(right) + MARGIN), 255, np.uint8)
    for letter, box in zip(chosen, boxes.tolist(), strict=True):
        small = _scaled(letter, box)
        y, x = round(box[1]), round(box[0])
        part = sheet[y : y + small.shape[0], x : x + small.shape[1]]
        np.minimum(part, small[: part.shape[0], : part.shape[1]], out=part)
    return sheet
