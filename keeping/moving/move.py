"""The move: a copy of the files in another folder or a store, then all rows in one transaction. The old one stays.

What is killed is begun again: files that are there with their hash are not copied twice, and rows are there all or not
at all.
"""

import errno
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connections

from keeping import kept_files
from keeping.archive.manifest import DATABASE, FILES
from keeping.errors import KeepingError
from keeping.installation import is_started
from keeping.moving.to_store import send, store_at
from keeping.rows import snapshot
from keeping.rows.copying import copy_all
from keeping.rows.databases import (
    has_rows,
    is_sqlite,
    migrate,
    opened,
    own_file,
    postgres_settings,
    sqlite_settings,
    tables,
)
from keeping.rows.digests import TableDigest, digest_of
from recognizer.core.files import replacing
from recognizer.filestore.objects import Objects, has_store
from training.datasets.locked_folder import locked_folder
from training.datasets.storage.picture_files import file_sha256
from training.jobs.progress import ShareProgress, unheard

PREFIX = ".moving-"
PIECE = 2**20
SHARE_OF_FILES = 0.4
"""Of the progress that is shown."""


@dataclass(frozen=True)
class Moved:
    """What a move has done.

    Attributes:
        rows: what each table holds there now.
        files, copied: how many files are there, and how many of them were not before.
        is_running: the old installation runs: what it writes from now on stays behind.

    """

    rows: Mapping[str, TableDigest]
    files: int
    copied: int
    is_running: bool


def move(url: str, folder: Path, progress: ShareProgress = unheard, *, store: Objects | None = None) -> Moved:
    """Copy everything to an empty PostgreSQL database and a folder of its own, or a store in its place.

    Raises:
        KeepingError: this is no SQLite installation, the other database has rows already or does not answer, or the
            disk is full. What is there already stays for the next attempt.

    """
    if not is_sqlite():
        raise KeepingError("This installation is on PostgreSQL already.")
    if not own_file().exists():
        raise KeepingError("There is no database yet: `make setup` or `make run` makes it.")
    target = postgres_settings(url)
    try:
        with locked_folder(settings.PROPIS_VAR, PREFIX, mode=0o700) as pinned:
            _gather(pinned)
            with opened(target) as there, opened(sqlite_settings(pinned / DATABASE)) as here:
                return _move(here, there, pinned / FILES, store or folder, progress)
    except sqlite3.Error as error:
        raise KeepingError(f"The database {own_file()} cannot be read: {error}.") from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise KeepingError("The disk is full." if full else f"The files cannot be copied: {error}.") from error


def move_files(address: str, progress: ShareProgress = unheard) -> Moved:
    """Copy the files alone to a store; the rows stay where they are.

    Raises:
        KeepingError: they are in a store already, or this one does not take them.

    """
    if has_store():
        raise KeepingError("The files of this installation are in a store already.")
    store = store_at(address)
    with locked_folder(settings.PROPIS_VAR, PREFIX, mode=0o700) as pinned:
        kept_files.pin(pinned / FILES)
        count, sent = send(pinned / FILES, store, progress)
    return Moved({}, count, sent, is_started())


def _gather(pinned: Path) -> None:
    """Hold rows and files as they are now."""
    kept_files.pin(pinned / FILES)
    snapshot.take(pinned / DATABASE)
    kept_files.pin(pinned / FILES)


def _move(here: str, there: str, files: Path, target: Path | Objects, progress: ShareProgress) -> Moved:
    progress(0.0, "bringing both databases up to date")
    migrate(here)
    migrate(there)
    is_moved = _is_moved(here, there)
    if isinstance(target, Path):
        count, copied = _copy_files(files, target, progress)
    else:
        count, copied = send(files, target, lambda share, words: progress(SHARE_OF_FILES * share, words))
    if is_moved:
        rows = {model._meta.db_table: digest_of(model, there) for model in tables()}
    else:
        rows = copy_all(here, there, lambda words: progress(SHARE_OF_FILES, words))
    return Moved(rows, count, copied, is_started())


def _is_moved(here: str, there: str) -> bool:
    """Whether an earlier attempt has brought all rows over already.

    Raises:
        KeepingError: other rows are there.

    """
    try:
        if not has_rows(there):
            return False
        is_same = all(digest_of(model, here) == digest_of(model, there) for model in tables())
    except DatabaseError as error:
        raise KeepingError(f"The other database does not answer: {error}".strip()) from error
    if not is_same:
        name = connections[there].settings_dict["NAME"]
        raise KeepingError(f"The database {name} has rows already: make an empty one, and move there.")
    return True


def _copy_files(files: Path, folder: Path, progress: ShareProgress) -> tuple[int, int]:
    """Copy what is not there yet with the same hash; return how many files there are, and how many were copied."""
    paths = list(kept_files.kept(files))
    total, done, copied = sum(path.stat().st_size for path in paths) or 1, 0, 0
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in paths:
        progress(SHARE_OF_FILES * done / total, path.relative_to(files).as_posix())
        copied += _copy_file(path, folder / path.relative_to(files))
        done += path.stat().st_size
    return len(paths), copied


def _copy_file(path: Path, target: Path) -> bool:
    """Copy a file and read it back; False where it is there already."""
    sha256 = file_sha256(path)
    if target.exists() and file_sha256(target) == sha256:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    with path.open("rb") as source, replacing(target, mode=0o600, name_survives=False) as file:
        while piece := source.read(PIECE):
            file.write(piece)
    if file_sha256(target) != sha256:
        raise KeepingError(f"{target} reads back differently from what was written: look at the disk.")
    return True
