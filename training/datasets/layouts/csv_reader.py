"""CSV of any usual kind as rows of cells: read line by line, its encoding and its separator found by looking.

A CSV may be gzipped, and may begin with Excel's line `sep=;`.
"""

import csv
import gzip
import io
import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import IO, Any

from recognizer.messages import gettext as _
from training.datasets.archives import Archive
from training.datasets.content.encodings import weigh
from training.datasets.content.notes import Note
from training.datasets.content.questions import Question
from training.datasets.errors import ArchiveError

SEPARATORS = ";,\t"
"""The one that is commonest in the first line; `;` before `,`, since numbers may have a decimal comma."""
MOST_ROWS = 400_000
MOST_COLUMNS = 20_000
_LINE = 2**20
"""Characters of a line; a file that is one endless line is not a table."""
_HEAD = 2**22
"""Bytes from its beginning by which an encoding is weighed."""
_MOST_UNPACKED = 2**32
"""Bytes that a gzipped table may unpack to."""
_UTF8, _GUESS = "utf-8-sig", "cp1251"
_SEPARATOR_LINE = re.compile(r'\ufeff?"?sep=([,;|\t])"?\s*', re.IGNORECASE)
_CELLS = re.compile(rb'[,;\t\r\n"]+')
_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def is_csv(name: str) -> bool:
    """Whether a file's name ends as that of a CSV, plain or gzipped."""
    return name.lower().endswith((".csv", ".csv.gz"))


class CsvFile:
    """A table of an archive. Each reading begins at its first row."""

    def __init__(self, archive: Archive, name: str, encoding: str = "") -> None:
        """Find its separator and its first row, without reading more; `encoding` is what a person has said.

        Raises:
            ArchiveError: it is not readable as a table.

        """
        self.archive = archive
        self.name = name
        self.question: Question | None = None
        self.notes: list[Note] = []
        self._chosen = encoding
        self._skipped = 0
        self.has_header = True
        """Whether the first row names the columns; who looks at the cells may find that it does not."""
        with self._bytes() as file:
            head = file.read(2)
        self.encoding = _BOMS.get(head, _UTF8)
        self.separator = ","
        first = self._first_line()
        declared = _SEPARATOR_LINE.fullmatch(first)
        self._skipped = int(declared is not None)
        self.separator = declared[1] if declared else max(SEPARATORS, key=first.count)
        self.first = next(self.rows(), [])

    def rows(self) -> Iterator[Sequence[str]]:
        """Yield all rows that are not empty, the first one included.

        Raises:
            ArchiveError: it is not readable as a table, or too large.

        """
        with _faults_named(self.name), self._text() as text:
            for _line in range(self._skipped):
                text.readline(_LINE)
            for number, cells in enumerate(csv.reader(_lines(text), delimiter=self.separator, strict=True), start=1):
                if number > MOST_ROWS + 1 or len(cells) > MOST_COLUMNS:
                    raise _too_large(self.name)
                if cells:
                    yield cells

    def body(self) -> Iterator[Sequence[str]]:
        """Yield the rows below the header."""
        return islice(self.rows(), int(self.has_header), None)

    def settle_encoding(self) -> None:
        """Read it whole once: for a text that is no UTF-8 the encodings of Russian are weighed by its cells.

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
        except (UnicodeError, *_FAULTS) as error:
            if self.encoding != _UTF8 or not isinstance(error, UnicodeDecodeError):
                raise unreadable(self.name, error) from error
            self.encoding = _GUESS
        if self.encoding == _GUESS:
            self._weigh()

    def _weigh(self) -> None:
        with self._bytes() as file:
            cells = {cell.strip() for cell in _CELLS.split(file.read(_HEAD))}
        weighed = weigh(cells, _("The table %(name)s") % {"name": self.name}, self._chosen)
        self.encoding, self.question = weighed.encoding, weighed.question
        self.notes = [Note("encoding", {"what": self.name, "encoding": weighed.encoding})]
        self.first = next(self.rows(), [])

    def _first_line(self) -> str:
        try:
            with self._text() as text:
                return text.readline(_LINE)
        except UnicodeError as error:
            if self.encoding != _UTF8:
                raise unreadable(self.name, error) from error
            self.encoding = _GUESS
            return self._first_line()

    @contextmanager
    def _text(self) -> Iterator[io.TextIOWrapper]:
        errors = "replace" if self.encoding == _GUESS else "strict"
        with self._bytes() as file, io.TextIOWrapper(file, self.encoding, errors, newline="") as text:
            yield text

    @contextmanager
    def _bytes(self) -> Iterator[IO[bytes]]:
        with self.archive.open(self.name) as file:
            if not self.name.lower().endswith(".gz"):
                yield file
                return
            try:
                with gzip.GzipFile(fileobj=file) as unpacked:
                    yield io.BufferedReader(_Bounded(unpacked, self.name))
            except _PACKED_FAULTS as error:
                raise unreadable(self.name, error) from error


class _Bounded(io.RawIOBase):
    """What is unpacked, up to a limit."""

    def __init__(self, file: gzip.GzipFile, name: str) -> None:
        super().__init__()
        self._file, self._name, self._left = file, name, _MOST_UNPACKED

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read some bytes into a buffer."""
        data = self._file.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise _too_large(self._name)
        buffer[: len(data)] = data
        return len(data)


_PACKED_FAULTS = (gzip.BadGzipFile, EOFError, zlib.error)
_FAULTS = (csv.Error, *_PACKED_FAULTS)


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
    except (UnicodeError, *_FAULTS) as error:
        raise unreadable(name, error) from error


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(_LINE):
        if len(line) == _LINE:
            raise csv.Error("a line without an end")
        yield line if line.isascii() else unicodedata.normalize("NFC", line)
