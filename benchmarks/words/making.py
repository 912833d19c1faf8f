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
OVERLAPPING = 1 / 3
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
        boxes: (letters, 4), left, top, right and bottom of each in the picture.

    """

    text: str
    strokes: Sequence[Floats]
    letters: Sequence[int]
    picture: Picture
    boxes: Floats


def make(
    text: str, stock: Mapping[str, Sequence[RealLetter]], rng: np.random.Generator, *, overlaps: bool = True
) -> MadeWord:
    """Set real letters side by side; a third of their boxes overlap, unless none is to."""
    chosen = [stock[letter][int(rng.integers(len(stock[letter])))] for letter in text]
    boxes = _boxes(text, chosen, rng, OVERLAPPING if overlaps else 0.0)
    strokes, numbers = [], []
    for number, (letter, box) in enumerate(zip(chosen, boxes, strict=True)):
        high, wide = letter.picture.shape
        scale = (box[2:] - box[:2]) / (wide, high)
        strokes += [stroke * scale + box[:2] for stroke in letter.strokes]
        numbers += [number] * len(letter.strokes)
    return MadeWord(text, strokes, numbers, _picture(chosen, boxes), boxes)


def _boxes(text: str, chosen: Sequence[RealLetter], rng: np.random.Generator, share: float) -> Floats:
    """Where letters stand (n, 4): random heights, gaps and a share of overlaps."""
    boxes: list[tuple[float, ...]] = []
    end = float(MARGIN)
    line = MARGIN + 1.6 * HEIGHT
    for letter, drawn in zip(text, chosen, strict=True):
        above, below = TALLER.get(letter, (0.0, 0.0))
        body = HEIGHT * rng.uniform(*HEIGHTS)
        bottom = line + rng.uniform(-JITTER, JITTER) + below * body
        height = body * (1 + above + below)
        width = height * drawn.picture.shape[1] / drawn.picture.shape[0]
        if boxes:
            is_over = rng.random() < share
            end += -min(rng.uniform(*OVERLAPS), width / 2) if is_over else rng.uniform(*GAPS)
        boxes.append((end, bottom - height, end + width, bottom))
        end += width
    return np.array(boxes)


def _picture(chosen: Sequence[RealLetter], boxes: Floats) -> Picture:
    """Ink on white paper; where letters overlap, both are seen."""
    right, bottom = boxes[:, 2:].max(axis=0)
    sheet = np.full((int(bottom) + MARGIN, int(right) + MARGIN), 255, np.uint8)
    for letter, (left, top, to_x, to_y) in zip(chosen, boxes.tolist(), strict=True):
        size = max(1, round(to_x - left)), max(1, round(to_y - top))
        small = np.asarray(Image.fromarray(letter.picture).resize(size, Image.Resampling.BOX))
        y, x = round(top), round(left)
        part = sheet[y : y + size[1], x : x + size[0]]
        np.minimum(part, small[: part.shape[0], : part.shape[1]], out=part)
    return sheet
