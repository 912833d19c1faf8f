"""Putting a checked backup in place of what is there, which is set aside.

The steps stand in a file before the first one is taken. Each is taken at most once, so that whoever finds the file
goes on with it: a restore that was killed is finished by the next one, by a set-up or by a start.
"""

import itertools
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from keeping import kept_files
from keeping.archive.manifest import DATABASE, FILES
from keeping.errors import KeepingError
from keeping.rows import snapshot
from keeping.rows.copying import copy_all
from keeping.rows.databases import has_rows, is_sqlite, migrate, opened, own_file, sqlite_settings
from recognizer.core.files import replacing

OWN_DATABASE = "propis.sqlite3"
"""Its name in the folder that was set aside, which so is an installation of its own."""


@dataclass(frozen=True)
class Swap:
    """A restore that has begun to change the installation.

    Attributes:
        staging: folder of the backup's files, below the folder of all state.
        aside: folder that takes what was there.
        moves: files and folders to be renamed, in order, all below the folder of all state; empty once that is done.

    """

    staging: str
    aside: str
    moves: list[list[str]]


def _file() -> Path:
    path: Path = settings.PROPIS_VAR / "restore.json"
    return path


def _write(swap: Swap) -> None:
    with replacing(_file(), mode=0o600) as file:
        file.write(json.dumps(asdict(swap)).encode())


def begun() -> Swap | None:
    """The restore that was begun and not finished."""
    try:
        return Swap(**json.loads(_file().read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def begin(checked: Path) -> Swap:
    """Take over a checked backup and write down what is to be done with it. Nothing else has changed yet.

    Raises:
        KeepingError: the SQLite file is in another folder.

    """
    var: Path = settings.PROPIS_VAR
    if is_sqlite() and own_file().parent.resolve() != var:
        raise KeepingError(f"The database {own_file()} is not in the folder of all state {var}: move it there.")
    connections[DEFAULT_DB_ALIAS].close()  # the last one to close a SQLite database leaves a single file
    aside = _free_name(var)
    staging = checked.rename(var / f".restored-{checked.name.rpartition('-')[2]}")
    swap = Swap(staging.name, aside, list(_moves(var, staging, aside)))
    _write(swap)
    return swap


def _free_name(var: Path) -> str:
    """A folder for what is set aside, which is not there yet."""
    named = f"set-aside/{datetime.now(UTC):%Y%m%d-%H%M%S}"
    names = itertools.chain([named], (f"{named}-{number}" for number in itertools.count(2)))
    return next(name for name in names if not (var / name).exists())


def _moves(var: Path, staging: Path, aside: str) -> Iterator[list[str]]:
    """Yield what is renamed to what. The new database comes last: who looks meanwhile finds none, or a whole one."""
    if is_sqlite():
        file = own_file()
        names = [f"{file.name}{end}" for end in ("", "-wal", "-shm") if Path(f"{file}{end}").exists()]
        yield from ([name, f"{aside}/{name.replace(file.name, OWN_DATABASE)}"] for name in names)
    for top in kept_files.TOPS:
        is_new = (staging / FILES / top).exists()
        if (var / top).exists() and (is_new or top != kept_files.SECRET_KEY):
            yield [top, f"{aside}/{top}"]
        if is_new:
            yield [f"{staging.name}/{FILES}/{top}", top]
    if is_sqlite():
        yield [f"{staging.name}/{DATABASE}", own_file().name]


def finish() -> Swap | None:
    """Do, or go on with, what was begun; return it, or None where nothing was.

    Raises:
        KeepingError: the database does not take the rows; then the restore is off, and what was there is still there.

    """
    swap = begun()
    if swap is None:
        return None
    var: Path = settings.PROPIS_VAR
    if swap.moves and not is_sqlite():
        _exchange_rows(swap, var)
    connections[DEFAULT_DB_ALIAS].close()
    for old, new in swap.moves:
        source, target = var / old, var / new
        if source.exists() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)
    _write(replace(swap, moves=[]))
    _end(swap)
    return swap


def _end(swap: Swap) -> None:
    """Remove what is left of the unpacked backup, then the note of it."""
    shutil.rmtree(settings.PROPIS_VAR / swap.staging, ignore_errors=True)
    _file().unlink()


def _exchange_rows(swap: Swap, var: Path) -> None:
    """Put the rows that are there beside the files that are set aside, and the backup's in their place."""
    if has_rows(DEFAULT_DB_ALIAS):
        kept = var / swap.aside / OWN_DATABASE
        kept.parent.mkdir(parents=True, exist_ok=True)
        if not kept.exists():
            part = kept.with_suffix(".part")
            part.unlink(missing_ok=True)
            snapshot.take(part)
            part.rename(kept)
    try:
        migrate(DEFAULT_DB_ALIAS)
        with opened(sqlite_settings(var / swap.staging / DATABASE)) as staged:
            copy_all(staged, DEFAULT_DB_ALIAS)
    except KeepingError:  # nothing was changed, and may be later
        _end(swap)
        raise
