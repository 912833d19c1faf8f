"""Reading letters with the model in service, or with another: ink → input → network → the five best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recognizer import active_model
from recognizer.core.ink import InkError, Strokes
from recognizer.loading import LoadedModel
from recognizer.pictures import PictureError
from recognizer.reading import BEST, Reading, Verdict, Verdicts, read, verdicts
from recognizer.sources import DrawnInk, InputBytes, LetterSource, PictureFile, no_ink

__all__ = [
    "BEST",
    "BatchReading",
    "Reading",
    "Verdict",
    "recognize_batch",
    "recognize_input",
    "recognize_picture",
    "recognize_strokes",
]

Unread = InkError | PictureError
"""Why one letter of many is not read; the others are."""


def recognize_strokes(strokes: Strokes, model: LoadedModel | None = None) -> Reading:
    """Read a letter drawn as strokes.

    Raises:
        recognizer.core.ink.InkError: no ink, a mere dot, or coordinates that are not a drawing.

    """
    reader = model or active_model.get()
    return read(reader, lambda: DrawnInk(strokes).picture(reader.ink))


def recognize_picture(data: bytes, model: LoadedModel | None = None, *, quick: bool = False) -> Reading:
    """Read a letter from the bytes of a picture file; `quick`: only if that does not take long.

    Raises:
        recognizer.pictures.PictureError: not a picture, or too large.
        recognizer.pictures.HeavyPictureError: it takes long.
        recognizer.core.ink.InkError: no ink on it, or too little.

    """
    reader = model or active_model.get()
    return read(reader, lambda: PictureFile(data, quick).picture(reader.ink))


def recognize_input(data: bytes, model: LoadedModel | None = None) -> Verdict:
    """Read a letter from the bytes of an input.

    Raises:
        recognizer.core.ink.InkError: the model's inputs have another length; or there is no ink.

    """
    batch = recognize_batch([InputBytes(data)], model)
    if 0 in batch.unread:
        raise batch.unread[0]
    return batch.verdicts[0]


@dataclass(frozen=True)
class BatchReading:
    """What each of many letters is read as, in their order; of those in `unread`, by their places, why they are not."""

    verdicts: Verdicts
    unread: Mapping[int, Unread]


def recognize_batch(sources: Sequence[LetterSource], model: LoadedModel | None = None) -> BatchReading:
    """Read many letters at once, in one product for each layer."""
    reader = model or active_model.get()
    values = np.full((len(sources), reader.ink.length), reader.ink.paper, np.uint8)
    unread: dict[int, Unread] = {}
    for place, source in enumerate(sources):
        try:
            values[place] = source.input(reader.ink)
        except (InkError, PictureError) as error:
            unread[place] = error
    for place in np.flatnonzero((values == reader.ink.paper).all(axis=1)).tolist():
        unread.setdefault(place, no_ink())
    return BatchReading(verdicts(reader, values), unread)
