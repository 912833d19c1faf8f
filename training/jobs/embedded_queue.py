"""The file queue: Celery's transport over files, with a message that appears whole, and somebody who prunes.

Kombu's own transport opens a message's file under its final name and then writes it, so that a reader may take it
while it is empty, which ends the reader's worker with a JSON error.
"""

import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

KEEP_SECONDS = 3600
PART = "part"
"""Ending of a message that is being written; a queue's messages are those that end in `.QUEUE.msg`."""


class Channel(filesystem.Channel):
    """A channel whose messages appear whole."""

    def _put(self, queue: str, payload: Any, **_options: Any) -> None:  # type: ignore[override]
        """Write the message beside its place and move it there in one step. (Kombu's hook, hence its name.)"""
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        path = Path(self.data_folder_out, name)
        part = path.with_name(f"{name}.{PART}")
        try:
            part.write_text(dumps(payload), encoding="utf-8")
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise ChannelError(f"The message {path} cannot be written: {error}") from error


class Transport(filesystem.Transport):
    """Celery's transport over files with such channels."""

    Channel = Channel


def install() -> None:
    """Let `filesystem://` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:{Transport.__name__}"


def _folders() -> Iterator[tuple[Path, str]]:
    """Where old files gather, and which: handed-out messages, and halves of those whose writer was killed."""
    options: dict[str, str | bool] = getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {})
    for key, pattern in (("processed_folder", "*"), ("data_folder_out", f"*.{PART}")):
        if key in options:
            yield Path(str(options[key])), pattern


def prune(now: float | None = None) -> int:
    """Delete what is older than an hour; return how much. (A message is only a wake-up: none is missed.)"""
    oldest = (now or time.time()) - KEEP_SECONDS
    count = 0
    for folder, pattern in _folders():
        for path in folder.glob(pattern):
            with suppress(FileNotFoundError):  # another reaper may prune at the same time
                if path.stat().st_mtime < oldest:
                    path.unlink()
                    count += 1
    return count
