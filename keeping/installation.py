"""Whether the installation runs, and holding it still."""

import fcntl
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from keeping.errors import KeepingError
from training.jobs.worker import presence

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def start_lock() -> Path:
    """The file that a started product holds."""
    path: Path = settings.PROPIS_VAR / "run" / "start.lock"
    path.parent.mkdir(exist_ok=True)
    return path


@contextmanager
def held_still() -> Iterator[None]:
    """Keep the product from being started.

    Raises:
        KeepingError: it runs, or workers do.

    """
    with start_lock().open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise KeepingError(
                f"Propis runs with the folder {settings.PROPIS_VAR}: stop it first, then try again."
            ) from None
        if names := living_workers():
            raise KeepingError(f"Workers are at work ({', '.join(names)}): stop them first, then try again.")
        yield


def keep_from_others() -> None:
    """Let the folder of all state be its owner's alone, as a set-up does; somebody else's stays as it is."""
    var: Path = settings.PROPIS_VAR
    mode = stat.S_IMODE(var.stat().st_mode)
    if mode & OTHERS:
        with suppress(PermissionError):
            var.chmod(mode & ~OTHERS)


def is_started() -> bool:
    """Whether a started product holds the folder."""
    with start_lock().open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def living_workers() -> list[str]:
    """Names of workers that have shown life lately; none where there is no table of them."""
    with suppress(DatabaseError):
        return sorted(presence.alive().values_list("name", flat=True)[:5])
    return []
