"""Celery's transport over files."""

import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps

from training.jobs.worker.transports.skipping import SkippingTransport, log_skipped

PART = "part"
"""Ending of a message that is being written; a queue's messages are those that end in `.QUEUE.msg`."""


class FileChannel(filesystem.Channel):
    """A channel over files whose messages appear whole."""

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

    def _get(self, queue: str) -> Any:  # type: ignore[override]
        """Take the next message, which Kombu puts away before it reads it."""
        try:
            return super()._get(queue)
        except ValueError:
            log_skipped(queue)
            raise Empty from None


class FileTransport(SkippingTransport, filesystem.Transport):
    """Celery's transport over files with such channels."""

    Channel = FileChannel
