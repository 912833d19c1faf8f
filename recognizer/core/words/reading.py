"""What a word is read as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple


@dataclass(frozen=True)
class WordLetter:
    """A letter of a word.

    Attributes:
        letter: what is read.
        best: the five most probable letters of this ink with their calibrated probabilities.
        refused: the ink looks like no letter.
        whole: how likely this ink is one letter, neither a part of one nor several.
        box: left, top, right and bottom, in units of the drawing or pixels of the picture.
        strokes: numbers of its strokes; empty for a picture.
    """

    letter: str
    best: Tuple[Tuple[str, float], ...]
    refused: bool
    whole: float
    box: Tuple[float, float, float, float]
    strokes: Tuple[int, ...]


@dataclass(frozen=True)
class ReadWord:
    """A word that is read.

    Attributes:
        letters: from left to right.
        known: whether it is a word of the lexicon; None without one.
    """

    letters: Tuple[WordLetter, ...]
    known: Optional[bool]

    @property
    def text(self) -> str:
        """The word."""
        return "".join(each.letter for each in self.letters)
