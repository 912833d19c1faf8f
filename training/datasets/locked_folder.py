"""Folders that belong to a process. They are locked while it lives, so that what a killed one left can be told.

The lock ends with the process, however it ends.
"""

import fcntl
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = "lock"
OLD_SECONDS = 3600


@contextmanager
def locked_folder(parent: Path, prefix: str, *, mode: int = 0o777) -> Iterator[Path]:
    """Give a new folder that nobody else touches; whatever is left in it at the end is removed."""
    remove_abandoned(parent, prefix)
    folder = parent / f"{prefix}{uuid.uuid4().hex}"
    folder.mkdir(mode=mode)
    try:
        with (folder / LOCK).open("x") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned(parent: Path, prefix: str) -> None:
    """Remove the folders that no living process holds."""
    for folder in parent.glob(f"{prefix}*"):
        if not _is_held(folder):
            shutil.rmtree(folder, ignore_errors=True)


def is_old(folder: Path) -> bool:
    """Whether nothing was made or removed in a folder for an hour; False where it is gone."""
    try:
        return time.time() - folder.stat().st_mtime > OLD_SECONDS
    except FileNotFoundError:
        return False


def _is_held(folder: Path) -> bool:
    try:
        with (folder / LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:  # its owner is just making or just publishing it, or died at that instant
        return not is_old(folder)
    except OSError:  # it is locked, or somebody else's
        return True
    return False
