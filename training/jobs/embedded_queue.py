"""Care for the file queue: Celery's transport over files keeps what it has handed out, and somebody must prune it."""

import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

KEEP_SECONDS = 3600


def folders() -> dict[str, Path]:
    """The queue's folders by name; empty where the broker is a server."""
    options: dict[str, str | bool] = getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {})
    names = ("data_folder_in", "processed_folder", "control_folder")
    return {name: Path(str(options[name])) for name in names if name in options}


def prune(now: float | None = None) -> int:
    """Delete processed messages older than an hour; return how many. (A message is only a wake-up: none is missed.)"""
    folder = folders().get("processed_folder")
    if folder is None:
        return 0
    oldest = (now or time.time()) - KEEP_SECONDS
    old = [path for path in folder.iterdir() if path.stat().st_mtime < oldest]
    for path in old:
        with suppress(FileNotFoundError):
            path.unlink()
    return len(old)
