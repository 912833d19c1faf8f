"""Databases beside the installation's own, opened for a while."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import environ
from django.apps import apps
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from keeping.errors import KeepingError

POSTGRES = "django.db.backends.postgresql"
CONNECT_SECONDS = 10
Settings = Mapping[str, Any]


def sqlite_settings(path: Path) -> Settings:
    """A SQLite file in one piece, without the files beside it that a running installation has."""
    options = {"timeout": 30, "init_command": "PRAGMA journal_mode=DELETE;"}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": options}


def postgres_settings(url: str) -> Settings:
    """The PostgreSQL database of an address.

    Raises:
        KeepingError: it is no such address.

    """
    try:
        found = dict(environ.Env.db_url_config(url))
    except Exception as error:  # whatever a wrong address makes the parser raise
        raise KeepingError(f"“{_without_password(url)}” is no address of a database: {error}") from error
    if found.get("ENGINE") != POSTGRES:
        raise KeepingError(
            "The address must be that of a PostgreSQL database, such as postgres://user:password@host/propis."
        )
    return found | {"OPTIONS": {**found.get("OPTIONS", {}), "connect_timeout": CONNECT_SECONDS}}


def _without_password(url: str) -> str:
    scheme, _sign, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if rest else url


@contextmanager
def opened(settings: Settings) -> Iterator[str]:
    """Open a database under an alias of its own; nothing of it stays open."""
    alias = f"kept-{uuid.uuid4().hex[:8]}"
    configured = connections.configure_settings({DEFAULT_DB_ALIAS: {}, alias: {**settings}})
    connections.settings[alias] = configured[alias]
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]


def own_settings() -> Settings:
    """Settings for one more connection to the installation's own database."""
    kept = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS", "TIME_ZONE")
    return {name: connections[DEFAULT_DB_ALIAS].settings_dict[name] for name in kept}


def is_sqlite(alias: str = DEFAULT_DB_ALIAS) -> bool:
    """Whether it is SQLite."""
    return connections[alias].vendor == "sqlite"


def own_file() -> Path:
    """The file of the installation's own SQLite database."""
    return Path(str(connections[DEFAULT_DB_ALIAS].settings_dict["NAME"]))


def tables() -> list[type[Model]]:
    """Every table of the installed apps, those between two others as well."""
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def quoted(alias: str, model: type[Model]) -> str:
    """The name of a table for a statement."""
    return connections[alias].ops.quote_name(model._meta.db_table)


def has_rows(alias: str) -> bool:
    """Whether anything but what migrations write stands in a database."""
    connection = connections[alias]
    there = set(connection.introspection.table_names())
    made = {"django_content_type", "auth_permission", "auth_group", "auth_group_permissions", "jobs_deployment"}
    asked = [model for model in tables() if model._meta.db_table in there - made]
    return any(model._base_manager.using(alias).exists() for model in asked)


def newer_migration(connection: BaseDatabaseWrapper) -> tuple[str, str] | None:
    """The last migration of a database that this code does not know, as newer code made it; None if it knows all."""
    loader = MigrationExecutor(connection).loader
    ours = {app for app, _name in loader.disk_migrations}
    replaced = {old for migration in loader.disk_migrations.values() for old in migration.replaces}
    known = {*loader.disk_migrations, *replaced}
    return max((key for key in loader.applied_migrations if key[0] in ours and key not in known), default=None)


def pending_migrations(connection: BaseDatabaseWrapper) -> int:
    """How many migrations a database still lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate(alias: str) -> None:
    """Bring a database up to date.

    Raises:
        KeepingError: it does not answer, or newer code has made it.

    """
    try:
        newer = newer_migration(connections[alias])
        if newer is None:
            call_command("migrate", database=alias, verbosity=0, interactive=False)
    except DatabaseError as error:
        raise KeepingError(f"The database does not answer: {str(error).strip().partition(chr(10))[0]}") from error
    if newer is not None:
        raise KeepingError(
            f"It was made by a newer version of Propis ({' '.join(newer)}): update this copy of the program first."
        )
