"""New versions: a data set's pictures without the rejected, with mended letters and with additions.

The parent is never changed. Every picture that stays keeps its split, so that what the publisher has put into the test
split stays there; additions are for training. A version is complete or leaves nothing.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from recognizer.messages import gettext as _
from training.datasets.content.splitting import Split
from training.datasets.errors import DatasetError, ImportStoppedError, files_gone
from training.datasets.imports import report
from training.datasets.models import Dataset
from training.datasets.naming import check_name
from training.datasets.storage import contact_sheet, duplicates, input_files, publish
from training.datasets.storage.picture_files import Index, PictureWriter, encoded
from training.datasets.storage.publish import STANDING_INK
from training.datasets.storage.workspace import workspace
from training.datasets.versions.additions import Addition, read_additions
from training.jobs.progress import CountProgress, unheard

BATCH = 1000
"""Pictures copied between two looks at `should_stop`."""
MAX_SOURCE = 300
"""Characters of `Dataset.source`."""


@dataclass(frozen=True)
class Changes:
    """What is to be different from the parent; a picture is named by its number in the parent's index.

    Attributes:
        rejected: pictures that are left out.
        relabelled: index of the new letter of a picture that has a wrong one.

    """

    rejected: Set[int] = frozenset()
    relabelled: Mapping[int, int] = field(default_factory=dict)

    def check(self, parent: Dataset) -> None:
        """Refuse pictures and letters that the parent lacks.

        Raises:
            DatasetError: the parent lacks one of them.

        """
        if any(not 0 <= picture < parent.pictures for picture in {*self.rejected, *self.relabelled}):
            raise DatasetError(_("“%(name)s” has no such picture.") % {"name": parent.name})
        if any(not 0 <= label < len(parent.letters) for label in self.relabelled.values()):
            raise DatasetError(_("“%(name)s” has no such letter.") % {"name": parent.name})


@dataclass(frozen=True)
class Step:
    """One step of a lineage: what a version changed. Numbers are pictures.

    Attributes:
        parent, content_sha256, pictures: the data set that it began from.
        rejected, relabelled, added: what was done.
        added_by_source: where the additions came from.
        copies_dropped: copies across splits that came up.
        at: when, ISO 8601.

    """

    parent: str
    content_sha256: str
    pictures: int
    rejected: int
    relabelled: int
    added: int
    added_by_source: dict[str, int]
    copies_dropped: int
    at: str


@dataclass(frozen=True)
class _Made:
    """What lies in the workspace: its index, and the number in the parent of each picture (above its last: added)."""

    index: Index
    origin: NDArray[np.int64]
    inputs: dict[Split, tuple[str, int]]
    copies_dropped: int
    different: int


def new_version(
    parent: Dataset,
    *,
    name: str,
    changes: Changes = Changes(),
    additions: Sequence[Addition] = (),
    note: str = "",
    progress: CountProgress = unheard,
    should_stop: Callable[[], bool] = lambda: False,
    on_saved: Callable[[Dataset, NDArray[np.int64]], None] = lambda _dataset, _origin: None,
) -> Dataset:
    """Make a new version of a data set.

    Args:
        parent: the data set that it begins from.
        name: of the new one, which must be free.
        changes: what is left out and what gets another letter.
        additions: pictures that others gave; all go into the training split, unless a stricter split has them already.
        note: a few words that its page shows.
        progress: told the number of pictures done and in all.
        should_stop: asked between batches.
        on_saved: called within the transaction that saves the version, with the number in the parent of each of its
            pictures (n,), `parent.pictures` + k for the k-th addition; what it raises undoes everything.

    Raises:
        DatasetError: the name is not free, a change or an addition does not fit, no picture is left, files are gone.
        ImportStoppedError: `should_stop` said so.

    """
    check_name(name)
    changes.check(parent)
    with workspace() as folder:
        try:
            made = _make(folder, parent, changes, additions, progress, should_stop)
        except FileNotFoundError as error:
            raise files_gone(parent.name) from error
        row = _row(parent, name, note, made, _step(parent, changes, additions, made))
        if should_stop():
            raise ImportStoppedError
        publish.save(row, folder, made.inputs, lambda dataset: on_saved(dataset, made.origin))
    return row


def _make(
    folder: Path,
    parent: Dataset,
    changes: Changes,
    additions: Sequence[Addition],
    progress: CountProgress,
    should_stop: Callable[[], bool],
) -> _Made:
    """Write everything but the row."""
    whole = Index.load(parent.folder)
    index, origin = _kept(whole, changes)
    with PictureWriter(folder) as writer:
        index = _copied(parent.folder, index, writer, progress, should_stop)
        added, given = read_additions(additions, parent.letters, writer)
    index, origin = _joined(index, origin, added, first=parent.pictures)
    copies = duplicates.crosses_splits(index)
    index, origin = index.take(~copies), origin[~copies]
    if not len(origin):
        raise DatasetError(_("No picture would be left."))
    index.save(folder)
    inputs = np.concatenate([input_files.load_all(parent, whole.splits, STANDING_INK), given])
    written = _write_inputs(folder, index, inputs[origin])
    contact_sheet.write(folder, index, parent.letters)
    return _Made(index, origin, written, int(copies.sum()), duplicates.verify_disjoint(folder))


def _kept(index: Index, changes: Changes) -> tuple[Index, NDArray[np.int64]]:
    """The index without the rejected and with the new letters; and where in the parent each picture is."""
    labels = index.labels.copy()
    for picture, label in changes.relabelled.items():
        labels[picture] = label
    mended = replace(index, labels=labels)
    stays = np.ones(len(labels), dtype=np.bool_)
    stays[list(changes.rejected)] = False
    return mended.take(stays), np.flatnonzero(stays)


def _copied(
    source: Path, index: Index, writer: PictureWriter, progress: CountProgress, should_stop: Callable[[], bool]
) -> Index:
    """Copy the bytes of the pictures and return the index with their new places."""
    starts = np.empty_like(index.starts)
    for number, data in enumerate(encoded(source, index)):
        if number % BATCH == 0:
            progress(number, len(starts))
            if should_stop():
                raise ImportStoppedError
        starts[number] = writer.add(data)
    return replace(index, starts=starts)


def _joined(kept: Index, origin: NDArray[np.int64], added: Index, *, first: int) -> tuple[Index, NDArray[np.int64]]:
    """Both, sorted by name; the additions are numbered from `first`."""
    pairs = ((getattr(kept, key), getattr(added, key)) for key in ("labels", "splits", "digests", "starts", "lengths"))
    joined = Index([*kept.names, *added.names], *(np.concatenate(pair) for pair in pairs))
    order = np.array(sorted(range(len(joined.names)), key=joined.names.__getitem__), dtype=np.int64)
    return joined.take(order), np.concatenate([origin, first + np.arange(len(added.names))])[order]


def _write_inputs(folder: Path, index: Index, inputs: NDArray[np.uint8]) -> dict[Split, tuple[str, int]]:
    written = {}
    for split in Split:
        which = index.splits == split
        path = folder / input_files.file_name(split, STANDING_INK)
        written[split] = input_files.write(path, inputs[which], index.labels[which])
    return written


def _step(parent: Dataset, changes: Changes, additions: Sequence[Addition], made: _Made) -> Step:
    is_added = made.origin >= parent.pictures
    sources = Counter(additions[number - parent.pictures].source for number in made.origin[is_added].tolist())
    return Step(
        parent=parent.name,
        content_sha256=parent.content_sha256,
        pictures=parent.pictures,
        rejected=len(changes.rejected),
        relabelled=len(changes.relabelled.keys() - changes.rejected),
        added=int(is_added.sum()),
        added_by_source=dict(sources),
        copies_dropped=made.copies_dropped,
        at=timezone.now().isoformat(timespec="seconds"),
    )


def _row(parent: Dataset, name: str, note: str, made: _Made, step: Step) -> Dataset:
    sources = [parent.source, *sorted(step.added_by_source)]
    changed = {
        "pictures": len(made.index.names),
        "counts": report.counts_by_split(made.index, len(parent.letters)),
        "duplicates_kept": duplicates.repeats(made.index),
        "different": made.different,
    }
    return Dataset(
        name=name,
        letters=parent.letters,
        pictures=len(made.index.names),
        seed=parent.seed,
        archive_name=parent.archive_name,
        content_sha256=made.index.content_sha256(),
        licence=parent.licence,
        source="; ".join(filter(None, sources))[:MAX_SOURCE],
        note=note,
        parent=parent,
        lineage=[*parent.lineage, asdict(step)],
        report={**parent.report, **changed},
    )
