"""Collection sheets as PDF: vectors alone, two pages for each writer."""

import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import cv2
from reportlab.lib.colors import Color, black
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from recognizer.core.alphabet import RUSSIAN
from recognizer.messages import gettext as _
from recognizer.pages.errors import PageError
from recognizer.pages.sheets import sheet_layout as layout

FONT = "Roboto"
BITS, WRITER_BITS = cv2.aruco.DICT_5X5_1000, cv2.aruco.DICT_6X6_1000
"""Markers of the corners, and of the writer's number, are of two kinds, so that none is taken for another."""
MOST_SHEETS = 200
_RULE = Color(0.72, 0.8, 0.9)
_HINT = Color(0.35, 0.35, 0.4)


@dataclass(frozen=True)
class SheetChoice:
    """Which boxes are drawn; a photograph is read alike, since the place of a box says its letter.

    Attributes:
        letters: to be written.
        copies: of each.
        pages: 0 for capital letters, 1 for small ones.

    """

    letters: str = RUSSIAN
    copies: int = layout.COPIES
    pages: tuple[int, ...] = tuple(range(layout.PAGES))


def new_writers(count: int) -> list[int]:
    """Numbers of writers that nobody has, as far as chance can tell.

    Raises:
        PageError: too many are asked for.

    """
    if not 1 <= count <= MOST_SHEETS:
        raise PageError(_("Between 1 and %(limit)d writers can have sheets at once.") % {"limit": MOST_SHEETS})
    return secrets.SystemRandom().sample(range(layout.WRITERS), count)


def print_sheets(writers: Sequence[int], choice: SheetChoice | None = None) -> bytes:
    """A PDF with the sheets of these writers, with all boxes where no choice is made."""
    choice = choice or SheetChoice()
    pdfmetrics.registerFont(TTFont(FONT, str(files("font_roboto") / "files" / "Roboto-Regular.ttf")))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(layout.WIDTH * mm, layout.HEIGHT * mm), invariant=1)
    canvas.setTitle(str(_("Collection sheets")))
    for writer in writers:
        for page in choice.pages:
            _draw_page(canvas, writer, page, choice)
            canvas.showPage()
    canvas.save()
    return file.getvalue()


def writer_name(writer: int) -> str:
    """A writer's number as people read it."""
    return f"{writer // 1000:03d}-{writer % 1000:03d}"


def _draw_page(canvas: Canvas, writer: int, page: int, choice: SheetChoice) -> None:
    for corner, (left, top) in enumerate(layout.CORNERS):
        _draw_marker(canvas, BITS, layout.marker_number(page, corner), left, top, layout.MARKER)
    for (left, top), number in zip(layout.WRITER_PLACES, divmod(writer, 1000), strict=True):
        _draw_marker(canvas, WRITER_BITS, number, left, top, layout.WRITER_MARKER)
    _draw_words(canvas, writer, page)
    for box in layout.boxes():
        if box.letter in choice.letters and box.copy <= choice.copies:
            _draw_box(canvas, box, small=page == 1)


def _draw_words(canvas: Canvas, writer: int, page: int) -> None:
    canvas.setFillColor(black)
    canvas.setFont(FONT, 9)
    canvas.drawString(layout.LEFT * mm, _up(33), str(_("Copy each letter into its boxes, inside the lines.")))
    canvas.drawString(layout.LEFT * mm, _up(38), str(_("Went wrong? Cross the box out from corner to corner.")))
    told = _("Writer %(writer)s, page %(page)d of %(pages)d") % {
        "writer": writer_name(writer),
        "page": page + 1,
        "pages": layout.PAGES,
    }
    canvas.drawCentredString(layout.WIDTH / 2 * mm, _up(284), str(told))


def _draw_box(canvas: Canvas, box: layout.SheetBox, *, small: bool) -> None:
    canvas.setStrokeColor(_RULE)
    canvas.setLineWidth(0.4)
    canvas.rect(box.left * mm, _up(box.top + box.height), box.width * mm, box.height * mm)
    canvas.setFillColor(_HINT)
    canvas.setFont(FONT, 10)
    canvas.drawString((box.left + 0.5) * mm, _up(box.top - 0.8), box.letter.lower() if small else box.letter)


def _draw_marker(canvas: Canvas, kind: int, number: int, left: float, top: float, size: float) -> None:
    """A marker of squares; neighbours in a row are one rectangle, so that no hairline shows between them."""
    side = cv2.aruco.getPredefinedDictionary(kind).markerSize + 2
    bits = cv2.aruco.generateImageMarker(cv2.aruco.getPredefinedDictionary(kind), number, side)
    step = size / side
    canvas.setFillColor(black)
    for row, line in enumerate(bits.tolist()):
        start = 0
        while start < side:
            end = start
            while end < side and line[end] == 0:
                end += 1
            if end > start:
                width, height = (end - start) * step * mm, (step + 0.02) * mm
                canvas.rect((left + start * step) * mm, _up(top + (row + 1) * step), width, height, stroke=0, fill=1)
            start = end + 1


def _up(top: float) -> float:
    """A height from the upper edge, mm, as PDF counts, from the lower one, in points."""
    return float((layout.HEIGHT - top) * mm)
