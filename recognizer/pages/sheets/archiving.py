"""Letters of read sheets as an archive that the import takes: pictures, and a table of letters and writers."""

import csv
import io
import zipfile
from collections.abc import Iterable
from typing import IO

from PIL import Image

from recognizer.pages.sheets.printing import writer_name
from recognizer.pages.sheets.sheet_reader import Greys, SheetReading

TABLE, COLUMNS = "letters.csv", ("file", "letter", "writer")


def to_archive(sheets: Iterable[SheetReading]) -> bytes:
    """A zip; a sheet that was photographed twice is in it once, as it was read last."""
    file = io.BytesIO()
    last = {(each.writer, each.page): each for each in sheets}.values()
    write_archive(
        file,
        (
            (
                writer_name(sheet.writer),
                f"{sheet.page + 1}-{box.box.letter}-{box.box.copy}",
                box.box.letter,
                box.picture,
            )
            for sheet in last
            for box in sheet.written
        ),
    )
    return file.getvalue()


def write_archive(file: IO[bytes], letters: Iterable[tuple[str, str, str, Greys]]) -> None:
    """Write a zip of letters, each with its writer, a name of its own, the letter and the picture."""
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(COLUMNS)
    with zipfile.ZipFile(file, "w") as archive:
        for writer, own, letter, picture in letters:
            name = f"{writer}/{own}.png"
            archive.writestr(zipfile.ZipInfo(name), _png(picture))
            rows.writerow((name, letter, writer))
        archive.writestr(zipfile.ZipInfo(TABLE), table.getvalue())


def _png(picture: Greys) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getvalue()
