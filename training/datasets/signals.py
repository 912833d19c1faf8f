"""Files go with their rows, once the deletion is committed; so does an archive with a drawing that was withdrawn."""

from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from recognizer.donations.services import accepted_changed
from recognizer.filestore import places
from recognizer.models import Drawing, Review
from training.datasets import services
from training.datasets.imports import uploads
from training.datasets.models import Dataset, DatasetImport, Origin, PublishedDrawings


def connect() -> None:
    """Listen for deletions of data sets, imports and published drawings, and for drawings that are withdrawn."""
    post_delete.connect(_dataset_deleted, sender=Dataset, dispatch_uid="propis-dataset-files")
    post_delete.connect(_import_deleted, sender=DatasetImport, dispatch_uid="propis-import-upload")
    post_delete.connect(_drawings_deleted, sender=PublishedDrawings, dispatch_uid="propis-published-drawings")
    post_delete.connect(_drawing_changed, sender=Drawing, dispatch_uid="propis-drawing-deleted")
    post_save.connect(_drawing_changed, sender=Drawing, dispatch_uid="propis-drawing-saved")
    accepted_changed.connect(_accepted_changed, dispatch_uid="propis-accepted-drawings")


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


def _drawing_changed(instance: Drawing, **_kwargs: Any) -> None:
    if instance.state == Review.ACCEPTED and instance.licence:
        transaction.on_commit(services.renew_publication)


def _accepted_changed(**_kwargs: Any) -> None:
    transaction.on_commit(services.renew_publication)
