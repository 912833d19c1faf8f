"""One import from end to end: an archive becomes a data set with all its files, or nothing is left of it."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from recognizer.core.alphabet import RUSSIAN
from recognizer.core.ink import specification
from recognizer.messages import gettext as _
from training.datasets import synthesis
from training.datasets.archives import ArchiveLimits, open_archive
from training.datasets.content import splitting, writers
from training.datasets.content.questions import refuse_open
from training.datasets.content.splitting import UNSPLIT, Split, SplitChoice
from training.datasets.errors import ArchiveError, DatasetError, ImportStoppedError
from training.datasets.imports import publishers, report
from training.datasets.imports.decoder_process import Helper, helpers
from training.datasets.imports.reading import Gathered, gather
from training.datasets.layouts import NO_CHOICE, Choice, Plan, find_plan
from training.datasets.models import Dataset
from training.datasets.naming import check_name
from training.datasets.storage import contact_sheet, duplicates, input_files
from training.datasets.storage.picture_files import Index, PictureWriter, file_sha256
from training.datasets.storage.publish import STANDING_INK, save
from training.datasets.storage.workspace import workspace
from training.jobs.progress import CountProgress, unheard

HELPED_FROM = 2_000_000
"""Bytes of an archive from which helpers are worth their start."""
USUAL_SPLIT = SplitChoice()


@dataclass(frozen=True)
class _Found:
    """The result of the work in the workspace."""

    plan: Plan
    index: Index
    content_sha256: str
    report: report.ImportReport
    inputs: dict[Split, tuple[str, int]]


def import_archive(
    path: Path,
    *,
    name: str,
    seed: int = 0,
    letters: str = "",
    choice: Choice = NO_CHOICE,
    split: SplitChoice = USUAL_SPLIT,
    limits: ArchiveLimits | None = None,
    progress: CountProgress = unheard,
    should_stop: Callable[[], bool] = lambda: False,
    on_saved: Callable[[Dataset], None] = lambda _dataset: None,
) -> Dataset:
    """Import an archive (zip, tar, tar.gz or a folder) as a data set.

    Args:
        path: the archive.
        name: name of the data set, which must be free.
        seed: what the split depends on, where the publisher has made none.
        letters: the class set; pictures of other letters are counted and set aside. Empty for the one that the archive
            lists itself, else the 33 Russian letters.
        choice: what a person has decided where looking alone may not: columns of a table, answers to questions.
        split: sizes of the splits, and whether the publisher's are kept.
        limits: how much the archive may hold.
        progress: told the number of pictures done and in all.
        should_stop: asked between batches.
        on_saved: called within the transaction that saves the data set; what it raises undoes the import.

    Raises:
        ArchiveError: the archive cannot be taken, or a question about it is open.
        DatasetError: the name is not valid or not free, or the pictures cannot be split so.
        ImportStoppedError: `should_stop` said so.

    """
    started = time.monotonic()
    check_name(name)
    with ExitStack() as stack:
        helping = stack.enter_context(_helpers(path))
        sha256 = stack.enter_context(_hashing(path))
        archive = stack.enter_context(open_archive(path, limits, choice.encoding))
        folder = stack.enter_context(workspace())
        plan = find_plan(archive, letters, choice)
        refuse_open(plan.questions)
        with PictureWriter(folder) as writer:
            ink = specification(STANDING_INK)
            gathered = gather(plan, ink=ink, helpers=helping, writer=writer, progress=progress, should_stop=should_stop)
        if not gathered.names:
            raise _nothing_read(path, gathered)
        found = _finish(folder, plan, gathered, split=split, seed=seed, started=started)
        row = _row(path, sha256.result(), name=name, seed=seed, found=found)
        if should_stop():
            raise ImportStoppedError
        save(row, folder, found.inputs, on_saved)
    return row


def refuse_known(path: Path, *, letters: str = "") -> None:
    """Refuse an archive whose bytes are those of a data set that is there, of the same class set.

    Raises:
        DatasetError: there is one; the message names it.

    """
    if not path.is_file():
        return
    known = Dataset.objects.filter(archive_sha256=file_sha256(path), letters=letters or RUSSIAN).first()
    if known is not None:
        raise DatasetError(
            _("%(archive)s was imported before, as “%(name)s”; --again imports it once more.")
            % {"archive": path.name, "name": known.name}
        )


def _helpers(path: Path) -> AbstractContextManager[Sequence[Helper]]:
    """Processes that help with an archive of some size; they start while it is opened and looked at."""
    if path.is_dir() or (path.is_file() and path.stat().st_size >= HELPED_FROM):
        return helpers(STANDING_INK, settings.PROPIS_LIMITS)
    return nullcontext([])


@contextmanager
def _hashing(path: Path) -> Iterator[Future[str]]:
    """The SHA-256 of an archive, empty for a folder; made while looking at the archive leaves a core idle."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(lambda: file_sha256(path) if path.is_file() else "")


def _nothing_read(path: Path, gathered: Gathered) -> ArchiveError:
    first = gathered.faults[0]
    what = {"archive": path.name, "count": len(gathered.faults), "name": first.name, "reason": first.reason.rstrip(".")}
    return ArchiveError(
        _("None of the %(count)d pictures of %(archive)s can be used; the first is %(name)s: %(reason)s.") % what
    )


def _finish(folder: Path, plan: Plan, gathered: Gathered, *, split: SplitChoice, seed: int, started: float) -> _Found:
    """Split, drop copies, and write everything but the row."""
    index = gathered.index()
    # By name, so that a zip, a tar and a folder of the same pictures are split alike.
    order = np.array(sorted(range(len(index.names)), key=index.names.__getitem__), dtype=np.int64)
    index = index.take(order)
    groups = writers.numbered([gathered.groups[number] for number in order.tolist()])
    index = replace(index, splits=_splits(index, groups, split, seed))
    dropped = duplicates.crosses_splits(index)
    shared = writers.in_several_splits(groups, index.splits)
    index, order = index.take(~dropped), order[~dropped]
    index.save(folder)
    with ThreadPoolExecutor(len(Split)) as pool:  # what writes and hashes lets others compute
        writing = {split: pool.submit(_write_inputs, folder, index, gathered.inputs, order, split) for split in Split}
        contact_sheet.write(folder, index, plan.letters)
        different = duplicates.verify_disjoint(folder)
        counted = {"duplicates_dropped": int(dropped.sum()), "different": different, "writers_in_several_parts": shared}
        found = _report(plan, gathered, index, counted, redrawn=split.redraw, started=started)
        content = index.content_sha256()
        written = {split: each.result() for split, each in writing.items()}
    return _Found(plan, index, content, found, written)


def _splits(index: Index, groups: NDArray[np.int64] | None, split: SplitChoice, seed: int) -> NDArray[np.uint8]:
    """The split of each picture of an index, whose `splits` are the publisher's."""
    split.check(index.splits)
    published = np.full_like(index.splits, UNSPLIT) if split.redraw else index.splits
    sizes = {"test": split.test, "validation": split.validation}
    copies = duplicates.numbered(index)
    return splitting.assign(index.labels, published, seed=seed, groups=groups, copies=copies, **sizes)


def _write_inputs(
    folder: Path, index: Index, inputs: NDArray[np.uint8], order: NDArray[np.int64], split: Split
) -> tuple[str, int]:
    """Write the file of a split; `order` tells where in `inputs` each picture of the index is."""
    which = index.splits == split
    return input_files.write(
        folder / input_files.file_name(split, STANDING_INK), inputs[order[which]], index.labels[which]
    )


def _report(
    plan: Plan, gathered: Gathered, index: Index, counted: dict[str, int], *, redrawn: bool, started: float
) -> report.ImportReport:
    faults = [*plan.faults, *gathered.faults]
    reasons, listed = report.shortened_faults(faults)
    return report.ImportReport(
        layout=plan.layout,
        letters=len(plan.places),
        set_aside=sum(plan.set_aside.values()),
        set_aside_by_label=report.shortened_labels(plan),
        other_files=plan.other_files,
        pictures=len(index.names),
        counts=report.counts_by_split(index, len(plan.letters)),
        published_split=plan.is_split and not redrawn,
        drawn_anew=plan.is_split and redrawn,
        writers=plan.groups,
        skipped=len(faults),
        skipped_by_reason=reasons,
        skipped_list=listed,
        duplicates_kept=duplicates.repeats(index),
        **counted,
        origins=synthesis.count_origins(index.names),
        smallest=list(gathered.smallest or ()),
        largest=list(gathered.largest or ()),
        notes=[note.stored() for note in plan.notes],
        seconds=round(time.monotonic() - started, 2),
    )


def _row(path: Path, sha256: str, *, name: str, seed: int, found: _Found) -> Dataset:
    publisher = publishers.of(path.name)
    about: dict[str, Any] = {} if publisher is None else {"licence": publisher.licence, "source": publisher.source}
    return Dataset(
        name=name,
        letters=found.plan.letters,
        pictures=len(found.index.names),
        seed=seed,
        archive_name=path.name[:255],
        archive_sha256=sha256,
        content_sha256=found.content_sha256,
        report=found.report.as_dict(),
        **about,
    )
