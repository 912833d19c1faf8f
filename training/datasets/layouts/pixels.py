"""CSV of pixels: each row is a picture, its label in one column and its pixels in the others."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from recognizer.messages import gettext as _
from training.datasets.archives import Archive
from training.datasets.archives.arrays import ArrayArchive, Block
from training.datasets.content.labels import LabelReader, number_in, plain
from training.datasets.content.splitting import Split, split_of
from training.datasets.layouts.arrays import Labelled
from training.datasets.layouts.column_detection import LABEL_WORDS, SPLIT_COLUMNS, Columns
from training.datasets.layouts.csv_reader import CsvFile, is_csv, unusable
from training.datasets.layouts.plan import Choice, Plan

FEWEST = 64
"""Pixels of a picture from which a row is taken for one."""
_LOOKED_AT = 200
"""Rows by which the columns of the index and of the labels are found."""


def by_pixels(archive: Archive, names: Sequence[str], reader: LabelReader, choice: Choice) -> Plan | None:
    """A table with a column of labels (named so, else the first) and a square number of columns of pixels."""
    for name in names:
        if is_csv(name):
            file = CsvFile(archive, name, choice.encoding)
            if len(file.first) > FEWEST:
                file.settle_encoding()
                return _plan(PixelTable(file, choice.labels), reader, len(names) - 1)
    return None


class PixelTable:
    """Such a table: where its labels, splits and pixels are."""

    def __init__(self, file: CsvFile, labels: str) -> None:
        """Find the columns.

        Raises:
            ArchiveError: there is no such column of labels, or the pixels of a row do not make a square.

        """
        self.file = file
        header = [cell.strip().lower() for cell in file.first]
        self.has_header = file.has_header = _is_header(header)
        if not self.has_header:
            header = [str(place) for place in range(len(header))]
        chosen = labels.strip().lower()
        if chosen and chosen not in header:
            raise unusable(file.name, _("it has no column “%(column)s”") % {"column": chosen})
        split = next((name for name in SPLIT_COLUMNS if name in header), "")
        self.split = header.index(split) if split else None
        self.index = self._index_column(header)
        rest = [place for place in range(len(header)) if place not in (self.split, self.index)]
        named = [place for word in LABEL_WORDS for place in rest if word in header[place]]
        self.label = header.index(chosen) if chosen else (named or [self._label_column(rest)])[0]
        self.columns = Columns("", header[self.label], split)
        self.pixels = [place for place in rest if place != self.label]
        self.side = round(len(self.pixels) ** 0.5)
        self.width = len(header)
        if self.side**2 != len(self.pixels):
            raise unusable(file.name, _("%(count)d pixels make no square") % {"count": len(self.pixels)})

    def _index_column(self, header: Sequence[str]) -> int | None:
        """The first column where it only counts the rows, as pandas writes it."""
        first = list(islice((cells[0].strip() for cells in self.file.body() if cells), _LOOKED_AT))
        counts = [number_in(plain(cell)) for cell in first]
        is_counted = len(first) > 2 and counts in ([*range(len(first))], [*range(1, len(first) + 1)])
        names = ("", "index", "id", "unnamed: 0")
        has_one_too_many = not _is_square(len(header) - 1) and _is_square(len(header) - 2)
        return 0 if is_counted and (header[0] in names or has_one_too_many) else None

    def _label_column(self, places: Sequence[int]) -> int:
        """The first column, or the last one where the first holds but one value and the last several."""
        rows = list(islice((cells for cells in self.file.body() if len(cells) > places[-1]), _LOOKED_AT))
        first, last = ({cells[place].strip() for cells in rows} for place in (places[0], places[-1]))
        return places[-1] if len(first) == 1 < len(last) else places[0]

    def rows(self) -> Iterator[Sequence[str]]:
        """Yield the rows of pictures."""
        return self.file.body()

    def labels(self) -> Iterator[tuple[str, Split | None]]:
        """Yield label and split of each row; a row that is too short has none."""
        for cells in self.rows():
            whole = len(cells) == self.width
            split = split_of(cells[self.split]) if whole and self.split is not None else None
            yield cells[self.label].strip() if len(cells) > self.label else "", split

    def pictures(self, is_wanted: Callable[[int], bool]) -> Iterator[NDArray[np.uint8] | None]:
        """Yield the pixels of each row; None for a row that is not a picture, or is not wanted."""
        for number, cells in enumerate(self.rows()):
            yield self._picture(cells) if is_wanted(number) and len(cells) == self.width else None

    def _picture(self, cells: Sequence[str]) -> NDArray[np.uint8] | None:
        try:
            values = np.array([float(cells[place].replace(",", ".")) for place in self.pixels])
        except ValueError:
            return None
        values = np.clip(np.nan_to_num(values), 0, 255)
        if 0 < values.max() <= 1:
            values *= 255
        return np.asarray((values + 0.5).astype(np.uint8).reshape(self.side, self.side), dtype=np.uint8)


def _plan(table: PixelTable, reader: LabelReader, others: int) -> Plan:
    planned = Labelled(reader)
    labels, splits = [], []
    for label, split in table.labels():
        labels.append(label)
        splits.append(split)
    block = Block("row-", len(labels), table.pictures)
    planned.add(block, labels, splits)
    plan = planned.plan("pixels", ArrayArchive(table.file.name, [block]), others=others)
    questions = tuple(filter(None, (table.file.question, *plan.questions)))
    return replace(plan, columns=table.columns, notes=(*table.file.notes, *plan.notes), questions=questions)


def _is_header(cells: Sequence[str]) -> bool:
    """Whether a first row names the columns: by words, or by numbers all different, which no picture has."""
    words = sum(not _is_number(cell) for cell in cells)
    return words > 2 or len({*cells}) == len(cells)


def _is_square(count: int) -> bool:
    return count > 0 and round(count**0.5) ** 2 == count


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True
