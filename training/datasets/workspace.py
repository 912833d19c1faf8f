"""Where an import builds its files until they are complete; what a killed import left is cleaned away by the next.

A workspace is a folder beside the data sets, locked by its owner. The lock ends with the process, however it ends.
"""

import fcntl
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from training.datasets.models import Dataset, root

PREFIX = "importing-"
LOCK = "lock"
OLD_SECONDS = 3600


@contextmanager
def workspace() -> Iterator[Path]:
    """Give an empty folder; whatever is left in it at the end is removed."""
    remove_abandoned()
    folder = root() / f"{PREFIX}{uuid.uuid4().hex}"
    folder.mkdir()
    try:
        with (folder / LOCK).open("x") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(folder: Path, target: Path) -> None:
    """Make a finished workspace the folder of a data set, in one step.

    The caller holds the row of the data set, uncommitted, so whatever is at the target is left of an import that died
    between this step and its commit.
    """
    if target.exists():
        shutil.rmtree(target)
    (folder / LOCK).unlink()
    folder.rename(target)


def remove_abandoned() -> None:
    """Remove the workspaces that no living process holds, and folders whose row was never committed."""
    known = {str(key) for key in Dataset.objects.values_list("pk", flat=True)}
    for folder in root().iterdir():
        if folder.name.startswith(PREFIX):
            abandoned = not _is_held(folder)
        else:
            abandoned = folder.name.isdigit() and folder.name not in known and _is_old(folder)
        if abandoned:
            shutil.rmtree(folder, ignore_errors=True)


def _is_held(folder: Path) -> bool:
    try:
        with (folder / LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:  # its owner is just making or just publishing it, or died at that instant
        return not _is_old(folder)
    return False


def _is_old(folder: Path) -> bool:
    try:
        return time.time() - folder.stat().st_mtime > OLD_SECONDS
    except FileNotFoundError:
        return False
