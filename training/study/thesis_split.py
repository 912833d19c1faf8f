"""The thesis's split of a data set: its ratio of training to test pictures, with a test split of our own set aside.

The thesis watches its test accuracy epoch by epoch and chooses by it: what it calls test is a monitored split, here the
validation split. Our test split is a tenth of the whole that no choice ever sees; the rest is in the thesis's ratio.
"""

import dataclasses
import shutil

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from recognizer.filestore.places import here
from recognizer.messages import gettext as _
from training.datasets.content.splitting import UNSPLIT, Split, assign
from training.datasets.errors import files_gone
from training.datasets.imports import report
from training.datasets.models import Dataset
from training.datasets.naming import check_name
from training.datasets.storage import contact_sheet, duplicates, input_files, publish
from training.datasets.storage.picture_files import PICTURES, Index
from training.datasets.storage.publish import STANDING_INK
from training.datasets.storage.workspace import workspace
from training.datasets.versions.new_version import Step
from training.study.experiments import TEST, TRAINING

OWN = 0.1
MONITORED = (1 - OWN) * TEST / (TRAINING + TEST)
SEED = 2024


def name_of(parent: Dataset) -> str:
    """The name of its version with the thesis's split."""
    return f"{parent.name[:80]} (thesis split)"


def thesis_split(parent: Dataset) -> Dataset:
    """The version of a data set with the thesis's split, made if it does not exist.

    Raises:
        DatasetError: the files of the data set are gone.

    """
    found = Dataset.objects.filter(name=name_of(parent), parent=parent).first()
    if found is not None:
        return found
    check_name(name_of(parent))
    with workspace() as folder:
        try:
            whole = Index.load(parent.folder)
            inputs = input_files.load_all(parent, whole.splits, STANDING_INK)
            shutil.copyfile(here(parent.folder / PICTURES), folder / PICTURES)
        except FileNotFoundError as error:
            raise files_gone(parent.name) from error
        index = with_splits(whole)
        copies = duplicates.crosses_splits(index)
        kept = index.take(~copies)
        kept.save(folder)
        written = {}
        for split in Split:
            which = kept.splits == split
            path = folder / input_files.file_name(split, STANDING_INK)
            written[split] = input_files.write(path, inputs[~copies][which], kept.labels[which])
        contact_sheet.write(folder, kept, parent.letters)
        row = _row(parent, kept, copies)
        publish.save(row, folder, written, lambda _dataset: None)
    return row


def with_splits(index: Index) -> Index:
    """The index with the split of every picture drawn again, letter by letter."""
    unsplit = np.full(len(index.labels), UNSPLIT, dtype=np.uint8)
    splits = assign(index.labels, unsplit, seed=SEED, test=OWN, validation=MONITORED)
    return dataclasses.replace(index, splits=splits)


def _row(parent: Dataset, index: Index, copies: NDArray[np.bool_]) -> Dataset:
    step = Step(
        parent=parent.name,
        content_sha256=parent.content_sha256,
        pictures=parent.pictures,
        rejected=0,
        relabelled=0,
        added=0,
        added_by_source={},
        copies_dropped=int(copies.sum()),
        at=timezone.now().isoformat(timespec="seconds"),
    )
    changed = {
        "pictures": len(index.names),
        "counts": report.counts_by_split(index, len(parent.letters)),
        "duplicates_kept": duplicates.repeats(index),
    }
    return Dataset(
        name=name_of(parent),
        letters=parent.letters,
        pictures=len(index.names),
        seed=SEED,
        archive_name=parent.archive_name,
        content_sha256=index.content_sha256(),
        licence=parent.licence,
        source=parent.source,
        note=_("Split as the thesis did, with a test split of our own set aside."),
        parent=parent,
        lineage=[*parent.lineage, dataclasses.asdict(step)],
        report={**parent.report, **changed},
    )
