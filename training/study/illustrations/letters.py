"""Figures 5 to 7: letters of the data set in use, the 784 greys of one, and what the network is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.core.ink import specification
from recognizer.core.ink.frame import INPUT_SIDE
from recognizer.filestore.places import here
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.storage.picture_files import INDEX, Index, decoded

SHOWN = "жзлрущаю"
"""Those of the thesis's Figure 5; the last is the one of Figure 6."""
LEVELS = 16
"""Of grey, in the drawing."""


@dataclass(frozen=True)
class ExampleLetter:
    """A picture of the data set.

    Attributes:
        letter: which.
        label: its number.
        number: of the picture in the data set.
        greys: uint8 (784,), 255 is paper.

    """

    letter: str
    label: int
    number: int
    greys: NDArray[np.uint8]

    @property
    def ink(self) -> list[tuple[float, str]]:
        """What is not paper: each darkness 0…1 with the outline of its pixels, as an SVG path of 28×28 units."""
        dark = (255 - self.greys.reshape(INPUT_SIDE, INPUT_SIDE)) / 255
        levels = (dark * LEVELS).round().astype(int)
        return [
            (level / LEVELS, _outline(levels == level)) for level in range(1, LEVELS + 1) if (levels == level).any()
        ]

    @property
    def some(self) -> list[float]:
        """Two greys beside each other where ink begins, as Figure 7 has them."""
        row = (self.greys / 255).round(3)
        first = int(np.argmax(self.greys < 255))
        return [float(row[max(first - 1, 0)]), float(row[first])]

    @property
    def lines(self) -> str:
        """All greys to one decimal, a line for each row of the picture."""
        rows = self.greys.reshape(INPUT_SIDE, INPUT_SIDE) / 255
        return "\n".join(" ".join(f"{_short(float(grey)):>2}" for grey in row) for row in rows)


def examples(dataset: Dataset) -> Sequence[ExampleLetter]:
    """A training picture of each letter of Figure 5 that the data set knows; nothing where its files are gone."""
    try:
        stamp = here(dataset.folder / INDEX).stat().st_mtime_ns
        return _examples(dataset.folder, dataset.letters, stamp)
    except FileNotFoundError:
        return ()


@lru_cache(maxsize=4)
def _examples(folder: Path, letters: str, _changed: int) -> Sequence[ExampleLetter]:
    index, ink = Index.load(folder), specification("raw-28")
    found: list[ExampleLetter] = []
    for letter in SHOWN:
        label = letters.lower().find(letter)
        numbers = np.flatnonzero((index.labels == label) & (index.splits == Split.TRAIN))[:1]
        found += [
            ExampleLetter(letter, label, int(numbers[0]), ink.from_pictures([pixels])[0][0])
            for pixels in decoded(folder, index.take(numbers))
        ]
    return tuple(found)


def _short(grey: float) -> str:
    return f"{grey:.1f}".removesuffix(".0").removeprefix("0") or "0"


def _outline(pixels: NDArray[np.bool_]) -> str:
    """A rectangle around each row's pixels that lie beside each other."""
    parts = []
    for y, row in enumerate(pixels):
        edges = np.flatnonzero(np.diff(row.astype(np.int8), prepend=0, append=0))
        parts += [f"M{left} {y}h{right - left}v1H{left}z" for left, right in zip(edges[::2], edges[1::2], strict=True)]
    return "".join(parts)
