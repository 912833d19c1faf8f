"""The files of a deleted reading are deleted once its deletion is committed."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete

from recognizer.filestore import places
from training.paper.models import PaperReading


def connect() -> None:
    """Listen for deletions of readings."""
    post_delete.connect(_reading_deleted, sender=PaperReading, dispatch_uid="propis-paper-files")


def _reading_deleted(instance: PaperReading, **_kwargs: Any) -> None:
    folder = instance.folder
    transaction.on_commit(lambda: places.forget_folder(folder))
