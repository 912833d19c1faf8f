"""Layouts of archives, found by looking: a folder for each letter (or its number), or a table that names the files."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from training.datasets.archives import Archive
from training.datasets.classes import label_of
from training.datasets.errors import ArchiveError
from training.datasets.splitting import Split, split_of
from training.datasets.tables import find_table

_PICTURE_ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif"})
_JUNK = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class Place:
    """What an archive says of a picture: its letter, and its part where the publisher has split the data."""

    label: int
    split: Split | None


@dataclass(frozen=True)
class Fault:
    """Something that was skipped, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Plan:
    """What was found in an archive before any picture was read."""

    layout: str
    places: Mapping[str, Place]
    """Pictures with a letter of the class set, by the name in the archive."""
    set_aside: Mapping[str, int]
    """How many pictures carry another label, by that label."""
    other_files: int = 0
    faults: Sequence[Fault] = field(default_factory=tuple)

    @property
    def is_split(self) -> bool:
        """Whether the publisher has split the pictures."""
        return any(place.split is not None for place in self.places.values())


def find_plan(archive: Archive, letters: str) -> Plan:
    """Look for the layouts in turn, and plan by the first that has a letter.

    Raises:
        ArchiveError: the archive is empty, or has no letter of the class set.

    """
    names = [name for name in archive.names if not _is_junk(name)]
    if not names:
        raise ArchiveError(_("The archive is empty."))
    for layout in LAYOUTS:
        plan = layout(archive, names, letters)
        if plan is not None and plan.places:
            return plan
    raise ArchiveError(
        _(
            "No known letters were found: the archive has neither folders named by a letter (%(first)s…%(last)s) "
            "or its number (0…%(number)d), nor a CSV table with a column of file names and a column of letters."
        )
        % {"first": letters[0], "last": letters[-1], "number": len(letters) - 1}
    )


def _by_table(archive: Archive, names: Sequence[str], letters: str) -> Plan | None:
    """A CSV table beside the pictures says what each is; files are found by path or, in a subfolder, by last name."""
    table = find_table(archive, names)
    if table is None:
        return None
    places: dict[str, Place] = {}
    set_aside: Counter[str] = Counter()
    faults, others, met = [], 0, set()
    for name in names:
        row = table.row(name)
        if row is None:
            others += not _is_picture(name)
            if _is_picture(name):
                faults.append(Fault(name, _("not in the table")))
            continue
        met.add(row.file)
        if (label := label_of(row.label, letters)) is None:
            set_aside[row.label] += 1
        else:
            places[name] = Place(label, split_of(row.split))
    faults += [Fault(file, _("in the table, but not in the archive")) for file in table.rows if file not in met]
    return Plan("table", places, set_aside, others, tuple(faults))


def _by_folder(_archive: Archive, names: Sequence[str], letters: str) -> Plan:
    """Each picture lies in a folder named by its letter or number; a folder further up may name the part."""
    places: dict[str, Place] = {}
    set_aside: Counter[str] = Counter()
    others = 0
    for name in names:
        folders = name.split("/")[:-1]
        label = label_of(folders[-1], letters) if folders else None
        if label is not None:
            splits = [split for folder in folders[:-1] if (split := split_of(folder)) is not None]
            places[name] = Place(label, splits[-1] if splits else None)
        elif _is_picture(name):
            set_aside[folders[-1] if folders else ""] += 1
        else:
            others += 1
    return Plan("folders", places, set_aside, others)


LAYOUTS: tuple[Callable[[Archive, Sequence[str], str], Plan | None], ...] = (_by_table, _by_folder)
"""In the order in which they are tried. A new layout is one more function."""


def _is_picture(name: str) -> bool:
    return name[name.rfind(".") :].lower() in _PICTURE_ENDINGS


def _is_junk(name: str) -> bool:
    """Whether it is one of the files that systems strew: hidden ones, thumbnails, resource forks."""
    last = name.rsplit("/", 1)[-1]
    return name.startswith("__MACOSX/") or last.startswith(".") or last.lower() in _JUNK
