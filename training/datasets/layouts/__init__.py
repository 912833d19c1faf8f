"""Layouts of archives, found by looking. Each is a function from an archive to its plan, or None."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from recognizer.core.alphabet import RUSSIAN
from recognizer.messages import gettext as _
from training.datasets.archives import Archive, archives_in
from training.datasets.content.class_set import letters_in
from training.datasets.content.labels import LabelReader
from training.datasets.content.questions import SOURCE, Question
from training.datasets.errors import ArchiveError, DatasetError
from training.datasets.layouts.arrays import by_arrays, own_letters
from training.datasets.layouts.idx import by_idx
from training.datasets.layouts.pictures import by_folder, by_table
from training.datasets.layouts.pixels import by_pixels
from training.datasets.layouts.plan import Choice, Fault, Place, Plan

__all__ = ["LAYOUTS", "LETTERS_FILE", "NO_CHOICE", "Choice", "Fault", "Place", "Plan", "find_plan", "listed_letters"]

Layout = Callable[[Archive, Sequence[str], LabelReader, Choice], Plan | None]
logger = logging.getLogger(__name__)
LETTERS_FILE = "letters.txt"
"""A file of an archive that lists its class set, as our exports write it."""
LAYOUTS: tuple[Layout, ...] = (
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
    listed = _listed_letters(archive, names)
    letters = letters or listed or RUSSIAN
    reader = LabelReader(letters, listed, choice.numbers_from, choice.latin)
    mismatch: Question | None = None
    for layout in LAYOUTS:
        plan = _planned(layout, archive, names, reader, choice)
        if plan is not None and plan.places:
            questions = tuple(filter(None, (archive.question, *plan.questions)))
            return replace(plan, faults=(*plan.faults, *_overlooked(archive, plan)), questions=questions)
        mismatch = mismatch or _mismatch(plan)
    if mismatch is not None:
        raise ArchiveError(_("No known letters were found. %(reason)s") % {"reason": mismatch.text})
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


def _mismatch(plan: Plan | None) -> Question | None:
    """What a plan without pictures says of a table that names no file."""
    questions = () if plan is None else plan.questions
    return next((question for question in questions if question.key == SOURCE), None)


def _planned(
    layout: Layout, archive: Archive, names: Sequence[str], reader: LabelReader, choice: Choice
) -> Plan | None:
    """Try a layout. Whatever its reader trips over is an error in words: archives hold what nobody thought of."""
    try:
        return layout(archive, names, reader, choice)
    except (DatasetError, MemoryError, OSError):
        raise
    except Exception as error:
        logger.exception("an archive could not be looked at")
        raise ArchiveError(
            _("The archive cannot be read: %(error)s.") % {"error": error or type(error).__name__}
        ) from error


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
