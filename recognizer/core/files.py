"""Writing a file in one step: whoever reads it sees the old one or the new one, never a part."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from recognizer.core.messages import message as _


@contextmanager
def replacing(path: Path, *, name_survives: bool = True, mode: int = 0o644) -> Iterator[IO[bytes]]:
    """A binary file that takes the place of `path` when the block ends well, and is gone when it does not.

    The bytes are on the disk before the name is, and the name before this returns, unless `name_survives` is false:
    then a power cut may take the name back, which saves half of the waiting. `mode` says who may read it.
    Raises OSError, which speaks of `path` where the file cannot be made.
    """
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise error_about(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink()
        raise
    if name_survives:
        _sync_folder(path.parent)


def error_about(path: Path, error: OSError) -> OSError:
    """What kept a file from being made, without the temporary name beside it, which nobody has chosen."""
    if isinstance(error, FileNotFoundError):
        return FileNotFoundError(_("the folder %(folder)s does not exist") % {"folder": str(path.parent)})
    return OSError(error.errno, error.strerror, str(path))


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
