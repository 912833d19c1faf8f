"""The table (CSV) of an archive that says which letter each picture is."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter
from pathlib import PurePosixPath

from recognizer.messages import gettext as _
from training.datasets.archives import Archive
from training.datasets.content.labels import LabelReader
from training.datasets.content.notes import Note
from training.datasets.content.questions import Question
from training.datasets.content.splitting import split_of
from training.datasets.content.writers import NO_WRITERS
from training.datasets.errors import ArchiveError
from training.datasets.layouts import column_detection as by_looking
from training.datasets.layouts.column_detection import Columns, Offer, Survey
from training.datasets.layouts.csv_reader import CsvFile, is_csv, unusable
from training.datasets.layouts.path_matching import match_paths
from training.datasets.layouts.plan import Choice

_MAX_TABLES = 10
_MAX_COLUMNS = 64
"""A table of files with more columns than this would be none."""

Row = tuple[str, str, str]
"""Label, split and writer, as the table writes them."""


@dataclass(frozen=True)
class Table:
    """A table with its folder in the archive; `rows` are by the file's name as the table writes it.

    `repeated` tells of files with several rows where the row stands that counts: the last one. `count` tells how many
    rows have a letter of another class set, where one table is all.
    """

    name: str
    folder: str
    columns: Columns
    offered: Sequence[Offer]
    header: Sequence[str]
    rows: Mapping[str, Row]
    repeated: Mapping[str, str]
    count: Callable[[str], int] | None
    notes: Sequence[Note] = ()
    question: Question | None = None

    def found(self, names: Sequence[str]) -> Iterator[tuple[str, str, Row | None]]:
        """Yield each file of the archive with the key and the row that it has in the table; None where it has none."""
        keys = match_paths(names, self.rows, self.folder)
        for name in names:
            key = keys.get(name)
            yield name, key or "", None if key is None else self.rows[key]


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
        if not self.columns.labels:
            return (False, -2, 0)
        best = self.offered[0] if self.offered else None
        return (False, -1, 0) if best is None else (best.is_likely, best.fit, best.known)

    @property
    def folder(self) -> str:
        """The folder that its names of files begin from."""
        folder = str(PurePosixPath(self.file.name).parent)
        return "" if folder == "." else folder

    @property
    def split(self) -> str:
        """The word for a split in its own name (`train.csv`, `labels_test.csv`); empty where there is none."""
        words = re.split(r"[-_. ]", PurePosixPath(self.file.name).stem.lower())
        return next((word for word in words if split_of(word) is not None), "")

    def rows(self, repeated: dict[str, str]) -> dict[str, Row]:
        """Its rows; without a column of splits they have that of its name. `repeated` is told where those stand."""
        rows = _rows(self.file, self.header, self.columns, repeated)
        if self.columns.split or not self.split:
            return rows
        return {name: (label, self.split, writer) for name, (label, _split, writer) in rows.items()}


def find_table(archive: Archive, names: Sequence[str], reader: LabelReader, choice: Choice) -> Table | None:
    """Return the table with a column of file names and one of letters, or None.

    Of several the one is taken whose labels fit the class set best. A table for each split (`train.csv`, `test.csv`),
    all with the same columns, are one.

    One that names the files but has no column that is known for letters comes without rows, where there is no other.

    Raises:
        ArchiveError: tables are there but none can be used, or none has a column of a name that was chosen.

    """
    candidates = [name for name in names if is_csv(name)][:_MAX_TABLES]
    if not candidates:
        return None
    looked = _looked_through(archive, candidates, {by_looking.last_name(name) for name in names}, reader, choice)
    if not looked:
        return None
    best = max(looked, key=lambda table: table.rank)
    if not best.columns.labels:
        return Table(best.file.name, best.folder, best.columns, (), best.header, {}, {}, None)
    kin = [table for table in looked if _are_splits_of_one(table, best)] if best.split else []
    rows: dict[str, Row] = {}
    repeated: dict[str, str] = {}
    for table in kin or [best]:
        more = table.rows(repeated)
        repeated |= dict.fromkeys(rows.keys() & more.keys(), table.file.name)
        rows |= more
    count = partial(_count, best, choice, reader) if len(kin) < 2 else None
    return Table(
        best.file.name,
        best.folder,
        best.columns,
        best.offered,
        best.header,
        rows,
        repeated,
        count,
        best.file.notes,
        best.file.question,
    )


def _count(table: _Looked, choice: Choice, reader: LabelReader, letters: str) -> int:
    """How many rows have a letter of a class set, in the column that would be taken for it."""
    reader = replace(reader, letters=letters)
    columns, _offered = _columns(table.file.name, table.survey, reader, choice) or (table.columns, ())
    return by_looking.known(table.survey.labels(table.header.index(columns.labels)), reader)


def _are_splits_of_one(table: _Looked, best: _Looked) -> bool:
    return bool(table.split) and (table.folder, table.header) == (best.folder, best.header)


def _looked_through(
    archive: Archive, candidates: Sequence[str], last_names: Collection[str], reader: LabelReader, choice: Choice
) -> list[_Looked]:
    """Those of the candidates that are tables of pictures; an error of one counts only where no other is one."""
    looked, errors = [], []
    for name in candidates:
        try:
            table = _look(CsvFile(archive, name, choice.encoding), last_names, reader, choice)
        except ArchiveError as error:
            errors.append(error)
            continue
        if table is not None:
            looked.append(table)
    if errors and not looked:
        raise errors[0]
    return looked


def _look(file: CsvFile, last_names: Collection[str], reader: LabelReader, choice: Choice) -> _Looked | None:
    if not 2 <= len(file.first) <= _MAX_COLUMNS:
        return None
    file.settle_encoding()
    file.has_header = not any(by_looking.last_name(cell) in last_names for cell in file.first)
    header = [cell.strip().lower() if file.has_header else str(place) for place, cell in enumerate(file.first, 1)]
    survey = Survey.of(header, file.body(), last_names)
    found = _columns(file.name, survey, reader, choice)
    return None if found is None else _Looked(file, survey, header, *found)


def _columns(name: str, survey: Survey, reader: LabelReader, choice: Choice) -> tuple[Columns, Sequence[Offer]] | None:
    """The columns that are read and the labels that are offered; None where it is not a table of pictures."""
    files = _chosen(name, survey, choice.files) or by_looking.file_column(survey)
    split, groups = by_looking.split_column(survey), by_looking.group_column(survey)
    if choice.groups == NO_WRITERS and NO_WRITERS not in survey.header:
        groups = ""
    else:
        groups = _chosen(name, survey, choice.groups) or groups
    if not files:
        return None
    offered = by_looking.label_columns(survey, reader, besides={files, split, groups})
    likely = offered[0].column if offered and offered[0].is_likely else by_looking.named_labels(survey)
    labels = _chosen(name, survey, choice.labels) or likely
    if not labels and by_looking.file_column(survey, by_name=False) != files:
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
    for number, cells in enumerate(file.body(), start=1 + file.has_header):
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
