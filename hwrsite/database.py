"""Migrating the database: one process at a time, with a copy kept; a newer database is refused."""

import fcntl
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from keeping.rows.databases import newer_migration

KEPT = 3
LOCK = 0x50726F706973
"""Number of PostgreSQL's advisory lock: the letters of the product's name."""


@contextmanager
def only_us() -> Iterator[None]:
    """Wait until no other set-up of this database runs, and make later ones wait."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        return
    with (settings.PROPIS_VAR / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def refuse_newer() -> None:
    """Refuse to touch a database that newer code has migrated.

    Raises:
        CommandError: it has migrations that this code does not know.

    """
    if newer := newer_migration(connection):
        raise CommandError(
            f"The database was made by a newer version of Propis ({' '.join(newer)}): update this copy of the program, "
            "or choose another database."
        )


def reason(error: DatabaseError) -> str | None:
    """Say why a command could not use the database: it is away, was never made, or is of an earlier version.

    None where neither holds: then the error is a fault of ours.
    """
    try:
        return lacking()
    except DatabaseError:
        return f"The database does not answer: {str(error).strip().partition(chr(10))[0]}"


def lacking() -> str | None:
    """Say that it was never made, or is of an earlier version; None where neither holds.

    Raises:
        DatabaseError: it does not answer.

    """
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not executor.loader.applied_migrations:
        return "There is no database yet: `make setup` or `make run` makes it."
    return "The database is of an earlier version: `make setup` brings it up to date." if plan else None


def wait_for_tables(say: Callable[[str], object]) -> None:
    """Wait until the database lacks nothing, each thing said once. One that is away is no matter of this."""
    said = None
    with suppress(DatabaseError):
        while words := lacking():
            if words != said:
                say(words)
            said = words
            time.sleep(settings.JOB_LOOK_SECONDS)


def copy_aside(plan: list[Any], using: str = DEFAULT_DB_ALIAS, **_kwargs: Any) -> None:
    """Before migrations are applied, copy a SQLite database that has tables; the last three copies are kept."""
    file = Path(str(connection.settings_dict["NAME"]))
    if (
        using != DEFAULT_DB_ALIAS
        or not plan
        or connection.vendor != "sqlite"
        or "django_migrations" not in connection.introspection.table_names()
    ):
        return
    folder = settings.PROPIS_VAR / "backups"
    folder.mkdir(exist_ok=True)
    number = max((int(path.stem.rpartition("-")[2]) for path in _copies(folder)), default=0) + 1
    part = folder / f"before-migration-{number:04d}.part"
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(part)) as target:
        source.backup(target)
    part.rename(part.with_suffix(".sqlite3"))
    for path in _copies(folder)[:-KEPT]:
        path.unlink()


def _copies(folder: Path) -> list[Path]:
    return sorted(folder.glob("before-migration-*.sqlite3"))
