"""The plan of an import, made before any picture is read: which picture has which letter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from training.datasets.archives import Archive
from training.datasets.content.notes import Note
from training.datasets.content.questions import Question
from training.datasets.content.splitting import Split
from training.datasets.layouts.column_detection import Columns, Offer


@dataclass(frozen=True, slots=True)
class Place:
    """What an archive says of a picture: its letter, its split and its writer where the publisher names them."""

    label: int
    split: Split | None
    group: str = ""


@dataclass(frozen=True)
class Fault:
    """Something that was skipped, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Choice:
    """What a person chose where looking alone may not decide. Empty means found by looking.

    `labels`, `files` and `groups` are columns of a table; `groups` may be `writers.NO_WRITERS`: writers are ignored.
    """

    labels: str = ""
    files: str = ""
    groups: str = ""
    numbers_from: str = ""
    """"0" or "1": the number of the first letter."""
    encoding: str = ""
    """Of names and tables that do not say theirs."""
    labels_from: str = ""
    """"table" or "folders"."""
    latin: str = ""
    """"sound" or "shape": how single Latin letters are meant."""


@dataclass(frozen=True)
class Plan:
    """What was found in an archive before any picture was read."""

    layout: str
    archive: Archive
    """Where the pictures are read from."""
    letters: str
    """The class set."""
    places: Mapping[str, Place]
    """Pictures with a letter of the class set, by the name in the archive."""
    set_aside: Mapping[str, int]
    """How many pictures carry another label, by that label."""
    other_files: int = 0
    faults: Sequence[Fault] = field(default_factory=tuple)
    columns: Columns | None = None
    """The columns of the table that were taken."""
    offered: Sequence[Offer] = ()
    """Columns of the table that could be the labels, the one that was taken first."""
    header: Sequence[str] = ()
    """All columns of the table."""
    count: Callable[[str], int] | None = None
    """How many pictures another class set would give, where that is known without another look at the archive."""

    notes: Sequence[Note] = ()
    """What was assumed."""
    questions: Sequence[Question] = ()
    """What the archive does not tell; those that a person has answered carry the answer."""

    @property
    def is_split(self) -> bool:
        """Whether the publisher has split the pictures."""
        return any(place.split is not None for place in self.places.values())

    @property
    def groups(self) -> int:
        """How many writers the archive tells apart."""
        return len({place.group for place in self.places.values() if place.group})
