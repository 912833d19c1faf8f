"""A page read from end to end: opened, straightened, cleaned, cut into letters, and all letters read at once."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recognizer import active_model
from recognizer.core.words.lexicon import Lexicon, russian
from recognizer.core.words.pictured_marks import WIDEST
from recognizer.loading import LoadedModel
from recognizer.messages import gettext as _
from recognizer.pages import touching
from recognizer.pages.cleaning import CleanPage, clean
from recognizer.pages.cuts import cut, read_cuts
from recognizer.pages.errors import PageError
from recognizer.pages.finding import FoundLetter, FoundLetters, find_letters, no_letters
from recognizer.pages.joining import joined
from recognizer.pages.opening import OpenedPage, open_page
from recognizer.pages.page_words import PlacedLetter, read_lines
from recognizer.pages.sheet_edges import count_sheets
from recognizer.pages.sheets.sheet_reader import check_no_sheet, two_sheets
from recognizer.pages.straightening import Straightened, straighten
from recognizer.reading import Verdict

Greys = NDArray[np.uint8]

ASKED = 80
"""Letters that are read in all poses to tell how the page lies."""
TURNS = (0, 2, 1, 3)
"""Quarters of a turn, the likelier first."""
CLEARLY = 0.35
"""By so much (of the mean of logarithms of probabilities) another pose must be better."""
UNREAD_SHARE = 0.6
"""Of what was found; where more of it is no letter, the page is something else."""
LETTERLIKE = -1.5
"""Of the same mean: what is less in its best pose, and that in a mirror, is no writing at all."""
FEWEST_ASKED = 5
"""Letters that are no wider than one; where a page has fewer, wider ones are asked, too."""
UNREAD_WIDTH = 0.5
"""Of the width of all ink; where more of it hangs together and cannot be read, the page is not read."""


@dataclass(frozen=True)
class PageLetter:
    """One letter of a page.

    Attributes:
        letter: what is read.
        verdict: what its ink alone is read as; with a lexicon `letter` may be another than its first.
        corners: float (4, 2), its box's, in pixels of the original picture, from the letter's left upper one clockwise.
        space_before: whether a new word begins with it.

    """

    letter: str
    verdict: Verdict
    corners: NDArray[np.float64]
    space_before: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, width and height of the upright box around it."""
        return box_of(self.corners)


def box_of(corners: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Left, top, width and height of the upright box around corners (4, 2)."""
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return float(left), float(top), float(right - left), float(bottom - top)


@dataclass(frozen=True)
class PageReading:
    """What a page is read as.

    Attributes:
        lines: its letters.
        width, height: of the original picture.
        turned: degrees clockwise that it was turned by to stand upright: 0, 90, 180 or 270.
        straightened_by: `edges`, `ruling` or `lines`.
        milliseconds: from the file to the letters.
        model: what read it.
        number: of the page in its file.
        unread: corners (4, 2) of each place with writing that hangs together and of which no letter is read.
        is_joined_up: most of the writing seems to be joined up, which is read with many mistakes.

    """

    lines: tuple[tuple[PageLetter, ...], ...]
    width: float
    height: float
    turned: int
    straightened_by: str
    milliseconds: float
    model: LoadedModel
    number: int = 1
    unread: tuple[NDArray[np.float64], ...] = ()
    is_joined_up: bool = False

    @property
    def text(self) -> str:
        """The letters, a line each line."""
        return "\n".join(
            "".join((" " if each.space_before else "") + each.letter for each in line) for line in self.lines
        )


def read_page(
    data: bytes, model: LoadedModel | None = None, *, number: int = 1, with_lexicon: bool = True
) -> PageReading:
    """Read one page of a picture or PDF.

    Raises:
        PageError: there is no page of letters to be read in it.
        recognizer.loading.CatalogueError: the model's answer is not probabilities.

    """
    return read_opened(open_page(data, number), model, with_lexicon=with_lexicon)


def read_opened(page: OpenedPage, model: LoadedModel | None = None, *, with_lexicon: bool = True) -> PageReading:
    """Read a page that is open, its words by the lexicon where the ink allows it. Raises what `read_page` raises."""
    begun, reader = time.perf_counter(), model or active_model.get()
    check_no_sheet(page.greys)
    if count_sheets(page.greys) > 1:
        raise two_sheets()
    straight = straighten(page.greys)
    cleaned = clean(straight.greys)
    found = find_letters(cleaned.ink)
    if quarters := _quarters(cleaned, found, reader):
        straight = _turned(page.greys, quarters)
        cleaned = clean(straight.greys)
        found = find_letters(cleaned.ink)
    found = joined(cleaned, found, reader)
    read = _read_letters(cleaned, found, reader, russian() if with_lexicon else None)

    def original(left: float, top: float, right: float, bottom: float) -> NDArray[np.float64]:
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)
        return page.scale * straight.originals(corners)

    placed = tuple(
        tuple(PageLetter(each.letter, each.verdict, original(*each.box), each.space_before) for each in line)
        for line in read.lines
    )
    return PageReading(
        placed, page.width, page.height, 90 * quarters, straight.by, 1000 * (time.perf_counter() - begun), reader,
        page.number, tuple(original(each.left, each.top, each.right, each.bottom) for each in read.unread),
        read.is_joined_up,
    )  # fmt: skip


@dataclass(frozen=True)
class _ReadLetters:
    lines: list[list[PlacedLetter]]
    unread: list[FoundLetter]
    is_joined_up: bool


def _read_letters(page: CleanPage, found: FoundLetters, model: LoadedModel, lexicon: Lexicon | None) -> _ReadLetters:
    """The letters of all lines, and the ink that hangs together and cannot be read.

    Raises:
        PageError: that is most of it, or most of what there is looks like no letter.

    """
    letters = [letter for line in found.lines for letter in line]
    said = read_cuts([cut(page, found.labels, letter) for letter in letters], model)
    _check_letters([refused for each, refused in zip(letters, said.refused.tolist(), strict=True)
                    if each.width <= WIDEST * found.height])  # fmt: skip
    split = touching.split(page, found, said, model)
    unread = [letter for letter, ink in split.items() if ink is None or ink.is_unreadable]
    if sum(each.width for each in unread) > UNREAD_WIDTH * sum(each.width for each in letters):
        raise PageError(_("This is joined-up writing, which cannot be read yet: write letters that stand apart."))
    left = replace(found, lines=tuple(filter(None, (_without(line, unread) for line in found.lines))))
    several = {letter: ink for letter, ink in split.items() if ink is not None and letter not in unread}
    lines = read_lines(left, said.among([letter not in unread for letter in letters]), several, lexicon)
    _check_letters([each.verdict.refused for line in lines for each in line])
    return _ReadLetters(lines, unread, touching.is_joined_up(found, split))


def _without(line: Sequence[FoundLetter], some: Sequence[FoundLetter]) -> tuple[FoundLetter, ...]:
    return tuple(letter for letter in line if letter not in some)


def _quarters(page: CleanPage, found: FoundLetters, model: LoadedModel) -> int:
    """Quarters of a turn clockwise after which letters look most like letters.

    Raises:
        PageError: they look so in a mirror only.

    """
    letters = [letter for line in found.lines for letter in line]
    narrow = [letter for letter in letters if letter.width <= WIDEST * found.height]
    letters = narrow if len(narrow) >= FEWEST_ASKED else letters
    step = max(1, len(letters) // ASKED)
    pictures = [cut(page, found.labels, letter) for letter in letters[::step][:ASKED]]
    poses = {
        (turn, mirrored): _likeness([_posed(each, turn, mirrored) for each in pictures], model)
        for turn in TURNS
        for mirrored in (False, True)
    }
    best = max(poses, key=lambda pose: poses[pose])
    if poses[best] < poses[0, False] + CLEARLY:
        return 0
    if best[1]:
        if poses[best] < LETTERLIKE:
            raise no_letters()
        raise PageError(_("The page is mirrored: photograph it again, or mirror the picture."))
    return best[0]


def _posed(picture: Greys, turn: int, mirrored: bool) -> Greys:
    return _rot(picture[:, ::-1] if mirrored else picture, turn)


def _rot(picture: Greys, quarters: int) -> Greys:
    return np.ascontiguousarray(np.rot90(picture, -quarters))


def _likeness(pictures: Sequence[Greys], model: LoadedModel) -> float:
    """How much like letters pictures look: the mean logarithm of the best probability."""
    said = read_cuts(pictures, model)
    best = np.where(said.refused, 0.02, said.shares[:, 0])
    return float(np.log(np.maximum(best, 0.02)).mean())


def _turned(greys: Greys, quarters: int) -> Straightened:
    """A page straightened once more, after so many quarters of a turn clockwise."""
    height, width = greys.shape
    matrices = {
        1: [[0, 1, 0], [-1, 0, height], [0, 0, 1]],
        2: [[-1, 0, width], [0, -1, height], [0, 0, 1]],
        3: [[0, -1, width], [1, 0, 0], [0, 0, 1]],
    }
    straight = straighten(_rot(greys, quarters))
    return replace(straight, back=np.array(matrices[quarters], np.float64) @ straight.back)


def _check_letters(refused: Sequence[bool]) -> None:
    if sum(refused) > UNREAD_SHARE * len(refused):
        raise no_letters()
