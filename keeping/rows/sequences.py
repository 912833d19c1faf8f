"""The last key that each table has given out, also to rows that are deleted: no key is given out twice after a move."""

from collections.abc import Iterator, Mapping

from django.db import connections
from django.db.models import AutoField, Model

from keeping.rows.databases import is_sqlite, tables


def numbered() -> Iterator[tuple[type[Model], str]]:
    """Yield the tables that number their rows, with the column."""
    for model in tables():
        if isinstance(model._meta.pk, AutoField) or "Auto" in type(model._meta.pk).__name__:
            yield model, str(model._meta.pk.column)


def last_keys(alias: str) -> dict[str, int]:
    """The last key given out by each table; those that have given out none are left out."""
    with connections[alias].cursor() as cursor:
        if is_sqlite(alias):
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            known = {model._meta.db_table for model in tables()}
            return {name: int(last) for name, last in cursor.fetchall() if name in known and last}
        found = {}
        for model, column in numbered():
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{model._meta.db_table}"', column])
            cursor.execute(f"SELECT last_value, is_called FROM {cursor.fetchone()[0]}")  # noqa: S608
            last, is_called = cursor.fetchone()
            if is_called:
                found[model._meta.db_table] = int(last)
        return found


def go_on_from(alias: str, last: Mapping[str, int]) -> None:
    """Let each table give out the key after its last one."""
    with connections[alias].cursor() as cursor:
        for model, column in numbered():
            name = model._meta.db_table
            if is_sqlite(alias):
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, last.get(name, 0)])
            else:
                given = last.get(name)
                words: list[str | int] = [f'"{name}"', column, given or 1, given is not None]
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)", words)
