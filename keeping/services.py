"""Ordering backups, by people and by the clock, and deleting the oldest of the nightly ones."""

import shutil
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError
from django.utils import timezone

from keeping.models import Backup
from training.jobs import lifecycle
from training.jobs.models import State

CLEARED = {"exports": "datasets/[0-9]*/exports/*", "set-aside": "set-aside/*", "downloads": "downloads/*"}
"""What in the folder of all state can go without a loss, by name."""


def clear(name: str) -> int:
    """Delete what can go without a loss; return how many bytes. What is open stays readable."""
    freed = 0
    for path in settings.PROPIS_VAR.glob(CLEARED[name]):
        freed += sum(each.lstat().st_size for each in path.rglob("*") if each.is_file()) if path.is_dir() else 0
        freed += path.lstat().st_size if path.is_file() else 0
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return freed


def order(note: str = "", *, by: Any = None) -> Backup:
    """Queue a backup."""
    return lifecycle.enqueue(Backup(note=note), by=by)


def order_nightly() -> Backup | None:
    """Queue tonight's backup where its hour has come and nobody has; None otherwise. The clock calls it each period.

    A machine that was off at that hour makes it when it is on again; one set up since waits for its first night.
    """
    if settings.BACKUP_HOUR is None:
        return None
    due = _last(settings.BACKUP_HOUR, timezone.localtime())
    if Backup.objects.filter(night=due.date()).exists():
        return None
    if not get_user_model().objects.filter(date_joined__lt=due).exists():
        return None
    try:
        return lifecycle.enqueue(Backup(night=due.date()))
    except IntegrityError:  # another clock has just done so
        return None


def _last(hour: int, now: datetime) -> datetime:
    """The last time that it was this hour."""
    due = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return due if due <= now else due - timedelta(days=1)


def forget_old() -> int:
    """Delete the nightly backups but the newest `BACKUPS_KEPT`, with their files; return how many. Others stay."""
    nightly = Backup.objects.filter(state=State.SUCCEEDED, night__isnull=False).order_by("-night")
    old = list(nightly[settings.BACKUPS_KEPT :])
    for backup in old:
        backup.delete()
    return len(old)
