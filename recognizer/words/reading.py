"""One reading of a word, by the model in service or another: strokes or a picture file → letters in order."""

import time
from dataclasses import dataclass
from typing import Any

from recognizer import active_model, pictures
from recognizer.core.ink import Strokes
from recognizer.core.words.lexicon import russian
from recognizer.core.words.reader import WordReader
from recognizer.core.words.reading import ReadWord
from recognizer.loading import LoadedModel

DIGITS = 6
"""Of a probability, behind the point."""
LARGEST_SIDE = 4096
"""Of a word's picture, px; a larger one is reduced first."""


@dataclass(frozen=True)
class WordReading:
    """A word that was read, by what and in how many milliseconds."""

    word: ReadWord
    model: LoadedModel
    milliseconds: float


def word_members(word: ReadWord) -> dict[str, Any]:
    """A word as JSON has it."""
    letters = [
        {
            "letter": each.letter,
            "best": [{"letter": letter, "probability": round(share, DIGITS)} for letter, share in each.best],
            "refused": each.refused,
            "whole": round(min(each.whole, 1.0), DIGITS),
            "box": [round(side, 3) for side in each.box],
            "strokes": list(each.strokes),
        }
        for each in word.letters
    ]
    return {"text": word.text, "letters": letters, "known": word.known}


def reader_of(model: LoadedModel | None = None) -> WordReader:
    """What reads words with a model; without one, with that in service."""
    chosen = model or active_model.get()
    return WordReader(chosen.network, chosen.ink, chosen.doubt, chosen.letters)


def read_strokes(strokes: Strokes, *, with_lexicon: bool, model: LoadedModel | None = None) -> WordReading:
    """Read a word drawn as strokes.

    Raises:
        recognizer.core.ink.InkError: no ink, a mere dot, coordinates that are not a drawing, or no word.

    """
    chosen, begun = model or active_model.get(), time.perf_counter()
    word = reader_of(chosen).read_strokes(strokes, russian() if with_lexicon else None)
    return WordReading(word, chosen, _milliseconds_since(begun))


def read_picture(
    data: bytes, *, with_lexicon: bool, model: LoadedModel | None = None, most: int | None = None
) -> WordReading:
    """Read a word from the bytes of a picture file, where it has no more than `most` pixels that take time.

    Raises:
        recognizer.pictures.PictureError: not a picture, or too large.
        recognizer.pictures.HeavyPictureError: it takes long.
        recognizer.core.ink.InkError: no ink on it, or no word.

    """
    chosen, begun = model or active_model.get(), time.perf_counter()
    picture = pictures.decode(data, most=most, largest=LARGEST_SIDE)
    word = reader_of(chosen).read_picture(picture, russian() if with_lexicon else None)
    return WordReading(word, chosen, _milliseconds_since(begun))


def _milliseconds_since(begun: float) -> float:
    return 1000 * (time.perf_counter() - begun)
