"""Reading letters with the model in service, or with another: ink → input → network → the five best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recognizer import active_model
from recognizer.core.ink import FoundInk, InkError, Strokes
from recognizer.loading import LoadedModel
from recognizer.pictures import PictureError
from recognizer.reading import BEST, BegunReading, Reading, Verdict, Verdicts, begin, read, verdicts
from recognizer.sources import DrawnInk, InputBytes, LetterSource, PictureFile, no_ink

__all__ = [
    "BEST",
    "BatchReading",
    "BegunReading",
    "Reading",
    "Verdict",
    "begin_picture",
    "begin_strokes",
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
    return read(model or active_model.get(), DrawnInk(strokes))


def begin_strokes(strokes: Strokes) -> BegunReading:
    """Begin what `recognize_strokes` does with the model in service. Raises what it raises."""
    return begin(active_model.get(), DrawnInk(strokes))


def begin_picture(data: bytes, *, most: int | None = None) -> BegunReading:
    """Begin what `recognize_picture` does with the model in service. Raises what it raises."""
    return begin(active_model.get(), PictureFile(data, most))


def recognize_picture(data: bytes, model: LoadedModel | None = None, *, most: int | None = None) -> Reading:
    """Read a letter from the bytes of a picture file, where it has no more than `most` pixels that take time.

    Raises:
        recognizer.pictures.PictureError: not a picture, or too large.
        recognizer.pictures.HeavyPictureError: it takes long.
        recognizer.core.ink.InkError: no ink on it, or too little.

    """
    return read(model or active_model.get(), PictureFile(data, most))


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
    found: dict[int, FoundInk] = {}
    unread: dict[int, Unread] = {}
    for place, source in enumerate(sources):
        try:
            if isinstance(source, InputBytes):
                values[place] = source.input(reader.ink)
            else:
                found[place] = source.found(reader.ink.pictures)
        except (InkError, PictureError) as error:
            unread[place] = error
    values[list(found)] = reader.ink.of_pictures(reader.ink.pictures.from_found([*found.values()]))
    for place in np.flatnonzero((values == reader.ink.paper).all(axis=1)).tolist():
        unread.setdefault(place, no_ink())
    return BatchReading(verdicts(reader, values), unread)
