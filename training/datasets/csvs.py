"""CSV of any usual kind as rows of cells: read line by line, its encoding and its separator found by looking."""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.utils.translation import gettext as _

from training.datasets.archives import Archive
from training.datasets.errors import ArchiveError

SEPARATORS = ",;\t"
MOST_ROWS = 400_000
MOST_COLUMNS = 20_000
_LINE = 2**20
"""Characters of a line; a file that is one endless line is no table."""
_UTF8, _WINDOWS = "utf-8-sig", "cp1251"
_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class CsvFile:
    """A table of an archive. Each reading begins at its first row."""

    def __init__(self, archive: Archive, name: str) -> None:
        """Find out its encoding, its separator and its first row, without reading more than that.

        Raises:
            ArchiveError: it is not readable as a table.

        """
        self.archive = archive
        self.name = name
        with archive.open(name) as file:
            head = file.read(2)
        self.encoding = _BOMS.get(head, _UTF8)
        self.separator = ","
        first = self._first_line()
        self.separator = max(SEPARATORS, key=first.count)
        self.first = next(self.rows(), [])

    def rows(self) -> Iterator[Sequence[str]]:
        """Yield all rows that are not empty, the first one included.

        Raises:
            ArchiveError: it is not readable as a table, or too large.

        """
        with _faults_named(self.name), self._text() as text:
            for number, cells in enumerate(csv.reader(_lines(text), delimiter=self.separator, strict=True), start=1):
                if number > MOST_ROWS + 1 or len(cells) > MOST_COLUMNS:
                    raise _too_large(self.name)
                if cells:
                    yield cells

    def settle_encoding(self) -> None:
        """Read it whole once: a text that is no UTF-8 is taken for cp1251, the encoding of a Russian Windows.

        Raises:
            ArchiveError: it is not readable as a table, or has far too many lines (a row may have several).

        """
        lines = 0
        try:
            with self._text() as text:
                while piece := text.read(_LINE):
                    lines += piece.count("\n")
                    if lines > 2 * MOST_ROWS:
                        raise _too_large(self.name)
        except (UnicodeError, csv.Error) as error:
            if self.encoding != _UTF8 or not isinstance(error, UnicodeDecodeError):
                raise unreadable(self.name, error) from error
            self.encoding = _WINDOWS

    def _first_line(self) -> str:
        try:
            with self._text() as text:
                return text.readline(_LINE)
        except UnicodeError as error:
            if self.encoding != _UTF8:
                raise unreadable(self.name, error) from error
            self.encoding = _WINDOWS
            return self._first_line()

    @contextmanager
    def _text(self) -> Iterator[io.TextIOWrapper]:
        with self.archive.open(self.name) as file, io.TextIOWrapper(file, self.encoding, newline="") as text:
            yield text


def unusable(name: str, reason: str) -> ArchiveError:
    """Make the error that says that a table cannot be used."""
    return ArchiveError(_("The table %(name)s cannot be used: %(reason)s.") % {"name": name, "reason": reason})


def _too_large(name: str) -> ArchiveError:
    return unusable(name, _("it has too many rows or columns"))


def unreadable(name: str, error: object) -> ArchiveError:
    """Make the error that says that a table is no CSV."""
    return ArchiveError(_("The table %(name)s is not readable as CSV: %(error)s.") % {"name": name, "error": error})


@contextmanager
def _faults_named(name: str) -> Iterator[None]:
    try:
        yield
    except (csv.Error, UnicodeError) as error:
        raise unreadable(name, error) from error


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(_LINE):
        if len(line) == _LINE:
            raise csv.Error("a line without an end")
        yield line
