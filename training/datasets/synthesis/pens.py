"""Pens: strokes made into a picture, as a scanner or a screen would give it."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from training.datasets.synthesis.hand import Written

Floats = NDArray[np.float64]
SIDE = 72
"""Side of a picture, px."""
INK = (38.0, 58.0)
"""Longest side of the letter, px: the range."""
THICKNESS = (0.035, 0.13)
"""Of the pen, as a share of the letter's longest side: the range."""
NIB = 0.3
"""Share of pens with a broad nib, which draws thick along one direction and thin across it."""


def pictures(written: Written, rng: np.random.Generator) -> Iterator[Image.Image]:
    """Draw each letter with a pen of its own, black on white, one bit a pixel."""
    count = len(written.joined)
    size = rng.uniform(*INK, count)
    placed = _placed(written.strokes, size, rng)
    thickness = rng.uniform(*THICKNESS, count) * size
    nibs = np.where(rng.random(count) < NIB, rng.uniform(0.3, 0.6, count) * thickness, 0.0)
    angles = rng.uniform(-1.2, 0.2, count)  # held in the right hand: thick from lower left to upper right
    for index in range(count):
        nib = nibs[index] * np.array([np.cos(angles[index]), np.sin(angles[index])])
        lines = [stroke[index] for stroke in placed]
        yield _drawn(lines, written.corners, written.joined[index], float(thickness[index] - nibs[index]), nib)


def _placed(strokes: tuple[Floats, ...], size: Floats, rng: np.random.Generator) -> list[Floats]:
    """Strokes in pixels: each letter of its size (n,), somewhere near the middle of its picture."""
    whole = np.concatenate(strokes, axis=1)
    low, high = whole.min(axis=1), whole.max(axis=1)
    scale = size / np.maximum((high - low).max(axis=1), 1e-9)
    room = (SIDE - INK[1]) / 4
    middle = SIDE / 2 + rng.uniform(-room, room, (len(whole), 2))
    shift = middle - (low + high) / 2 * scale[:, None]
    return [stroke * scale[:, None, None] + shift[:, None] for stroke in strokes]


def _drawn(
    lines: list[Floats], corners: tuple[tuple[int, ...], ...], joined: NDArray[np.bool_], thickness: float, nib: Floats
) -> Image.Image:
    picture = Image.new("1", (SIDE, SIDE), 1)
    draw = ImageDraw.Draw(picture)
    links = [np.array([a[-1], b[0]]) for a, b, is_down in zip(lines, lines[1:], joined, strict=False) if is_down]
    steps = [np.zeros(2)] if not nib.any() else [nib * share for share in (-0.5, 0.0, 0.5)]
    for step in steps:
        for line in (*lines, *links):
            draw.line((line + step).ravel().tolist(), fill=0, width=max(1, round(thickness)))
        for line, marks in zip(lines, corners, strict=True):
            _round(draw, line[list(marks)] + step, thickness / 2)
    return picture


def _round(draw: ImageDraw.ImageDraw, points: Floats, radius: float) -> None:
    """Round ends and corners, which a line does not have of itself."""
    for x, y in points.tolist():
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
