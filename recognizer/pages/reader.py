"""A page read from end to end: opened, straightened, cleaned, cut into letters, and all letters read at once."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recognizer import active_model
from recognizer.loading import LoadedModel
from recognizer.messages import gettext as _
from recognizer.pages.cleaning import CleanPage, clean
from recognizer.pages.cuts import cut, read_cuts
from recognizer.pages.errors import PageError
from recognizer.pages.finding import FoundLetter, FoundLetters, find_letters, no_letters
from recognizer.pages.joining import joined
from recognizer.pages.opening import OpenedPage, open_page
from recognizer.pages.straightening import Straightened, straighten
from recognizer.reading import Verdict, Verdicts

Greys = NDArray[np.uint8]

ASKED = 80
"""Letters that are read in all poses to tell how the page lies."""
TURNS = (0, 2, 1, 3)
"""Quarters of a turn, the likelier first."""
CLEARLY = 0.35
"""By so much (of the mean of logarithms of probabilities) another pose must be better."""
UNREAD_SHARE = 0.6
"""Of what was found; where more of it is no letter, the page is something else."""
SPACE = 1.9
"""Gaps between words are so many times as wide as the usual one."""


@dataclass(frozen=True)
class PageLetter:
    """One letter of a page.

    Attributes:
        verdict: what it is read as.
        corners: float (4, 2), its box's, in pixels of the original picture, from the letter's left upper one clockwise.
        space_before: whether a new word begins with it.

    """

    verdict: Verdict
    corners: NDArray[np.float64]
    space_before: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, width and height of the upright box around it."""
        (left, top), (right, bottom) = self.corners.min(axis=0), self.corners.max(axis=0)
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

    """

    lines: tuple[tuple[PageLetter, ...], ...]
    width: float
    height: float
    turned: int
    straightened_by: str
    milliseconds: float
    model: LoadedModel
    number: int = 1

    @property
    def text(self) -> str:
        """The letters, a line each line."""
        return "\n".join(
            "".join((" " if each.space_before else "") + each.verdict.letter for each in line) for line in self.lines
        )


def read_page(data: bytes, model: LoadedModel | None = None, *, number: int = 1) -> PageReading:
    """Read one page of a picture or PDF.

    Raises:
        PageError: there is no page of letters to be read in it.
        recognizer.loading.CatalogueError: the model's answer is not probabilities.

    """
    return read_opened(open_page(data, number), model)


def read_opened(page: OpenedPage, model: LoadedModel | None = None) -> PageReading:
    """Read a page that is open. Raises what `read_page` raises."""
    begun, reader = time.perf_counter(), model or active_model.get()
    straight = straighten(page.greys)
    cleaned = clean(straight.greys)
    found = find_letters(cleaned.ink)
    if quarters := _quarters(cleaned, found, reader):
        straight = _turned(page.greys, quarters)
        cleaned = clean(straight.greys)
        found = find_letters(cleaned.ink)
    found = joined(cleaned, found, reader)
    letters = [letter for line in found.lines for letter in line]
    said = read_cuts([cut(cleaned, found.labels, letter) for letter in letters], reader)
    _check_letters(said)
    lines = tuple(_lines_read(found, said, straight, page.scale))
    spent = 1000 * (time.perf_counter() - begun)
    return PageReading(lines, page.width, page.height, 90 * quarters, straight.by, spent, reader, page.number)


def _quarters(page: CleanPage, found: FoundLetters, model: LoadedModel) -> int:
    """Quarters of a turn clockwise after which letters look most like letters.

    Raises:
        PageError: they look so in a mirror only.

    """
    letters = [letter for line in found.lines for letter in line]
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


def _check_letters(said: Verdicts) -> None:
    if np.count_nonzero(said.refused) > UNREAD_SHARE * len(said.refused):
        raise no_letters()


def _lines_read(
    found: FoundLetters, said: Verdicts, straight: Straightened, scale: float
) -> "list[tuple[PageLetter, ...]]":
    lines, place = [], 0
    spaces = _wide_gaps(found)
    for line in found.lines:
        letters = []
        for letter in line:
            corners = np.array(
                [
                    [letter.left, letter.top],
                    [letter.right, letter.top],
                    [letter.right, letter.bottom],
                    [letter.left, letter.bottom],
                ],
                np.float64,
            )
            letters.append(PageLetter(said[place], scale * straight.originals(corners), letter in spaces))
            place += 1
        lines.append(tuple(letters))
    return lines


def _wide_gaps(found: FoundLetters) -> set[FoundLetter]:
    """Letters before which there is more room than between letters."""
    pairs = [(left, right) for line in found.lines for left, right in pairwise(line)]
    if not pairs:
        return set()
    usual = float(np.median([right.left - left.right for left, right in pairs]))
    least = max(SPACE * usual, usual + 0.5 * found.height)
    return {right for left, right in pairs if right.left - left.right > least}
