"""Layouts of archives, found by looking. Each is a function from an archive to its plan, or None."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from recognizer.core.alphabet import RUSSIAN
from training.datasets.archives import Archive, archives_in
from training.datasets.classes import letters_in
from training.datasets.errors import ArchiveError, DatasetError
from training.datasets.layouts.arrays import by_arrays, own_letters
from training.datasets.layouts.idx import by_idx
from training.datasets.layouts.pictures import by_folder, by_table
from training.datasets.layouts.pixels import by_pixels
from training.datasets.plans import Choice, Fault, Place, Plan

__all__ = ["LAYOUTS", "LETTERS_FILE", "NO_CHOICE", "Choice", "Fault", "Place", "Plan", "find_plan", "listed_letters"]

LETTERS_FILE = "letters.txt"
"""A file of an archive that lists its class set, as our exports write it."""
LAYOUTS: tuple[Callable[[Archive, Sequence[str], str, Choice], Plan | None], ...] = (
    by_table,
    by_arrays,
    by_idx,
    by_pixels,
    by_folder,
)
"""In the order in which they are tried. A new layout is one more function."""
NO_CHOICE = Choice()
_JUNK = frozenset({"thumbs.db", "desktop.ini"})


def find_plan(archive: Archive, letters: str = "", choice: Choice = NO_CHOICE) -> Plan:
    """Look for the layouts in turn, and plan by the first that has a letter.

    Args:
        archive: what to look at.
        letters: the class set; empty for the one that the archive lists itself, else the 33 Russian letters.
        choice: columns of a table that a person chose.

    Raises:
        ArchiveError: the archive is empty, or has no letter of the class set, or not the chosen columns.

    """
    names = [name for name in archive.names if not _is_junk(name)]
    if not names:
        raise ArchiveError(_("The archive is empty."))
    letters = letters or _listed_letters(archive, names) or RUSSIAN
    for layout in LAYOUTS:
        plan = layout(archive, names, letters, choice)
        if plan is not None and plan.places:
            return replace(plan, faults=(*plan.faults, *_overlooked(archive, plan)))
    if unopened := archives_in(archive):
        raise ArchiveError(
            _("No known letters were found; %(name)s lies too deep: only archives in the archive itself are opened.")
            % {"name": unopened[0]}
        )
    raise ArchiveError(
        _(
            "No known letters were found: the archive has neither folders named by a letter (%(first)s…%(last)s) "
            "or its number (0…%(number)d), nor a CSV table with a column of file names and a column of letters, "
            "nor arrays (npz, IDX, a CSV of pixels) with labels."
        )
        % {"first": letters[0], "last": letters[-1], "number": len(letters) - 1}
    )


def _overlooked(archive: Archive, plan: Plan) -> list[Fault]:
    """Files that are left out for what they are, whatever the layout."""
    faults = [Fault(name, _("an archive that was not opened")) for name in archives_in(archive)]
    if len({*archive.names}) < len(archive.names):
        twice = (name for name, count in Counter(archive.names).items() if count > 1 and name in plan.places)
        faults += [Fault(name, _("there is another file of the same name; the first one counts")) for name in twice]
    return faults


def listed_letters(archive: Archive) -> str:
    """Return the class set that an archive lists, or an empty text."""
    return _listed_letters(archive, [name for name in archive.names if not _is_junk(name)])


def _listed_letters(archive: Archive, names: Sequence[str]) -> str:
    endings = (name for name in names if name.endswith(LETTERS_FILE))
    listed = min((name for name in endings if name.rsplit("/", 1)[-1] == LETTERS_FILE), key=len, default="")
    try:
        if not listed:
            return letters_in(own_letters(archive, names))
        with archive.open(listed) as file:
            return letters_in(file.read(10_000).decode("utf-8-sig"))
    except (UnicodeDecodeError, DatasetError):
        return ""


def _is_junk(name: str) -> bool:
    """Whether it is one of the files that systems strew: hidden ones, thumbnails, resource forks."""
    last = name[name.rfind("/") + 1 :]
    return last[:1] == "." or last.lower() in _JUNK or name.startswith("__MACOSX/")
