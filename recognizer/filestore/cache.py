"""The files that a machine has of a store: those that it used lately, within a bound."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from recognizer.filestore.errors import StoreAwayError
from recognizer.filestore.objects import Objects

CACHED = (
    "models/*.npz",
    "bundles/*.npz",
    "datasets/[0-9]*/*",
    "runs/[0-9]*/*",
    "uploads/archives/*/*",
    "published/*.zip",
)
IN_USE_SECONDS = 600
"""What was used so lately stays, whatever the bound."""


def make_room(objects: Objects) -> int:
    """Delete what was used longest ago until the rest fits (`PROPIS_CACHE_BYTES`); return how many bytes went.

    Only what the store has goes; who has a file open goes on reading it.
    """
    found = sorted(_used(), key=lambda each: each[0])
    excess, freed = sum(size for _at, size, _path in found) - settings.CACHE_BYTES, 0
    for used_at, size, path in found:
        if freed >= excess or time.time() - used_at < IN_USE_SECONDS:
            break
        with suppress(StoreAwayError):
            if objects.exists(path.relative_to(settings.PROPIS_VAR).as_posix()):
                path.unlink(missing_ok=True)
                freed += size
    return freed


def _used() -> Iterator[tuple[float, int, Path]]:
    """When each file here was last used, and its size."""
    for pattern in CACHED:
        for path in settings.PROPIS_VAR.glob(pattern):
            with suppress(FileNotFoundError):
                status = path.stat()
                if path.is_file() and not path.name.startswith("."):
                    yield max(status.st_atime, status.st_mtime), status.st_size, path
