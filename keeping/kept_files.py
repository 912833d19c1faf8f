"""Which files of the folder of all state are taken along by a backup and a move.

All of them are written once and replaced by renaming, so that a second name (a hard link) keeps what they are now.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from django.conf import settings

from recognizer.filestore.objects import Objects, store

SECRET_KEY = "secret_key"  # noqa: S105  (a file's name)
IDENTITY = "identity"
KEPT = (
    IDENTITY,
    SECRET_KEY,
    "models/*.npz",
    "datasets/[0-9]*/*",
    "checkpoints/[0-9]*/epoch-*.npz",
    "runs/[0-9]*/*",
    "bundles/*.npz",
    "uploads/archives/*/*",
    "paper/[0-9]*/*",
    "paper/[0-9]*/scans/*",
    "published/*.zip",
)
TOPS = tuple(dict.fromkeys(pattern.partition("/")[0] for pattern in KEPT))
"""What these patterns lead to directly below the folder of all state."""
LEFT_OUT = {
    "backups": "the copies themselves",
    "set-aside": "what a restore has put away",
    "downloads": "publishers' archives, downloaded again where they are needed",
    "import": "the owner's own archives",
    "media": "empty",
    "queue": "messages are hints",
    "restore.json": "a restore that was begun",
    "run": "locks and counters of running processes",
    "setup.lock": "a lock",
    "static": "collected again by a start",
}
"""The rest of the folder, and why a copy does without it."""


def kept(var: Path) -> Iterator[Path]:
    """Yield the files that matter below a folder of all state."""
    for pattern in KEPT:
        for path in sorted(var.glob(pattern)):
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                yield path


def pin(into: Path) -> None:
    """Give every file that matters a second name below `into`; one that is pinned already stays as it was.

    Called before and after a copy of the rows, it holds the files of whatever row is in that copy. What is in a store
    is fetched; the secret key is in none, and so in no copy of it.
    """
    if (objects := store()) is not None:
        _fetch(objects, into)
        return
    var: Path = settings.PROPIS_VAR
    for path in kept(var):
        target = into / path.relative_to(var)
        target.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError, FileExistsError):
            _link(path, target)


def _fetch(objects: Objects, into: Path) -> None:
    for each in list(objects.below("")):
        target = into / each.key
        if is_kept(each.key) and not target.exists():
            with suppress(FileNotFoundError):  # of a checkpoint that a newer one has replaced
                objects.get(each.key, target)


def is_kept(key: str) -> bool:
    """Whether a path below the folder of all state, as text, is that of a file that matters."""
    path = PurePosixPath(key)
    depths = (pattern for pattern in KEPT if pattern.count("/") == key.count("/"))
    return not path.name.startswith(".") and any(path.match(pattern) for pattern in depths)


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if not target.exists():
            shutil.copyfile(path, target)
