"""The file of a deleted backup is deleted once its deletion is committed."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete

from keeping.models import Backup


def connect() -> None:
    """Listen for deletions of backups."""
    post_delete.connect(_backup_deleted, sender=Backup, dispatch_uid="propis-backup-files")


def _backup_deleted(instance: Backup, **_kwargs: Any) -> None:
    path = instance.path
    if path is not None:
        transaction.on_commit(lambda: path.unlink(missing_ok=True))
