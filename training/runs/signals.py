"""The files of a deleted run are deleted once its deletion is committed."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete

from recognizer.filestore import places
from training.runs.models import Run
from training.runs.worker import artifacts, checkpoints


def connect() -> None:
    """Listen for deletions of runs."""
    post_delete.connect(_run_deleted, sender=Run, dispatch_uid="propis-run-files")


def _run_deleted(instance: Run, **_kwargs: Any) -> None:
    key, folder = instance.pk, checkpoints.folder_of(instance)

    def delete() -> None:
        places.forget_folder(folder)
        artifacts.delete(key)

    transaction.on_commit(delete)
