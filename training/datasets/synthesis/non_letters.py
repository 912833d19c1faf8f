"""What people draw that is no letter: scribbles, lines, signs, digits and Latin capitals, written by a random hand.

They show a network what it has to refuse. Each kind has a name; a digit's or a Latin letter's is the sign itself.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.core.ink import InkError, InkSpecification
from training.datasets.synthesis import pens
from training.datasets.synthesis.doodles import DOODLES
from training.datasets.synthesis.hand import Written, write
from training.datasets.synthesis.skeletons import Skeleton, read_table

TABLES = Path(__file__).parent / "signs"
TABLE_NAMES = ("marks", "digits", "latin")
GROUP = 12
"""Doodles that share what is drawn once for all of them, such as how many strokes they have."""


@lru_cache(maxsize=1)
def _signs() -> dict[str, tuple[Skeleton, ...]]:
    """The skeletons of each sign."""
    found: dict[str, tuple[Skeleton, ...]] = {}
    for name in TABLE_NAMES:
        for skeleton in read_table(name, (TABLES / f"{name}.txt").read_text()):
            found[skeleton.letter] = (*found.get(skeleton.letter, ()), skeleton)
    return found


def kinds(letters: str = "") -> tuple[str, ...]:
    """Names of all kinds, without those that are letters of this class set."""
    known = letters + letters.lower() + letters.upper()
    return tuple(kind for kind in (*DOODLES, *_signs()) if len(kind) > 1 or kind not in known)


def drawn(kind: str, count: int, rng: np.random.Generator) -> Iterator[Written]:
    """Draw a kind so many times; those with equally many strokes and points come together."""
    if kind in DOODLES:
        for first in range(0, count, GROUP):
            yield DOODLES[kind](min(GROUP, count - first), rng)
        return
    skeletons = _signs()[kind]
    weights = np.array([skeleton.weight for skeleton in skeletons])
    for skeleton, times in zip(skeletons, rng.multinomial(count, weights / weights.sum()).tolist(), strict=True):
        if times:
            yield write(skeleton, times, rng)


def inputs(kind: str, count: int, ink: InkSpecification, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Inputs (n, length) of a kind; n is `count`, less what is too dense a scribble to be read at all."""
    made = [inputs_of(written, ink, rng) for written in drawn(kind, count, rng)]
    return np.concatenate([np.empty((0, ink.length), np.uint8), *made])


def inputs_of(written: Written, ink: InkSpecification, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Inputs (n, length) of drawings: every other one drawn on a screen, the others with pens on paper."""
    scanned = [np.asarray(picture.convert("L")) for picture in pens.pictures(written, rng)]
    on_paper = ink.pictures.from_pictures(scanned[::2])[0]
    on_screen = [_on_screen(written, index, ink) for index in range(1, len(scanned), 2)]
    return ink.of_pictures(np.concatenate([on_paper, *on_screen]))


def _on_screen(written: Written, index: int, ink: InkSpecification) -> NDArray[np.uint8]:
    """The picture (1, 784) of one drawing, or none, (0, 784)."""
    try:
        return ink.pictures.from_strokes(written.drawing(index))[np.newaxis]
    except InkError:
        return np.empty((0, ink.pictures.length), np.uint8)
