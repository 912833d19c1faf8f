"""A deleted run leaves nothing: its files go once the deletion is committed."""

import shutil
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete

from training.runs import checkpoints, leavings
from training.runs.models import Run


def connect() -> None:
    """Listen for deletions of runs."""
    post_delete.connect(_run_deleted, sender=Run, dispatch_uid="propis-run-files")


def _run_deleted(instance: Run, **_kwargs: Any) -> None:
    key, folder = instance.pk, checkpoints.folder_of(instance)

    def delete() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        leavings.forget(key)

    transaction.on_commit(delete)
