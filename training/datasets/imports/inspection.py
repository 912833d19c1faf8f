"""The inspection of an archive, without reading a picture: shown to a person before anything is imported."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from training.datasets.archives import Archive, ArchiveLimits, open_archive
from training.datasets.content.class_set import CLASS_SETS
from training.datasets.content.questions import Question
from training.datasets.content.splitting import Split
from training.datasets.errors import ArchiveError
from training.datasets.imports import report
from training.datasets.imports.samples import LetterSamples, samples_of
from training.datasets.layouts import NO_CHOICE, Choice, Plan, find_plan, listed_letters
from training.datasets.layouts.column_detection import Columns, Offer
from training.datasets.models import Dataset
from training.datasets.storage.picture_files import file_sha256

LISTED = "listed"
"""Stands for the class set that an archive lists itself."""
FAULTS_SHOWN = 20


@dataclass(frozen=True)
class ArchiveInspection:
    """What was found. Numbers are pictures unless said otherwise.

    Attributes:
        archive: its name.
        sha256: of the file; empty for a folder.
        known_as: the data set of the same class set that came of the same bytes, or empty.
        layout: as it is named in docs/data.md.
        letters: the class set.
        class_sets: how many pictures have a letter of each class set that could be chosen.
        pictures, counts: with a letter of the class set, in all and by letter.
        splits: how many of them the publisher has put in each split; empty where he has made none.
        writers: how many of them the archive tells apart.
        set_aside, set_aside_by_label: with another label.
        other_files: files that are no pictures.
        faults, first_faults: what does not fit, and names and reasons of the first ones.
        columns: of the table, that are read.
        offered: columns that could be the labels, the taken one first.
        header: all columns of the table.
        notes: what was assumed, in words.
        questions: what the archive does not tell.
        samples: pictures of the first, a middle and the last letter that were found.

    """

    archive: str
    sha256: str
    known_as: str
    layout: str
    letters: str
    class_sets: Mapping[str, int]
    pictures: int
    counts: Mapping[str, int]
    splits: Mapping[str, int]
    writers: int
    set_aside: int
    set_aside_by_label: Mapping[str, int]
    other_files: int
    faults: int
    first_faults: Sequence[Sequence[str]]
    columns: Columns | None
    offered: Sequence[Offer]
    header: Sequence[str]
    notes: Sequence[str] = ()
    questions: Sequence[Question] = ()
    samples: Sequence[LetterSamples] = ()

    @property
    def found_letters(self) -> str:
        """The letters that have pictures."""
        return "".join(letter for letter, count in self.counts.items() if count)

    @property
    def least(self) -> int:
        """Pictures of the rarest letter that has any."""
        return min(filter(None, self.counts.values()), default=0)

    @property
    def most(self) -> int:
        """Pictures of the commonest letter."""
        return max(self.counts.values(), default=0)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON takes it, without the pictures."""
        whole = asdict(self)
        del whole["samples"]
        return whole | {"found_letters": self.found_letters, "least": self.least, "most": self.most}


def inspect_archive(
    path: Path,
    *,
    letters: str = "",
    choice: Choice = NO_CHOICE,
    limits: ArchiveLimits | None = None,
    samples: bool = False,
) -> ArchiveInspection:
    """Look at an archive as an import does before it reads the pictures; arguments as for `import_archive`.

    With `samples` a few pictures of the first, a middle and the last letter are read.

    Raises:
        ArchiveError: it cannot be taken.

    """
    with open_archive(path, limits, choice.encoding) as archive:
        plan = find_plan(archive, letters, choice)
        return _inspection(path, plan, _class_sets(archive, plan, choice), samples_of(plan) if samples else ())


def class_set_of(key: str, path: Path) -> str:
    """Return the letters of a class set by its key in `ArchiveInspection.class_sets`.

    Raises:
        ArchiveError: the archive can no longer be opened.

    """
    if key != LISTED:
        return CLASS_SETS[key]
    with open_archive(path) as archive:
        return listed_letters(archive)


def _class_sets(archive: Archive, plan: Plan, choice: Choice) -> dict[str, int]:
    """How many pictures each class set would give; those that give none are left out.

    Where nothing was set aside a larger set gives no more, and the archive is not looked at again; nor is it where
    the table tells.
    """
    listed = listed_letters(archive)
    offered = {LISTED: listed} if listed and listed not in CLASS_SETS.values() else {}
    sizes = {}
    for key, letters in {**offered, **CLASS_SETS}.items():
        try:
            size = _size(archive, plan, letters, choice)
        except ArchiveError:
            continue
        if size:
            sizes[key] = size
    return sizes


def _size(archive: Archive, plan: Plan, letters: str, choice: Choice) -> int:
    if letters == plan.letters or (not plan.set_aside and {*plan.letters} <= {*letters}):
        return len(plan.places)
    told = 0 if plan.count is None else plan.count(letters)
    return told or len(find_plan(archive, letters, choice).places)


def _inspection(
    path: Path, plan: Plan, class_sets: Mapping[str, int], samples: Sequence[LetterSamples]
) -> ArchiveInspection:
    sha256 = file_sha256(path) if path.is_file() else ""
    known = Dataset.objects.filter(archive_sha256=sha256, letters=plan.letters).first() if sha256 else None
    counts = Counter(place.label for place in plan.places.values())
    splits = Counter(place.split for place in plan.places.values())
    _reasons, faults = report.shortened_faults(plan.faults[:FAULTS_SHOWN])
    return ArchiveInspection(
        archive=path.name,
        sha256=sha256,
        known_as="" if known is None else known.name,
        layout=plan.layout,
        letters=plan.letters,
        class_sets=class_sets,
        pictures=len(plan.places),
        counts={letter: counts[label] for label, letter in enumerate(plan.letters)},
        splits={split.key: splits[split] for split in Split} if plan.is_split else {},
        writers=plan.groups,
        set_aside=sum(plan.set_aside.values()),
        set_aside_by_label=report.shortened_labels(plan),
        other_files=plan.other_files,
        faults=len(plan.faults),
        first_faults=[[name, report.read_reason(reason)] for name, reason in faults],
        columns=plan.columns,
        offered=plan.offered,
        header=plan.header,
        notes=tuple(note.in_words() for note in plan.notes),
        questions=plan.questions,
        samples=samples,
    )
