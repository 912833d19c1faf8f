"""The letters as they are taught: their elements in the order of writing. The tables are data."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from copybook.names import NAMES
from training.datasets.synthesis.skeletons import Piece, Skeleton, pieces_of

TABLES = Path(__file__).parent / "tables"


class TableError(ValueError):
    """A line of a table is not as it must be; the message names it."""


@dataclass(frozen=True)
class Alphabet:
    """A way of writing: all 33 letters, capital or small.

    Attributes:
        name: that of its table.
        slant: how far the top leans to the right where letters are shown, as a share of the height.

    """

    name: str
    slant: float

    @property
    def is_small(self) -> bool:
        """Whether these are small letters."""
        return self.name.endswith("small")


ALPHABETS = (
    Alphabet("printed_capital", 0.0),
    Alphabet("printed_small", 0.0),
    Alphabet("cursive_capital", 0.3),
    Alphabet("cursive_small", 0.3),
)


@dataclass(frozen=True)
class Element:
    """A part of a letter that has a name.

    Attributes:
        name: of `names.NAMES`.
        pieces: the smooth curves between its corners.
        joined: whether the pen is not lifted before it.

    """

    name: str
    pieces: tuple[Piece, ...]
    joined: bool


@dataclass(frozen=True)
class TaughtLetter:
    """A letter as it is taught, its elements in the order of writing."""

    letter: str
    alphabet: str
    elements: tuple[Element, ...]

    @property
    def skeleton(self) -> Skeleton:
        """The letter as the generator of made letters takes it: from pen down to pen up is one stroke."""
        strokes: list[tuple[Piece, ...]] = []
        for element in self.elements:
            if element.joined:
                strokes[-1] += element.pieces
            else:
                strokes.append(element.pieces)
        return Skeleton(self.letter.upper(), self.alphabet, 1.0, tuple(strokes))


@lru_cache(maxsize=1)
def letters() -> tuple[TaughtLetter, ...]:
    """All letters of all alphabets."""
    found: list[TaughtLetter] = []
    for alphabet in ALPHABETS:
        found += read(alphabet.name, (TABLES / f"{alphabet.name}.txt").read_text(encoding="utf-8"), found)
    return tuple(found)


def read(alphabet: str, text: str, earlier: list[TaughtLetter]) -> list[TaughtLetter]:
    """Read a table; its format is explained at the head of `tables/printed_capital.txt`.

    `earlier` are the letters of the tables before it: one of the same way of writing may be referred to.

    Raises:
        TableError: a line is not as it must be.

    """
    style = alphabet.split("_")[0]
    known = {each.letter: each for each in earlier if each.alphabet.startswith(style)}
    found: list[TaughtLetter] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            letter, rest = line.split(maxsplit=1)
            taught = TaughtLetter(letter, alphabet, _elements(rest, known))
        except ValueError as error:
            raise TableError(f"{alphabet}, line {number}: {error}") from error
        found.append(taught)
        known[letter] = taught
    return found


def _elements(text: str, known: dict[str, TaughtLetter]) -> tuple[Element, ...]:
    first: tuple[Element, ...] = ()
    if text.startswith("="):
        base, _bar, text = text.removeprefix("=").strip().partition(" | ")
        if base not in known:
            raise ValueError(f"there is no {base} before it")
        first = known[base].elements
    added: list[Element] = []
    for stroke in filter(None, text.split("|")):
        parts = [_element(part, joined=number > 0) for number, part in enumerate(stroke.split("&"))]
        for one, next_one in pairwise(parts):
            if one.pieces[-1][-1] != next_one.pieces[0][0]:
                raise ValueError(f"{next_one.name} begins elsewhere than {one.name} ends")
        added += parts
    return first + tuple(added)


def _element(text: str, *, joined: bool) -> Element:
    name, *points = text.split()
    if name not in NAMES:
        raise ValueError(f"{name} has no name in names.py")
    return Element(name, pieces_of(points), joined)
