"""Saving a data set: its row and its folder of files appear together, or not at all."""

from collections.abc import Callable
from pathlib import Path

from recognizer.filestore import places
from recognizer.filestore.patience import patient
from training.datasets import services
from training.datasets.models import Dataset
from training.datasets.services import WrittenInputs
from training.datasets.storage import workspace

STANDING_INK = "moments-2"
"""The ink specification whose inputs every import makes; those of another are made when they are first needed."""


def save(row: Dataset, folder: Path, inputs: WrittenInputs, on_saved: Callable[[Dataset], None]) -> None:
    """Put files and row in place together: the folder takes its name just before the row is committed.

    Args:
        row: the data set, not saved yet.
        folder: a finished workspace.
        inputs: the files of inputs by the default ink specification.
        on_saved: called within the transaction; what it raises undoes everything.

    Raises:
        DatasetError: another data set has just taken the name.

    """

    def publish(dataset: Dataset) -> None:
        on_saved(dataset)
        workspace.publish(folder, dataset.folder)
        places.keep(dataset.folder)

    try:
        services.create_dataset(row, inputs, STANDING_INK, publish)
    except BaseException:
        if row.pk is not None and not Dataset.objects.filter(pk=row.pk).exists():
            with patient(None):  # who was stopped while he waited for the store does not wait for it again
                places.forget_folder(row.folder)
        raise
