"""Ink cut into letters, and these put in lines: for letters that stand apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.messages import gettext as _
from recognizer.pages.errors import PageError

Greys = NDArray[np.uint8]

SMALLEST, LARGEST = 10, 0.34
"""Pixels, and share of the page's height, that a letter may be high."""
DUST = 0.07
"""Of a letter's height; what is smaller both ways is dirt."""
BODY = 0.5
"""Of a letter's height; what is smaller is a mark or a piece."""
TALLEST, WIDEST = 3.0, 15.0
"""Letters' heights; what is larger is neither a letter nor a word whose letters touch."""
LINE, THIN = 1.7, 0.22
"""Letters' heights; what is longer and thinner is what is left of a line."""
MOST_LETTERS = 5_000
MOST_PIECES = 20_000


@dataclass(frozen=True)
class FoundLetter:
    """A letter that was found.

    Attributes:
        pieces: numbers of its connected pieces of ink.
        left, top, right, bottom: of its box; the latter two are the first beyond.

    """

    pieces: tuple[int, ...]
    left: int
    top: int
    right: int
    bottom: int

    @property
    def height(self) -> int:
        """Of its box."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Of its box."""
        return self.right - self.left

    @property
    def middle(self) -> float:
        """Of its height."""
        return (self.top + self.bottom) / 2

    def joined(self, other: "FoundLetter") -> "FoundLetter":
        """Both as one letter."""
        return FoundLetter(
            self.pieces + other.pieces,
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True)
class FoundLetters:
    """Letters in lines, from top to bottom and from left to right.

    Attributes:
        lines: the letters.
        labels: int32 (h, w), the number of the piece of ink that a pixel belongs to; 0 for paper.
        height: of a usual letter, px.

    """

    lines: tuple[tuple[FoundLetter, ...], ...]
    labels: NDArray[np.int32]
    height: float


def find_letters(ink: Greys) -> FoundLetters:
    """Find the letters of a page's ink (h, w).

    Raises:
        PageError: there are none, or more than a page can have.

    """
    count, labels, stats, _centres = cv2.connectedComponentsWithStats(ink, connectivity=8)
    if count > MOST_PIECES:
        raise no_letters()
    pieces = [_piece(number, stats[number]) for number in range(1, count)]
    height = _usual_height(pieces, ink.shape[0])
    pieces = [each for each in pieces if _may_be_letter(each, height) and not _is_at_edge(each, ink.shape)]
    bodies = [each for each in pieces if each.height >= BODY * height]
    small = [each for each in pieces if each.height < BODY * height]
    lines = _in_lines(bodies, height)
    _add_marks(lines, small, height)
    found = tuple(tuple(_letters_of(line, height)) for line in lines)
    if not 0 < sum(map(len, found)) <= MOST_LETTERS:
        raise no_letters()
    return FoundLetters(found, np.asarray(labels, np.int32), height)


def no_letters() -> PageError:
    """Make the error of a page on which nothing looks like letters."""
    return PageError(_("No letters were found: photograph a page of handwriting from above, in even light."))


def _piece(number: int, stat: NDArray[np.int32]) -> FoundLetter:
    left, top, width, height, _area = (int(each) for each in stat)
    return FoundLetter((number,), left, top, left + width, top + height)


def _usual_height(pieces: Sequence[FoundLetter], page: int) -> float:
    """The height of a usual letter: the median of pieces, those counted as often as they are high."""
    heights = np.sort([each.height for each in pieces if SMALLEST <= each.height <= LARGEST * page])
    if not len(heights):
        raise no_letters()
    weights = np.cumsum(heights)
    return float(heights[np.searchsorted(weights, weights[-1] / 2)])


def _may_be_letter(piece: FoundLetter, height: float) -> bool:
    is_dust = max(piece.height, piece.width) < DUST * height
    is_line = max(piece.height, piece.width) > LINE * height and min(piece.height, piece.width) < THIN * height
    return not is_dust and not is_line and piece.height <= TALLEST * height and piece.width <= WIDEST * height


def _is_at_edge(piece: FoundLetter, shape: tuple[int, ...]) -> bool:
    """Whether it goes beyond the page: what is left of the table, or half a letter."""
    return piece.left == 0 or piece.top == 0 or piece.right >= shape[1] or piece.bottom >= shape[0]


def _in_lines(bodies: Sequence[FoundLetter], height: float) -> list[list[FoundLetter]]:
    """Bodies of letters in lines: each goes to the line whose last letters are level with it."""
    lines: list[list[FoundLetter]] = []
    levels: list[float] = []
    for body in sorted(bodies, key=lambda each: each.left):
        distances = [abs(level - body.middle) for level in levels]
        nearest = int(np.argmin(distances)) if distances else -1
        if nearest >= 0 and distances[nearest] < 0.6 * height:
            lines[nearest].append(body)
            levels[nearest] += 0.3 * (body.middle - levels[nearest])
        else:
            lines.append([body])
            levels.append(body.middle)
    order = np.argsort([float(np.median([each.middle for each in line])) for line in lines])
    return [lines[number] for number in order]


def _add_marks(lines: list[list[FoundLetter]], small: Sequence[FoundLetter], height: float) -> None:
    """Give each mark or piece to the letter that it is nearest to, where that is near enough."""
    where = [(number, place) for number, line in enumerate(lines) for place in range(len(line))]
    if not where:
        return
    boxes = np.array([[b.left, b.top, b.right, b.bottom] for b in (lines[n][p] for n, p in where)], np.float64)
    for mark in small:
        across = np.maximum(0, np.maximum(boxes[:, 0] - mark.right, mark.left - boxes[:, 2]))
        down = np.maximum(0, np.maximum(boxes[:, 1] - mark.bottom, mark.top - boxes[:, 3]))
        distances = 2 * across + down
        nearest = int(np.argmin(distances))
        if across[nearest] <= 0.2 * height and down[nearest] <= 0.45 * height:
            number, place = where[nearest]
            lines[number][place] = lines[number][place].joined(mark)


def _letters_of(line: Sequence[FoundLetter], height: float) -> Iterator[FoundLetter]:
    """Bodies of a line, those that lie above one another or almost touch made one letter."""
    if not line:
        return
    ordered = sorted(line, key=lambda each: each.left)
    current = ordered[0]
    for body in ordered[1:]:
        overlap = min(current.right, body.right) - max(current.left, body.left)
        if overlap > 0.35 * min(current.width, body.width) or -0.06 * height < overlap <= 0:
            current = current.joined(body)
        else:
            yield current
            current = body
    yield current
