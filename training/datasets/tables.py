"""The table (CSV) of an archive that says which letter each picture is."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from training.datasets.archives import Archive
from training.datasets.errors import ArchiveError

FILE_COLUMNS = ("filename", "file_name", "file", "image", "path", "name")
LABEL_COLUMNS = ("russian", "letter", "label", "class")
SPLIT_COLUMNS = ("split", "subset", "part")
"""Names of columns that we know, the first that is there is taken."""
_MAX_TABLES = 10
_MAX_ROWS = 400_000


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    file: str
    label: str
    split: str


@dataclass(frozen=True)
class Table:
    """A table with its folder in the archive; `rows` are by the file's name as the table writes it."""

    folder: str
    rows: Mapping[str, Row]

    def row(self, name: str) -> Row | None:
        """Return the row of a file of the archive, or None."""
        beside = name.removeprefix(self.folder + "/") if self.folder else name
        return self.rows.get(beside) or self.rows.get(name.rsplit("/", 1)[-1])


def find_table(archive: Archive, names: Sequence[str]) -> Table | None:
    """Return the first table with a column of file names and one of letters, or None.

    Raises:
        ArchiveError: a table is there but is not readable as one.

    """
    candidates = {name for name in names if name.lower().endswith(".csv")}
    for tried, content in enumerate(archive.read(candidates.__contains__)):
        if tried >= _MAX_TABLES:
            break
        rows = _rows(content.name, content.data.removeprefix(b"\xef\xbb\xbf"))
        if rows:
            folder = str(PurePosixPath(content.name).parent)
            return Table("" if folder == "." else folder, rows)
    return None


def _rows(name: str, data: bytes) -> dict[str, Row]:
    """Rows by file; empty where the columns are not those of such a table."""
    try:
        reader = csv.reader(_lines(data), strict=True)
        header = [cell.strip().lower() for cell in next(reader, [])]
        file, label = _column(header, FILE_COLUMNS), _column(header, LABEL_COLUMNS)
        split = _column(header, SPLIT_COLUMNS)
        if file is None or label is None:
            return {}
        return _read(reader, name, file, label, split)
    except (csv.Error, UnicodeDecodeError) as error:
        raise ArchiveError(
            _("The table %(name)s is not readable as UTF-8 CSV: %(error)s.") % {"name": name, "error": error}
        ) from error


def _read(reader: Iterator[list[str]], name: str, file: int, label: int, split: int | None) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for number, cells in enumerate(reader, start=2):
        if not cells:
            continue
        if number > _MAX_ROWS or len(cells) <= max(file, label, split or 0):
            reason = _("it has too many rows") if number > _MAX_ROWS else _("row %(n)d is too short") % {"n": number}
            raise ArchiveError(_("The table %(name)s cannot be used: %(reason)s.") % {"name": name, "reason": reason})
        key = cells[file].strip().replace("\\", "/").removeprefix("./")
        rows[key] = Row(key, cells[label].strip(), "" if split is None else cells[split].strip())
    return rows


def _lines(data: bytes) -> Iterator[str]:
    """Lines one by one, so that the whole text is not held a second time."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start) + 1 or len(data)
        yield data[start:end].decode("utf-8")
        start = end


def _column(header: Sequence[str], known: Sequence[str]) -> int | None:
    return next((header.index(name) for name in known if name in header), None)
