"""Letters of collection sheets: where their pictures are, what was written beside them, what was decided."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognizer.filestore.places import here
from training.paper.models import PaperReading
from training.paper.rows import Row, each_row

ACCEPT, RELABEL, REJECT = "accept", "relabel", "reject"
ACTIONS = (ACCEPT, RELABEL, REJECT)
IN_A_ROW = 9
"""Pictures side by side in the file of a sheet."""


@dataclass(frozen=True)
class SheetCell:
    """One written box of a sheet.

    Attributes:
        number: among all of a reading; it never changes.
        letter: that the sheet asked for.
        predicted: what the model in service read; empty for nothing.
        writer, page, copy: whose, of which page (from 1), which of the three.
        sheet: the number of the file of the sheet's pictures.
        place: among these pictures.

    """

    number: int
    letter: str
    predicted: str
    writer: str
    page: int
    copy: int
    sheet: int
    place: int


@dataclass(frozen=True)
class Decided:
    """What holds of a cell: an action, and the letter for `relabel`."""

    action: str
    letter: str = ""


@dataclass(frozen=True)
class SheetPictures:
    """A sheet of a reading: number, size of one picture and how many there are, px."""

    number: int
    width: int
    height: int
    count: int


def sheet_name(number: int) -> str:
    """The name of the file of a sheet's pictures."""
    return f"sheet-{number:05d}.png"


def sheet_rows(reading: PaperReading) -> list[Row]:
    """The rows of sheets that were read; of one that was photographed twice, the last."""
    read = [row for row in each_row(reading.folder) if "error" not in row]
    return list({(row["writer"], row["sheet_page"]): row for row in read}.values())


def sheets_of(rows: list[Row]) -> list[SheetPictures]:
    """The sheets of rows."""
    return [SheetPictures(row["sheet"], row["width"], row["height"], len(row["cells"])) for row in rows]


def cells_of(rows: list[Row]) -> Iterator[SheetCell]:
    """All cells of rows of sheets."""
    number = 0
    for row in rows:
        for place, (letter, copy, predicted) in enumerate(row["cells"]):
            yield SheetCell(number, letter, predicted, row["writer"], row["sheet_page"], copy, row["sheet"], place)
            number += 1


def held(reading: PaperReading) -> dict[int, Decided]:
    """What holds of each cell that was decided on, by its number."""
    found: dict[int, Decided] = {}
    for decision in reading.decisions:
        for number in decision["cells"]:
            found[number] = Decided(decision["do"], decision.get("letter", ""))
    return found


def letter_of(cell: SheetCell, decided: Mapping[int, Decided]) -> str:
    """The letter as which a cell enters a data set; empty where it does not."""
    decision = decided.get(cell.number)
    if decision is None or decision.action == REJECT:
        return ""
    return decision.letter if decision.action == RELABEL else cell.letter


def tiled(pictures: list[NDArray[np.uint8]]) -> bytes:
    """Pictures of one size side by side, as PNG."""
    height, width = pictures[0].shape
    rows = -(-len(pictures) // IN_A_ROW)
    whole = np.full((rows * height, min(len(pictures), IN_A_ROW) * width), 255, np.uint8)
    for place, picture in enumerate(pictures):
        row, column = divmod(place, IN_A_ROW)
        whole[row * height : (row + 1) * height, column * width : (column + 1) * width] = picture
    file = io.BytesIO()
    Image.fromarray(whole).save(file, "PNG")
    return file.getvalue()


def cut_out(reading: PaperReading, sheet: SheetPictures) -> list[NDArray[np.uint8]]:
    """The pictures of a sheet, one after the other."""
    with Image.open(here(reading.folder / sheet_name(sheet.number)), formats=["PNG"]) as image:
        whole: NDArray[Any] = np.asarray(image.convert("L"), np.uint8)
    places = (divmod(place, IN_A_ROW) for place in range(sheet.count))
    return [
        whole[row * sheet.height : (row + 1) * sheet.height, column * sheet.width : (column + 1) * sheet.width]
        for row, column in places
    ]
