"""The small set of letters that the teaching page trains on: strokes, written along printed skeletons by random hands.

A file of bytes, made once by `manage.py write_lesson_letters` and read by static/js/learn/letters.js, which makes
inputs of its strokes as everywhere. For each letter of the alphabet in turn there are `PER_LETTER` drawings: the number
of strokes, and for each stroke the number of points and x, y of each, in parts of the letter's longest side.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from recognizer.core.alphabet import RUSSIAN
from training.datasets.synthesis import hand
from training.datasets.synthesis.skeletons import Skeleton, skeletons

FILE = Path(settings.BASE_DIR, "static", "learn", "letters.bin")
MAGIC = b"PRLL"
VERSION = 1
PER_LETTER = 60
SEED = 18
STYLE = "printed"
LARGEST = 255
FINENESS = 0.9
"""How far a left-out point may be from the line that is left, of `LARGEST`."""

Floats = NDArray[np.float64]


def content() -> bytes:
    """The whole file: magic, version, letters, drawings of each, then the drawings."""
    head = MAGIC + bytes([VERSION, len(RUSSIAN), PER_LETTER])
    drawings = (_encoded(drawing) for letter in RUSSIAN for drawing in written(letter, PER_LETTER))
    return head + b"".join(drawings)


def written(letter: str, count: int) -> list[list[Floats]]:
    """A letter many times, each by another hand; its skeletons as often as their weights say, in random order."""
    rng = np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=(ord(letter),)))
    ways = [each for each in skeletons() if each.letter == letter and each.style == STYLE]
    weights = np.array([each.weight for each in ways])
    times = rng.multinomial(count, weights / weights.sum()).tolist()
    made = [drawing for way, number in zip(ways, times, strict=True) for drawing in _drawings(way, number, rng)]
    return [made[place] for place in rng.permutation(count)]


def _drawings(skeleton: Skeleton, count: int, rng: np.random.Generator) -> Iterator[list[Floats]]:
    made = hand.write(skeleton, count, rng)
    for number in range(count):
        yield [np.array(stroke) for stroke in made.drawing(number)]


def _encoded(strokes: Sequence[Floats]) -> bytes:
    """One drawing, its longest side `LARGEST`."""
    points = np.concatenate(strokes)
    low, side = points.min(axis=0), np.ptp(points, axis=0).max()
    parts = [bytes([len(strokes)])]
    for stroke in strokes:
        kept = simplified((stroke - low) / side * LARGEST)
        parts += [bytes([len(kept)]), np.round(kept).astype(np.uint8).tobytes()]
    return b"".join(parts)


def simplified(points: Floats) -> Floats:
    """The points of a line that are needed, by Ramer, Douglas and Peucker."""
    if len(points) < 3:
        return points
    chord = points[-1] - points[0]
    reach = float(np.linalg.norm(chord))
    away = points[1:-1] - points[0]
    across = np.abs(away[:, 0] * chord[1] - away[:, 1] * chord[0]) / reach if reach else np.linalg.norm(away, axis=1)
    farthest = int(across.argmax()) + 1
    if across[farthest - 1] <= FINENESS:
        return points[[0, -1]]
    return np.concatenate([simplified(points[: farthest + 1])[:-1], simplified(points[farthest:])])
