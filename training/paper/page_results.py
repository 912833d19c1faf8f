"""Pages that were read, as CSV (a line each letter) and as JSON."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from recognizer import csv_files
from training.paper.rows import Row

COLUMNS = (
    "file", "page", "line", "letter", "probability", "refused", "left", "top", "width", "height", "error",
)  # fmt: skip
FORMS = ("csv", "json")


class TextFile(Protocol):
    """Where text is written to."""

    def write(self, text: str, /) -> Any:
        """Write a text."""


def write_results(rows: Iterable[Row], form: str, file: TextFile) -> None:
    """Write rows in one of the forms."""
    for text in _as_json(rows) if form == "json" else csv_files.pieces(_table(rows), csv_files.CsvStyle()):
        file.write(text)


def _as_json(rows: Iterable[Row]) -> Iterator[str]:
    yield '{"pages": ['
    for place, row in enumerate(rows):
        yield (",\n" if place else "\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]}\n"


def _table(rows: Iterable[Row]) -> Iterator[tuple[Any, ...]]:
    yield COLUMNS
    for row in rows:
        yield from _lines(row)


def _lines(row: Row) -> Iterator[tuple[Any, ...]]:
    beginning = (row["file"], row["page"])
    if "error" in row:
        yield (*beginning, *[""] * 8, row["error"])
    for letter in row.get("letters", ()):
        share = letter["best"][0]["probability"]
        yield (*beginning, letter["line"] + 1, letter["letter"], share, int(letter["refused"]), *letter["box"], "")
