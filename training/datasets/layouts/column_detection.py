"""Which column of a table is what: found by the columns' names and by what is in them."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from urllib.parse import unquote

from training.datasets.content.labels import LabelReader, number_in, plain
from training.datasets.content.splitting import split_of

FILE_COLUMNS = (
    "filename",
    "file_name",
    "file",
    "image",
    "path",
    "name",
    "файл",
    "имя файла",
    "путь",
    "имя",
    "картинка",
)
LABEL_WORDS = ("russian", "letter", "label", "class", "target", "char", "symbol", "буква", "класс", "метка", "символ")
"""Words in the names of columns of labels, the likeliest first."""
SPLIT_COLUMNS = ("split", "subset", "part", "выборка", "часть")
GROUP_COLUMNS = (
    *("writer", "writer_id", "author", "author_id", "person", "user", "group"),
    *("автор", "участник", "ученик", "пишущий"),
)
MOST_VALUES = 500
"""A column with more different values than this holds no labels."""
_AT_ONCE = 20_000
_LETTERS = 2


@dataclass(frozen=True)
class Columns:
    """Names of the columns of a table that are read; empty where there is none."""

    files: str
    labels: str
    split: str = ""
    groups: str = ""


@dataclass(frozen=True)
class Offer:
    """A column that could be the labels.

    Attributes:
        column: its name.
        values: how many different ones it has.
        known: rows whose label is in the class set.
        rows: all rows.
        is_likely: whether its name says so, or its cells are letters; numbers under another name may be anything.
        fit: how well the cells fit the class set: 2 for letters, 1 for numbers that end with it, 0 for fewer.

    """

    column: str
    values: int
    known: int
    rows: int
    is_likely: bool
    fit: int = 0


@dataclass
class Survey:
    """What the columns of a table hold. `counts` is None for a column with too many different values."""

    header: Sequence[str]
    rows: int = 0
    counts: list[Counter[str] | None] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    """Of the first rows, how many cells are names of files."""

    @classmethod
    def of(cls, header: Sequence[str], rows: Iterable[Sequence[str]], names: Collection[str]) -> "Survey":
        """Look at every row once; `names` are those that a column of files would hold, as `last_name` gives them."""
        survey = cls(header, 0, [Counter() for _column in header], [0] * len(header))
        iterator = iter(rows)
        while some := list(islice(iterator, _AT_ONCE)):
            survey._add(some, names)
        return survey

    def _add(self, rows: list[Sequence[str]], names: Collection[str]) -> None:
        cells_of = list(islice(zip_longest(*rows, fillvalue=""), len(self.header)))
        for place, cells in enumerate(cells_of):
            counter = self.counts[place]
            if counter is not None:
                counter.update(cells)
                self.counts[place] = counter if len(counter) <= MOST_VALUES else None
            if self.rows == 0:
                counted = (counter or Counter(cells)).items()
                self.files[place] = sum(count for cell, count in counted if _names_a_file(cell, names))
        self.rows += len(rows)

    def labels(self, place: int) -> Mapping[str, int]:
        """Cells of a column with how often each occurs, stripped; empty where there are too many different ones."""
        return self.counts[place] or {}


def file_column(survey: Survey, *, by_name: bool = True) -> str:
    """The column whose cells are names of files, else (`by_name`) one with a usual name; empty where there is none."""
    best = max(range(len(survey.header)), key=lambda place: survey.files[place], default=None)
    first = min(survey.rows, _AT_ONCE)
    if best is not None and 2 * survey.files[best] >= max(first, 1):
        return survey.header[best]
    return _named(survey.header, FILE_COLUMNS) if by_name else ""


def split_column(survey: Survey) -> str:
    """The column of splits: by its name, or because it holds nothing but their names."""
    for place, name in enumerate(survey.header):
        values = {value.strip() for value in survey.labels(place)}
        if values and name not in SPLIT_COLUMNS and all(split_of(value) is not None for value in values):
            return name
    return _named(survey.header, SPLIT_COLUMNS)


def group_column(survey: Survey) -> str:
    """The column of writers, by its name."""
    return _named(survey.header, GROUP_COLUMNS)


def named_labels(survey: Survey) -> str:
    """The column that is named as one of labels, whatever is in it; empty where there is none."""
    return _named(survey.header, LABEL_WORDS)


def label_columns(survey: Survey, reader: LabelReader, *, besides: Collection[str]) -> list[Offer]:
    """Columns that could be the labels of a class set, the likeliest first.

    A column of numbers fits best where they end as the class set does: so the one with numbers 0…41 is taken for
    42 letters, and the one with 0…32 (or 1…33) for 33.
    """
    ranked = []
    for place, name in enumerate(survey.header):
        counts = survey.labels(place)
        fit = _fit(counts, len(reader.letters))
        is_named = any(word in name for word in LABEL_WORDS)
        rows = known(counts, reader)
        if name in besides or not rows or fit < 0:
            continue
        is_likely = is_named or (fit == _LETTERS and 2 * rows >= survey.rows)
        word = next((place for place, word in enumerate(LABEL_WORDS) if word in name), len(LABEL_WORDS))
        ranked.append(((not is_likely, -fit, word, place), Offer(name, len(counts), rows, survey.rows, is_likely, fit)))
    return [offer for _rank, offer in sorted(ranked, key=lambda pair: pair[0])]


def known(counts: Mapping[str, int], reader: LabelReader) -> int:
    """How many rows of a column have a label of the class set."""
    labels = reader.read(counts).labels
    return sum(count for text, count in counts.items() if text in labels)


def _fit(counts: Mapping[str, int], size: int) -> int:
    """How well the cells fit: letters, numbers that end with the class set, that end before it, or go beyond (-1)."""
    numbers = {number for text in counts if (number := number_in(plain(text))) is not None and number >= 0}
    if not numbers:
        return _LETTERS
    last = size - int(0 in numbers)
    return -1 if max(numbers) > last else int(max(numbers) == last)


def _named(header: Sequence[str], known: Sequence[str]) -> str:
    return next((name for name in known if name in header), "")


def _names_a_file(cell: str, names: Collection[str]) -> bool:
    return last_name(cell) in names or ("%" in cell and last_name(unquote(cell)) in names)


def last_name(path: str) -> str:
    """The last name of a path, whatever its slashes and its case."""
    return path.strip().replace("\\", "/").rsplit("/", 1)[-1].casefold()


def picked(columns: Columns, header: Sequence[str]) -> Iterator[int | None]:
    """Places of the four columns in a header; None where there is none."""
    for name in (columns.files, columns.labels, columns.split, columns.groups):
        yield header.index(name) if name else None
