"""Drawings of many kinds, the same for the same seed: what a hand, a machine or a mistake may send."""

import io
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from tests.recognizer.core.drawings import Drawing
from tests.tracing import strokes_of
from training.datasets import synthesis

Points = list[tuple[float, float]]


def random_drawings(count: int, rng: np.random.Generator) -> list[Drawing]:
    """As many drawings, each kind in its turn."""
    kinds = (_strokes, _wandering, _dots, _lines, _still, _tiny, _huge, _many_strokes, _whole_numbers, _dense)
    return [kinds[number % len(kinds)](rng) for number in range(count)]


@cache
def traced_letters(*, per_letter: int, seed: int) -> tuple[Drawing, ...]:
    """Letters of fonts as the strokes of a pen, each of a size and at a place of its own; traced once."""
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder, "letters.zip")
        synthesis.make_archive(archive, per_letter=per_letter, seed=seed)
        with zipfile.ZipFile(archive) as file:
            pictures = [Image.open(io.BytesIO(file.read(name))).convert("L") for name in sorted(file.namelist())]
    return tuple(_moved(strokes_of(np.asarray(picture) < 128), rng) for picture in pictures)


def _moved(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    scale, (left, top) = np.exp(rng.normal(0, 2)), rng.normal(0, 1000, 2)
    return [[(float(x * scale + left), float(y * scale + top)) for x, y in stroke] for stroke in drawing]


def _points(values: npt.NDArray[np.floating[Any]]) -> Points:
    return [(float(x), float(y)) for x, y in values]


def _strokes(rng: np.random.Generator) -> Drawing:
    return [_points(rng.uniform(-300, 300, (rng.integers(1, 9), 2))) for _ in range(rng.integers(1, 6))]


def _wandering(rng: np.random.Generator) -> Drawing:
    return [_points(np.cumsum(rng.normal(0, 7, (rng.integers(2, 200), 2)), axis=0)) for _ in range(rng.integers(1, 4))]


def _dots(rng: np.random.Generator) -> Drawing:
    return [_points(rng.normal(0, 50, (1, 2))) for _ in range(rng.integers(1, 5))]


def _lines(rng: np.random.Generator) -> Drawing:
    """Straight: level, upright or slanted, with any number of points on it."""
    direction = rng.uniform(-1, 1, 2) * [(1, 0), (0, 1), (1, 1)][rng.integers(3)]
    return [_points(np.sort(rng.uniform(0, 400, (rng.integers(2, 30), 1)), axis=0) * direction)]


def _still(rng: np.random.Generator) -> Drawing:
    """A pen that stays where it is, before, in between and after."""
    points = np.repeat(rng.uniform(0, 300, (rng.integers(1, 6), 2)), rng.integers(1, 5), axis=0)
    return [[], _points(points), _points(points[::-1]), []]


def _tiny(rng: np.random.Generator) -> Drawing:
    """Around the size below which a drawing is a dot."""
    return [_points(rng.normal(0, 1, 2) + rng.normal(0, 10 ** rng.uniform(-320, -6), (5, 2)))]


def _huge(rng: np.random.Generator) -> Drawing:
    return [_points(rng.uniform(-1e6, 1e6, (rng.integers(1, 12), 2))) for _ in range(3)]


def _many_strokes(rng: np.random.Generator) -> Drawing:
    return [_points(rng.uniform(0, 1, (2, 2)) * 40 + rng.uniform(-400, 400, 2)) for _ in range(rng.integers(50, 300))]


def _whole_numbers(rng: np.random.Generator) -> Drawing:
    """Points on which roundings fall exactly between two units."""
    return [_points(rng.integers(-9, 9, (rng.integers(1, 12), 2)) * 0.5) for _ in range(rng.integers(1, 4))]


def _dense(rng: np.random.Generator) -> Drawing:
    """A curve in hundredths, as the page sends them."""
    t = np.linspace(0, rng.uniform(2, 9), 300)[:, None] + rng.uniform(0, 7, 2)
    return [_points(np.round(np.cos(t) * rng.uniform(20, 300, 2) + 200, 2))]
