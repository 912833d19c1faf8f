"""A photographed collection sheet: its markers found, its boxes cut out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.messages import gettext as _
from recognizer.pages.cleaning import evenly_lit
from recognizer.pages.errors import PageError
from recognizer.pages.opening import OpenedPage
from recognizer.pages.sheets import sheet_layout as layout
from recognizer.pages.sheets.printing import BITS, WRITER_BITS

Greys = NDArray[np.uint8]
Points = NDArray[np.float64]

PER_MM = 9.0
INSET = 0.9
"""Millimetres of a box's border that are not looked at: its line, and what the paper is bent by."""
FEWEST_MARKERS = 3
MOST_OFF = 0.8
"""Millimetres that a marker may be off its place; more is a sheet that is bent or cut together of two."""
INK = 60
"""Greys by which ink is darker than paper; the lines of a box are fainter."""
FEWEST_PIXELS = 40
CORNER_SHARE, CORNER_PIXELS = 0.13, 8
"""Of a box's sides: ink in all four of its corners crosses it out."""


class BoxState(Enum):
    """What a box holds."""

    WRITTEN = "written"
    EMPTY = "empty"
    CROSSED_OUT = "crossed out"


@dataclass(frozen=True)
class ReadBox:
    """A box with its picture (h, w), dark ink on white paper."""

    box: layout.SheetBox
    state: BoxState
    picture: Greys


@dataclass(frozen=True)
class SheetReading:
    """A sheet: its writer's number, its page from 0, its boxes."""

    writer: int
    page: int
    boxes: tuple[ReadBox, ...]

    @property
    def written(self) -> list[ReadBox]:
        """The boxes that have a letter."""
        return [each for each in self.boxes if each.state is BoxState.WRITTEN]


def read_sheet(opened: OpenedPage) -> SheetReading:
    """Read a photographed or scanned sheet.

    Raises:
        PageError: there is no sheet, one of another version, several, or too little of one is seen.

    """
    corners = _markers(opened.greys, BITS)
    page = _page_of([number for number, _points in corners])
    forth = _placement(corners)
    size = (round(layout.WIDTH * PER_MM), round(layout.HEIGHT * PER_MM))
    flat = evenly_lit(np.asarray(cv2.warpPerspective(opened.greys, forth, size, borderValue=255), np.uint8))
    return SheetReading(_writer_of(opened.greys, forth), page, tuple(_cut_box(flat, box) for box in layout.boxes()))


def check_no_sheet(greys: Greys) -> None:
    """See that a page is no collection sheet, whose printed letters would be read with the written ones.

    Raises:
        PageError: it is one.

    """
    small = cv2.resize(greys, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) if max(greys.shape) > 1600 else greys
    if len(_markers(np.asarray(small, np.uint8), BITS)) >= FEWEST_MARKERS:
        raise PageError(
            _("This is a collection sheet, and no page of text: it is read on the page “Paper” of the data.")
        )


def two_sheets() -> PageError:
    """Make the error of a picture with more than one sheet."""
    return PageError(_("Two sheets are in one picture: photograph each by itself."))


def _markers(greys: Greys, kind: int) -> list[tuple[int, Points]]:
    """Numbers of the markers that are seen, each with its corners (4, 2)."""
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(kind), cv2.aruco.DetectorParameters())
    found, numbers, _rejected = detector.detectMarkers(greys)
    if numbers is None:
        return []
    pairs = zip(numbers.ravel().tolist(), found, strict=True)
    return [(number, points.reshape(4, 2).astype(np.float64)) for number, points in pairs]


def _page_of(numbers: Sequence[int]) -> int:
    told = [layout.of_marker(number) for number in numbers]
    if not told:
        raise PageError(_("No collection sheet is seen: all four of its corners should be in the picture."))
    if any(version != layout.VERSION or page >= layout.PAGES for version, page, _corner in told):
        raise PageError(
            _("This is a sheet of another version: print new ones, or read it with the version that made it.")
        )
    if len({page for _version, page, _corner in told}) > 1 or len(set(numbers)) < len(numbers):
        raise two_sheets()
    if len(numbers) < FEWEST_MARKERS:
        raise PageError(_("Too few corners of the sheet are seen: three of its four markers are needed."))
    return told[0][1]


def _placement(corners: Sequence[tuple[int, Points]]) -> Points:
    """The matrix from the picture to the sheet's pixels."""
    seen, meant = [], []
    for number, points in corners:
        left, top = layout.CORNERS[layout.of_marker(number)[2]]
        seen.append(points)
        meant.append(_square(left, top, layout.MARKER) * PER_MM)
    forth, _inliers = cv2.findHomography(np.concatenate(seen), np.concatenate(meant), 0)
    if forth is None:
        raise _bent()
    placed = cv2.perspectiveTransform(np.concatenate(seen).reshape(-1, 1, 2), forth).reshape(-1, 2)
    if np.abs(placed - np.concatenate(meant)).max() > MOST_OFF * PER_MM:
        raise _bent()
    return np.asarray(forth, np.float64)


def _bent() -> PageError:
    return PageError(_("The sheet is bent, or two sheets lie on each other: lay it flat and photograph it again."))


def _square(left: float, top: float, size: float) -> Points:
    return np.array([[left, top], [left + size, top], [left + size, top + size], [left, top + size]])


def _writer_of(greys: Greys, forth: Points) -> int:
    """The writer's number, of two markers that stand where they should."""
    digits: dict[int, int] = {}
    for number, points in _markers(greys, WRITER_BITS):
        middle = cv2.perspectiveTransform(points.reshape(-1, 1, 2), forth).reshape(-1, 2).mean(axis=0) / PER_MM
        for place, (left, top) in enumerate(layout.WRITER_PLACES):
            if np.abs(middle - np.array([left, top]) - layout.WRITER_MARKER / 2).max() < MOST_OFF + 1:
                digits[place] = number
    if len(digits) < len(layout.WRITER_PLACES):
        raise PageError(_("The writer's number is not seen: the two marks in the middle of the top must be uncovered."))
    return 1000 * digits[0] + digits[1]


def _cut_box(flat: Greys, box: layout.SheetBox) -> ReadBox:
    top, bottom = (round((each) * PER_MM) for each in (box.top + INSET, box.top + box.height - INSET))
    left, right = (round((each) * PER_MM) for each in (box.left + INSET, box.left + box.width - INSET))
    picture = flat[top:bottom, left:right].copy()
    return ReadBox(box, _state_of(picture), picture)


def _state_of(picture: Greys) -> BoxState:
    ink = picture < 250 - INK
    if np.count_nonzero(ink) < FEWEST_PIXELS:
        return BoxState.EMPTY
    height, width = (max(1, round(CORNER_SHARE * side)) for side in ink.shape)
    corners = (ink[:height, :width], ink[:height, -width:], ink[-height:, :width], ink[-height:, -width:])
    is_crossed = all(np.count_nonzero(corner) >= CORNER_PIXELS for corner in corners)
    return BoxState.CROSSED_OUT if is_crossed else BoxState.WRITTEN
