"""Files go with their rows, once the deletion is committed."""

from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete

from recognizer.filestore import places
from training.datasets.imports import uploads
from training.datasets.models import Dataset, DatasetImport, Origin, PublishedDrawings


def connect() -> None:
    """Listen for deletions of data sets, imports and published drawings."""
    post_delete.connect(_dataset_deleted, sender=Dataset, dispatch_uid="propis-dataset-files")
    post_delete.connect(_import_deleted, sender=DatasetImport, dispatch_uid="propis-import-upload")
    post_delete.connect(_drawings_deleted, sender=PublishedDrawings, dispatch_uid="propis-published-drawings")


def _dataset_deleted(instance: Dataset, **_kwargs: Any) -> None:
    folder = instance.folder
    transaction.on_commit(lambda: places.forget_folder(folder))


def _import_deleted(instance: DatasetImport, **_kwargs: Any) -> None:
    if instance.origin == Origin.UPLOAD:
        path = Path(instance.path)
        transaction.on_commit(lambda: uploads.forget(path))


def _drawings_deleted(instance: PublishedDrawings, **_kwargs: Any) -> None:
    path = instance.path
    transaction.on_commit(lambda: places.forget(path))
