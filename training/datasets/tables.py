"""The table (CSV) of an archive that says which letter each picture is."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from operator import itemgetter
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from training.datasets import columns as by_looking
from training.datasets.archives import Archive
from training.datasets.columns import Columns, Offer, Survey
from training.datasets.csvs import CsvFile, unusable
from training.datasets.errors import ArchiveError
from training.datasets.plans import Choice
from training.datasets.splitting import split_of
from training.datasets.writers import NO_WRITERS

_MAX_TABLES = 10
_MAX_COLUMNS = 64
"""A table of files with more columns than this would be none."""

Row = tuple[str, str, str]
"""Label, part and writer, as the table writes them."""


@dataclass(frozen=True)
class Table:
    """A table with its folder in the archive; `rows` are by the file's name as the table writes it.

    `repeated` tells of files with several rows where the row stands that counts: the last one. `count` tells how many
    rows have a letter of another class set, where one table is all.
    """

    folder: str
    columns: Columns
    offered: Sequence[Offer]
    header: Sequence[str]
    rows: Mapping[str, Row]
    repeated: Mapping[str, str]
    count: Callable[[str], int] | None

    def found(self, names: Iterable[str]) -> Iterator[tuple[str, str, Row | None]]:
        """Yield each file of the archive with the key and the row that it has in the table; None where it has none."""
        prefix, row_of = self.folder + "/" if self.folder else "", self.rows.get
        for name in names:
            key = name.removeprefix(prefix)
            row = row_of(key)
            if row is None:
                key = name[name.rfind("/") + 1 :]
                row = row_of(key)
            yield name, key, row


@dataclass(frozen=True)
class _Looked:
    """A table that was looked through, its rows not kept yet."""

    file: CsvFile
    survey: Survey
    header: Sequence[str]
    columns: Columns
    offered: Sequence[Offer]

    @property
    def rank(self) -> tuple[bool, int, int]:
        """How well its labels fit the class set, and how many pictures it names."""
        best = self.offered[0] if self.offered else None
        return (False, -1, 0) if best is None else (best.is_likely, best.fit, best.known)

    @property
    def folder(self) -> str:
        """The folder that its names of files begin from."""
        folder = str(PurePosixPath(self.file.name).parent)
        return "" if folder == "." else folder

    @property
    def part(self) -> str:
        """The word for a part in its own name (`train.csv`, `labels_test.csv`); empty where there is none."""
        words = re.split(r"[-_. ]", PurePosixPath(self.file.name).stem.lower())
        return next((word for word in words if split_of(word) is not None), "")

    def rows(self, repeated: dict[str, str]) -> dict[str, Row]:
        """Its rows; without a column of parts they have that of its name. `repeated` is told where those stand."""
        rows = _rows(self.file, self.header, self.columns, repeated)
        if self.columns.split or not self.part:
            return rows
        return {name: (label, self.part, writer) for name, (label, _split, writer) in rows.items()}


def find_table(archive: Archive, names: Sequence[str], letters: str, choice: Choice) -> Table | None:
    """Return the table with a column of file names and one of letters, or None.

    Of several the one is taken whose labels fit the class set best. A table for each part (`train.csv`, `test.csv`),
    all with the same columns, are one.

    Raises:
        ArchiveError: tables are there but none can be used, or none has a column of a name that was chosen.

    """
    candidates = [name for name in names if name.lower().endswith(".csv")][:_MAX_TABLES]
    if not candidates:
        return None
    looked = _looked_through(archive, candidates, {name[name.rfind("/") + 1 :] for name in names}, letters, choice)
    if not looked:
        return None
    best = max(looked, key=lambda table: table.rank)
    kin = [table for table in looked if _are_parts_of_one(table, best)] if best.part else []
    rows: dict[str, Row] = {}
    repeated: dict[str, str] = {}
    for table in kin or [best]:
        more = table.rows(repeated)
        repeated |= dict.fromkeys(rows.keys() & more.keys(), table.file.name)
        rows |= more
    count = partial(_count, best, choice) if len(kin) < 2 else None
    return Table(best.folder, best.columns, best.offered, best.header, rows, repeated, count)


def _count(table: _Looked, choice: Choice, letters: str) -> int:
    """How many rows have a letter of a class set, in the column that would be taken for it."""
    columns, _offered = _columns(table.file.name, table.survey, letters, choice) or (table.columns, ())
    return by_looking.known(table.survey.labels(table.header.index(columns.labels)), letters)


def _are_parts_of_one(table: _Looked, best: _Looked) -> bool:
    return bool(table.part) and (table.folder, table.header) == (best.folder, best.header)


def _looked_through(
    archive: Archive, candidates: Sequence[str], last_names: Collection[str], letters: str, choice: Choice
) -> list[_Looked]:
    """Those of the candidates that are tables of pictures; an error of one counts only where no other is one."""
    looked, errors = [], []
    for name in candidates:
        try:
            table = _look(CsvFile(archive, name), last_names, letters, choice)
        except ArchiveError as error:
            errors.append(error)
            continue
        if table is not None:
            looked.append(table)
    if errors and not looked:
        raise errors[0]
    return looked


def _look(file: CsvFile, last_names: Collection[str], letters: str, choice: Choice) -> _Looked | None:
    header = [cell.strip().lower() for cell in file.first]
    if not 2 <= len(header) <= _MAX_COLUMNS:
        return None
    file.settle_encoding()
    rows = iter(file.rows())
    next(rows)
    survey = Survey.of(header, rows, last_names)
    found = _columns(file.name, survey, letters, choice)
    return None if found is None else _Looked(file, survey, header, *found)


def _columns(name: str, survey: Survey, letters: str, choice: Choice) -> tuple[Columns, Sequence[Offer]] | None:
    """The columns that are read and the labels that are offered; None where it is no table of pictures."""
    files = _chosen(name, survey, choice.files) or by_looking.file_column(survey)
    split, groups = by_looking.split_column(survey), by_looking.group_column(survey)
    if choice.groups == NO_WRITERS and NO_WRITERS not in survey.header:
        groups = ""
    else:
        groups = _chosen(name, survey, choice.groups) or groups
    if not files:
        return None
    offered = by_looking.label_columns(survey, letters, besides={files, split, groups})
    likely = offered[0].column if offered and offered[0].is_likely else by_looking.named_labels(survey)
    labels = _chosen(name, survey, choice.labels) or likely
    if not labels:
        return None
    offered.sort(key=lambda offer: offer.column != labels)
    return Columns(files, labels, split if split != labels else "", groups if groups != labels else ""), offered


def _chosen(name: str, survey: Survey, column: str) -> str:
    column = column.strip().lower()
    if column and column not in survey.header:
        known = ", ".join(survey.header)
        raise unusable(name, _("it has no column “%(column)s”, only %(known)s") % {"column": column, "known": known})
    return column


def _rows(file: CsvFile, header: Sequence[str], columns: Columns, repeated: dict[str, str]) -> dict[str, Row]:
    files, labels, split, groups = by_looking.picked(columns, header)
    places = [place for place in (labels, split, groups) if place is not None]
    cells_of, last = itemgetter(*places), max(files or 0, *places)
    rows: dict[str, Row] = {}
    same: dict[Sequence[str], Row] = {}
    for number, cells in enumerate(islice(file.rows(), 1, None), start=2):
        if len(cells) <= last:
            raise unusable(file.name, _("row %(n)d is too short") % {"n": number})
        written = cells_of(cells)
        row = same.get(written)
        if row is None:
            row = same[written] = (_cell(cells, labels), _cell(cells, split), _cell(cells, groups))
        name = _cell(cells, files).replace("\\", "/").removeprefix("./")
        if name in rows:
            repeated[name] = _("row %(row)d of %(table)s") % {"row": number, "table": file.name}
        rows[name] = row
    return rows


def _cell(cells: Sequence[str], place: int | None) -> str:
    return "" if place is None else cells[place].strip()
