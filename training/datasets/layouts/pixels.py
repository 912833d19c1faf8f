"""CSV of pixels: each row is a picture, its label in one column and its pixels in the others."""

from collections.abc import Iterator, Sequence

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from training.datasets.archives import Archive
from training.datasets.archives.arrays import ArrayArchive, Block
from training.datasets.columns import LABEL_WORDS, SPLIT_COLUMNS, Columns
from training.datasets.csvs import CsvFile, unusable
from training.datasets.layouts.arrays import Labelled
from training.datasets.plans import Choice, Plan
from training.datasets.splitting import Split, split_of

FEWEST = 64
"""Pixels of a picture from which a row is taken for one."""


def by_pixels(archive: Archive, names: Sequence[str], letters: str, choice: Choice) -> Plan | None:
    """A table with a column of labels (named so, else the first) and a square number of columns of pixels."""
    for name in names:
        if name.lower().endswith(".csv"):
            file = CsvFile(archive, name)
            if len(file.first) > FEWEST:
                file.settle_encoding()
                return _plan(PixelTable(file, choice.labels), letters, len(names) - 1)
    return None


class PixelTable:
    """Such a table: where its labels, parts and pixels are."""

    def __init__(self, file: CsvFile, labels: str) -> None:
        """Find the columns.

        Raises:
            ArchiveError: there is no such column of labels, or the pixels of a row are no square.

        """
        self.file = file
        header = [cell.strip().lower() for cell in file.first]
        self.has_header = sum(not _is_number(cell) for cell in header) > 2
        if not self.has_header:
            header = [str(place) for place in range(len(header))]
        chosen = labels.strip().lower()
        if chosen and chosen not in header:
            raise unusable(file.name, _("it has no column “%(column)s”") % {"column": chosen})
        named = next((name for word in LABEL_WORDS for name in header if word in name), header[0])
        self.columns = Columns("", chosen or named, next((name for name in SPLIT_COLUMNS if name in header), ""))
        self.label = header.index(self.columns.labels)
        self.split = header.index(self.columns.split) if self.columns.split else None
        self.pixels = [place for place in range(len(header)) if place not in (self.label, self.split)]
        self.side = round(len(self.pixels) ** 0.5)
        self.width = len(header)
        if self.side**2 != len(self.pixels):
            raise unusable(file.name, _("%(count)d pixels make no square") % {"count": len(self.pixels)})

    def rows(self) -> Iterator[Sequence[str]]:
        """Yield the rows of pictures."""
        rows = self.file.rows()
        if self.has_header:
            next(rows)
        return rows

    def labels(self) -> Iterator[tuple[str, Split | None]]:
        """Yield label and part of each row; a row that is too short has none."""
        for cells in self.rows():
            whole = len(cells) == self.width
            split = split_of(cells[self.split]) if whole and self.split is not None else None
            yield cells[self.label].strip() if len(cells) > self.label else "", split

    def pictures(self) -> Iterator[NDArray[np.uint8] | None]:
        """Yield the pixels of each row; None for a row that is no picture."""
        for cells in self.rows():
            yield self._picture(cells) if len(cells) == self.width else None

    def _picture(self, cells: Sequence[str]) -> NDArray[np.uint8] | None:
        try:
            values = np.array([float(cells[place]) for place in self.pixels])
        except ValueError:
            return None
        values = np.clip(np.nan_to_num(values), 0, 255)
        if 0 < values.max() <= 1:
            values *= 255
        return np.asarray((values + 0.5).astype(np.uint8).reshape(self.side, self.side), dtype=np.uint8)


def _plan(table: PixelTable, letters: str, others: int) -> Plan:
    planned = Labelled(letters)
    labels, splits = [], []
    for label, split in table.labels():
        labels.append(label)
        splits.append(split)
    block = Block("row-", len(labels), table.pictures)
    planned.add(block, labels, splits)
    plan = planned.plan("pixels", ArrayArchive(table.file.name, [block]), others=others)
    return Plan(**{**vars(plan), "columns": table.columns})


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
