"""Sheets of paper with letters on them: plain, ruled or squared, each letter where it is known to be."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Greys = NDArray[np.uint8]

PAPERS = ("plain", "ruled", "squared")
WIDTH, HEIGHT = 2000, 2828
"""Of A4, px."""
PER_MM = WIDTH / 210
MARGIN = 170
"""To the left, where the line in pencil is."""
RULE_MM = {"ruled": 8.0, "squared": 5.0}


@dataclass(frozen=True)
class LettersOnSheet:
    """A sheet, and where its letters are.

    Attributes:
        greys: (HEIGHT, WIDTH).
        boxes: (n, 4), left, top, right and bottom of each letter, line by line.
        lines: how many letters each line has.

    """

    greys: Greys
    boxes: NDArray[np.float64]
    lines: tuple[int, ...]


def write_sheet(
    letters: Sequence[Greys], rng: np.random.Generator, *, paper: str, per_line: int = 20, pitch: int = 165
) -> LettersOnSheet:
    """Write letters, pictures with ink 0 on paper 255, in lines on paper."""
    darkness = _paper(paper, rng)
    pen = rng.uniform(120, 190)
    boxes: list[tuple[float, float, float, float]] = []
    step = (WIDTH - MARGIN - 120) / per_line
    for number, letter in enumerate(letters):
        line, column = divmod(number, per_line)
        left = MARGIN + 50 + column * step + rng.uniform(0, 0.08) * step
        base = 250 + line * pitch + rng.uniform(-5, 5)
        boxes.append(_write(darkness, letter, left, base, rng, pen, most_width=0.74 * step))
    counts = [min(per_line, len(letters) - first) for first in range(0, len(letters), per_line)]
    greys = np.clip(rng.uniform(225, 250) - darkness, 0, 255).astype(np.uint8)
    return LettersOnSheet(greys, np.array(boxes, np.float64), tuple(counts))


def soft_ink(letter: Greys, height: int, most_width: float) -> NDArray[np.float32]:
    """The ink (h, w), 0…1, of a picture's letter at a height, as smooth as a pen writes it."""
    inked = letter < 128
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    box = inked[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)
    scale = min(height / box.shape[0], most_width / box.shape[1])
    padded = np.pad(box, 1)
    size = (max(3, round(padded.shape[1] * scale)), max(3, round(padded.shape[0] * scale)))
    large = cv2.GaussianBlur(cv2.resize(padded, size, interpolation=cv2.INTER_LINEAR), (0, 0), max(0.3, 0.3 * scale))
    return np.asarray(np.clip((large - 0.3) / 0.3, 0, 1), np.float32)


def _write(
    darkness: NDArray[np.float32],
    letter: Greys,
    left: float,
    base: float,
    rng: np.random.Generator,
    pen: float,
    *,
    most_width: float,
) -> tuple[float, float, float, float]:
    ink = soft_ink(letter, int(rng.integers(58, 76)), most_width)
    top, first = round(base - ink.shape[0]), round(left)
    part = darkness[top : top + ink.shape[0], first : first + ink.shape[1]]
    np.maximum(part, ink * pen, out=part)
    rows, columns = np.flatnonzero(ink.max(axis=1) > 0.5), np.flatnonzero(ink.max(axis=0) > 0.5)
    return (first + columns[0], top + rows[0], first + columns[-1] + 1, top + rows[-1] + 1)


def _paper(paper: str, rng: np.random.Generator) -> NDArray[np.float32]:
    """How much darker than white each pixel of the empty paper is."""
    darkness = np.zeros((HEIGHT, WIDTH), np.float32)
    if paper == "plain":
        return darkness
    step, tone = RULE_MM[paper] * PER_MM, rng.uniform(30, 65)
    first = rng.uniform(0, step)
    for at in np.arange(first, HEIGHT, step).astype(int):
        darkness[at : at + 3] = tone
    if paper == "squared":
        for at in np.arange(first, WIDTH, step).astype(int):
            darkness[:, at : at + 3] = tone
    darkness[:, MARGIN : MARGIN + 4] = rng.uniform(50, 90)  # a margin in pencil
    return darkness
