"""Care for the file queue: Celery's transport over files keeps what it has handed out, and somebody must prune it."""

import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

KEEP_SECONDS = 3600


def processed_folder() -> Path | None:
    """Where the transport puts messages that were handed out; None where the broker is a server."""
    options: dict[str, str | bool] = getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {})
    folder = options.get("processed_folder")
    return Path(str(folder)) if folder else None


def prune(now: float | None = None) -> int:
    """Delete processed messages older than an hour; return how many. (A message is only a wake-up: none is missed.)"""
    folder = processed_folder()
    if folder is None or not folder.is_dir():
        return 0
    oldest = (now or time.time()) - KEEP_SECONDS
    count = 0
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # another reaper may prune at the same time
            if path.stat().st_mtime < oldest:
                path.unlink()
                count += 1
    return count
