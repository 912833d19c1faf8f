"""Archives of picture files: beside a table, or in a folder for each letter."""

from collections import Counter
from collections.abc import Sequence
from functools import cache, partial

from django.utils.translation import gettext as _

from training.datasets.archives import Archive
from training.datasets.classes import label_of
from training.datasets.latin import latin_labels
from training.datasets.plans import Choice, Fault, Place, Plan
from training.datasets.splitting import split_of
from training.datasets.tables import Row, find_table
from training.datasets.writers import NO_WRITERS, writer_in

_ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"})


def by_table(archive: Archive, names: Sequence[str], letters: str, choice: Choice) -> Plan | None:
    """A CSV table beside the pictures says what each is; files are found by path or, in a subfolder, by last name."""
    table = find_table(archive, names, letters, choice)
    if table is None:
        return None
    places: dict[str, Place] = {}
    set_aside: Counter[str] = Counter()
    place_of = cache(partial(_place, letters=letters))  # many files have the same row
    faults, others, met = [], 0, set()
    for name, key, row in table.found(names):
        if row is None:
            others += not is_picture(name)
            if is_picture(name):
                faults.append(Fault(name, _("not in the table")))
            continue
        met.add(key)
        place = place_of(row)
        if place is None:
            set_aside[row[0]] += 1
        else:
            places[name] = place
    faults += [Fault(file, _("in the table, but not in the archive")) for file in table.rows if file not in met]
    faults += [_repeated(file, kept) for file, kept in table.repeated.items()]
    is_each_once = not faults and len(table.rows) == len(places) + set_aside.total()
    return Plan(
        "table",
        archive,
        letters,
        places,
        set_aside,
        others,
        tuple(faults),
        columns=table.columns,
        offered=table.offered,
        header=table.header,
        count=table.count if is_each_once else None,
    )


def _repeated(file: str, kept: str) -> Fault:
    name = _("%(file)s (kept: %(row)s)") % {"file": file, "row": kept}
    return Fault(name, _("the table has several rows for it; the last one counts"))


def _place(row: Row, *, letters: str) -> Place | None:
    label = label_of(row[0], letters)
    return None if label is None else Place(label, split_of(row[1]), row[2])


def by_folder(archive: Archive, names: Sequence[str], letters: str, choice: Choice) -> Plan:
    """Each picture lies in a folder named by its letter, its number or, where none is, its Latin name.

    A folder further up may name the part. One further up or just below may name the writer.
    """
    folders = {name: name.split("/")[:-1] for name in names}
    own = {tuple(path): _own_folder(path) for path in folders.values()}
    labels = {folder: label_of(folder, letters) for folder in {*own.values()} - {""}}
    if not any(label is not None for label in labels.values()):
        holding = {own[tuple(path)] for name, path in folders.items() if path and is_picture(name)}
        labels |= latin_labels(holding, letters)
    places: dict[str, Place] = {}
    set_aside: Counter[str] = Counter()
    others = 0
    known: dict[tuple[str, ...], Place] = {}
    overlook = choice.groups == NO_WRITERS
    for name, path in folders.items():
        folder = own[tuple(path)]
        label = labels[folder] if path else None
        if label is not None:
            places[name] = known.setdefault(tuple(path), _in_folder(label, path, overlook_writer=overlook))
        elif is_picture(name):
            set_aside[folder] += 1
        else:
            others += 1
    return Plan("folders", archive, letters, places, set_aside, others)


def _own_folder(path: Sequence[str]) -> str:
    """The folder that may name the letter: the last one, or the one above where the last names a writer."""
    if len(path) > 1 and writer_in(path[-1:]):
        return path[-2]
    return path[-1] if path else ""


def _in_folder(label: int, path: Sequence[str], *, overlook_writer: bool) -> Place:
    splits = [split for folder in path[:-1] if (split := split_of(folder)) is not None]
    return Place(label, splits[-1] if splits else None, "" if overlook_writer else writer_in(path))


def is_picture(name: str) -> bool:
    """Whether a file's name ends as that of a picture."""
    return name[name.rfind(".") :].lower() in _ENDINGS
