"""What was found in an archive before any picture was read: which picture has which letter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from training.datasets.archives import Archive
from training.datasets.columns import Columns, Offer
from training.datasets.splitting import Split


@dataclass(frozen=True, slots=True)
class Place:
    """What an archive says of a picture: its letter, its part and its writer where the publisher names them."""

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
    """What a person chose where looking alone may not decide: the columns of a table. Empty means found by looking.

    `groups` may be `writers.NO_WRITERS`: nobody's pictures are kept together.
    """

    labels: str = ""
    files: str = ""
    groups: str = ""


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

    @property
    def is_split(self) -> bool:
        """Whether the publisher has split the pictures."""
        return any(place.split is not None for place in self.places.values())

    @property
    def groups(self) -> int:
        """How many writers the archive tells apart."""
        return len({place.group for place in self.places.values() if place.group})
