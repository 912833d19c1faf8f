"""Where what is on a collection sheet, in millimetres of A4 from its left upper corner."""

from collections.abc import Iterator
from dataclasses import dataclass

from recognizer.core.alphabet import RUSSIAN

WIDTH, HEIGHT = 210.0, 297.0
VERSION = 1
"""Of this layout; a change of anything below makes another one, so that no photograph of the old one is misread."""
PAGES = 2
"""Capital letters, then small ones."""
COPIES, LETTERS_IN_ROW = 3, 3
LEFT, TOP = 15.0, 42.0
CELL_WIDTH, CELL_HEIGHT = 20.0, 21.0
HINT = 4.5
"""Of a cell's height, above the box to write in, where the letter to copy stands."""
MARKER = 14.0
CORNERS = ((8.0, 8.0), (188.0, 8.0), (188.0, 275.0), (8.0, 275.0))
"""Left upper corners of the four markers, clockwise."""
WRITER_MARKER = 12.0
WRITER_PLACES = ((88.0, 9.0), (110.0, 9.0))
MOST_PAGES, MOST_VERSIONS = 8, 30
WRITERS = 1_000_000


@dataclass(frozen=True)
class SheetBox:
    """A box to write in.

    Attributes:
        letter: of the class set, a capital.
        copy: 1, 2 or 3.
        left, top, width, height: mm.

    """

    letter: str
    copy: int
    left: float
    top: float
    width: float
    height: float


def boxes() -> Iterator[SheetBox]:
    """All boxes of a page, row by row."""
    for number, letter in enumerate(RUSSIAN):
        row, place = divmod(number, LETTERS_IN_ROW)
        for copy in range(COPIES):
            left = LEFT + (place * COPIES + copy) * CELL_WIDTH
            top = TOP + row * CELL_HEIGHT
            yield SheetBox(letter, copy + 1, left + 1, top + HINT, CELL_WIDTH - 2, CELL_HEIGHT - HINT - 1)


def marker_number(page: int, corner: int, version: int = VERSION) -> int:
    """The number of a corner's marker; page and corner from 0."""
    return 4 * (version * MOST_PAGES + page) + corner


def of_marker(number: int) -> tuple[int, int, int]:
    """Version, page and corner that a marker tells."""
    rest, corner = divmod(number, 4)
    version, page = divmod(rest, MOST_PAGES)
    return version, page, corner
