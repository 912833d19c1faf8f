"""Reading one letter: ink → input → network → the five best."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer import catalog, pictures
from recognizer.catalog import LoadedModel
from recognizer.core.ink import Strokes

BEST = 5


@dataclass(frozen=True)
class Reading:
    """What was read.

    Attributes:
        best: the most probable letters with their probabilities, best first.
        input: uint8 (784,), what the network saw.
        milliseconds: from the ink to the probabilities.
        model: what read it.

    """

    best: tuple[tuple[str, float], ...]
    input: NDArray[np.uint8]
    milliseconds: float
    model: LoadedModel

    @property
    def letter(self) -> str:
        """The most probable letter."""
        return self.best[0][0]


def recognize_strokes(strokes: Strokes, model: LoadedModel | None = None) -> Reading:
    """Read a letter drawn as strokes.

    Raises:
        recognizer.core.ink.InkError: no ink, or coordinates that are no drawing.

    """
    reader = model or catalog.active()
    return _read(reader, lambda: reader.ink.from_strokes(strokes))


def recognize_picture(data: bytes, model: LoadedModel | None = None) -> Reading:
    """Read a letter from the bytes of a picture file.

    Raises:
        recognizer.pictures.PictureError: not a picture, or too large.
        recognizer.core.ink.InkError: no ink on it.

    """
    reader = model or catalog.active()
    return _read(reader, lambda: reader.ink.from_picture(pictures.decode(data)))


def _read(model: LoadedModel, make_input: Callable[[], NDArray[np.uint8]]) -> Reading:
    start = time.perf_counter()
    values = make_input()
    probabilities = model.network.probabilities(model.ink.scale(values[np.newaxis]))[0]
    order = np.argsort(-probabilities, kind="stable")[:BEST]
    best = tuple((model.letters[int(i)], float(probabilities[i])) for i in order)
    return Reading(best, values, (time.perf_counter() - start) * 1000, model)
