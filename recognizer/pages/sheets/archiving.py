"""Letters of read sheets as an archive that the import takes: pictures, and a table of letters and writers."""

import csv
import io
import zipfile
from collections.abc import Iterable

from PIL import Image

from recognizer.pages.sheets.printing import writer_name
from recognizer.pages.sheets.sheet_reader import ReadBox, SheetReading

TABLE, COLUMNS = "letters.csv", ("file", "letter", "writer")


def to_archive(sheets: Iterable[SheetReading]) -> bytes:
    """A zip; a sheet that was photographed twice is in it once, as it was read last."""
    file, table = io.BytesIO(), io.StringIO()
    rows = csv.writer(table)
    rows.writerow(COLUMNS)
    with zipfile.ZipFile(file, "w") as archive:
        for sheet in {(each.writer, each.page): each for each in sheets}.values():
            for box in sheet.written:
                name = f"{writer_name(sheet.writer)}/{sheet.page + 1}-{box.box.letter}-{box.box.copy}.png"
                archive.writestr(zipfile.ZipInfo(name), _png(box))
                rows.writerow((name, box.box.letter, writer_name(sheet.writer)))
        archive.writestr(zipfile.ZipInfo(TABLE), table.getvalue())
    return file.getvalue()


def _png(box: ReadBox) -> bytes:
    file = io.BytesIO()
    Image.fromarray(box.picture).save(file, "PNG")
    return file.getvalue()
