"""CSV for spreadsheets: every file of the pages is written here.

A file begins with a byte order mark, so that Excel reads Cyrillic; no text in it is taken for a formula; the separator
and the decimal sign are chosen by the address (`?separator=semicolon&decimal=comma` is what a Russian Excel wants).
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.http import StreamingHttpResponse

BYTE_ORDER_MARK = "\ufeff"
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}
DECIMALS = {"point": ".", "comma": ","}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a text that a spreadsheet would evaluate as a formula."""


@dataclass(frozen=True)
class CsvStyle:
    """What stands between two cells, and between whole and part."""

    separator: str = ","
    decimal: str = "."


def style_of(asked: Mapping[str, str]) -> CsvStyle:
    """The style that an address asks for.

    Raises:
        BadRequest: there is no such separator or decimal sign.

    """
    try:
        return CsvStyle(SEPARATORS[asked.get("separator", "comma")], DECIMALS[asked.get("decimal", "point")])
    except KeyError as error:
        raise BadRequest(f"CSV has no separator or decimal sign {error}.") from None


class _Echo:
    """A file whose `write` returns the text instead of keeping it."""

    @staticmethod
    def write(text: str) -> str:
        return text


def pieces(rows: Iterable[Sequence[Any]], style: CsvStyle) -> Iterator[str]:
    """The text of a file, a piece for each row; a list becomes one cell with spaces."""
    writer = csv.writer(_Echo(), delimiter=style.separator)
    yield BYTE_ORDER_MARK
    for row in rows:
        yield writer.writerow([_cell(value, style) for value in row])


def _cell(value: Any, style: CsvStyle) -> Any:
    if isinstance(value, list | tuple):
        return " ".join(str(_cell(item, style)) for item in value)
    if isinstance(value, float):
        return str(value).replace(".", style.decimal)
    text = None if value is None else str(value)
    return f"'{text}" if text and not isinstance(value, int) and text.startswith(FORMULA) else text


def response(rows: Iterable[Sequence[Any]], name: str, asked: Mapping[str, str]) -> StreamingHttpResponse:
    """A file of that name, in the style that the address asks for, written while it is sent."""
    answer = StreamingHttpResponse(pieces(rows, style_of(asked)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
