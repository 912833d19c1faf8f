"""A copy of all rows at one instant, as a SQLite file, whatever the installation's database: while workers write."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from keeping.errors import KeepingError
from keeping.rows.copying import copy_all
from keeping.rows.databases import (
    is_sqlite,
    migrate,
    opened,
    own_file,
    own_settings,
    pending_migrations,
    sqlite_settings,
)

OF_THE_MOMENT = {
    "keeping_backup": "DELETE FROM keeping_backup WHERE state IN ('queued', 'running', 'paused')",
    "jobs_workerprocess": "DELETE FROM jobs_workerprocess",
}
"""Rows of what goes on just now, by table, and how they go from a copy.

The backup that is being made would be made once more by whoever restores it, and a worker that showed its life a moment
ago would count as living there. Jobs keep their workers' names and heartbeats: the reaper puts them back by these.
"""


def take(path: Path, progress: Callable[[str], None] = lambda words: None) -> None:
    """Write the copy to `path`, which is not there yet.

    Raises:
        KeepingError: there is no database, or it is not up to date (PostgreSQL only).
        sqlite3.Error, OSError: it cannot be written.

    """
    if is_sqlite():
        _copy_file(own_file(), path)
    else:
        _copy_rows(path, progress)
    with closing(sqlite3.connect(path)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")  # all in one file
        copy.commit()
    leave_moment_out(path)


def leave_moment_out(path: Path) -> None:
    """Delete from such a file what speaks of work and workers at the instant of the copy."""
    with closing(sqlite3.connect(path)) as copy:
        there = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
        for table in there & OF_THE_MOMENT.keys():
            copy.execute(OF_THE_MOMENT[table])
        copy.commit()


def _copy_file(file: Path, path: Path) -> None:
    """SQLite's own backup: it reads one state of the database, and keeps nobody from writing."""
    if not file.exists():
        raise KeepingError("There is no database yet: `make setup` or `make run` makes it.")
    with closing(sqlite3.connect(file, timeout=30)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)


def _copy_rows(path: Path, progress: Callable[[str], None]) -> None:
    """From PostgreSQL row by row, all as of one instant."""
    if pending_migrations(connections[DEFAULT_DB_ALIAS]):
        raise KeepingError("The database is of an earlier version: `make setup` brings it up to date.")
    with opened(own_settings()) as source, opened(sqlite_settings(path)) as target:
        migrate(target)
        with transaction.atomic(using=source), connections[source].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            copy_all(source, target, progress)


def counts(path: Path) -> dict[str, int]:
    """How many rows each table of such a file has."""
    with closing(sqlite3.connect(path)) as copy:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        names = [name for (name,) in copy.execute(query)]
        return {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608


def is_sound(path: Path) -> bool:
    """Whether SQLite finds nothing wrong with such a file."""
    try:
        with closing(sqlite3.connect(path)) as copy:
            return bool(copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False
