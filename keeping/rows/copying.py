"""Copying all rows from one database into another, in one transaction: all of them with the same hashes, or none."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import DatabaseError, DataError, connections, transaction
from django.db.models import Model

from keeping.errors import KeepingError
from keeping.rows import sequences
from keeping.rows.databases import is_sqlite, quoted, tables
from keeping.rows.digests import BATCH, TableDigest, as_stored, columns, digest_of, rows


def copy_all(source: str, target: str, progress: Callable[[str], None] = lambda words: None) -> dict[str, TableDigest]:
    """Make the target's rows those of the source; both are up to date and nobody writes into the source.

    Returns:
        What each table holds now.

    Raises:
        KeepingError: a value cannot be stored there, or what is read back is not what was written; nothing changed.

    """
    try:
        with transaction.atomic(using=target):
            _empty(target)
            copied = {model: _copy(model, source, target, progress) for model in tables()}
            sequences.go_on_from(target, sequences.last_keys(source))
            _verify(copied, target, progress)
    except DatabaseError as error:
        raise KeepingError(
            f"The database did not take the rows: {str(error).strip().partition(chr(10))[0]}. Nothing was changed."
        ) from error
    return {model._meta.db_table: digest for model, digest in copied.items()}


def _empty(alias: str) -> None:
    with connections[alias].cursor() as cursor:
        if is_sqlite(alias):
            for model in tables():
                cursor.execute(f"DELETE FROM {quoted(alias, model)}")  # noqa: S608
        else:
            cursor.execute(f"TRUNCATE {', '.join(quoted(alias, model) for model in tables())}")


def _copy(model: type[Model], source: str, target: str, progress: Callable[[str], None]) -> TableDigest:
    """Copy a table; foreign keys are looked at when the transaction ends."""
    digest = TableDigest()
    insert = _insert if is_sqlite(target) else _stream
    try:
        insert(model, target, _prepared(model, source, target, digest))
    except DataError as error:
        raise KeepingError(f"A row of {model._meta.db_table} cannot be stored there: {error}".strip()) from error
    progress(f"{model._meta.db_table}: {digest.count:,} rows")
    return digest


def _prepared(model: type[Model], source: str, target: str, digest: TableDigest) -> Iterator[list[Any]]:
    """Yield the rows of the source as the target takes them, and add them to a digest."""
    into, fields = connections[target], columns(model)
    for row in rows(model, source):
        digest.add(as_stored(model, row))
        yield [field.get_db_prep_save(value, into) for field, value in zip(fields, row, strict=True)]


def _stream(model: type[Model], target: str, prepared: Iterator[Sequence[Any]]) -> None:
    """PostgreSQL's COPY."""
    words = f"COPY {quoted(target, model)} ({_names(model, target)}) FROM STDIN"
    with connections[target].cursor() as cursor, cursor.copy(words) as copy:
        for row in prepared:
            copy.write_row(row)


def _insert(model: type[Model], target: str, prepared: Iterator[Sequence[Any]]) -> None:
    places = ", ".join(["%s"] * len(columns(model)))
    words = f"INSERT INTO {quoted(target, model)} ({_names(model, target)}) VALUES ({places})"  # noqa: S608
    with connections[target].cursor() as cursor:
        while batch := list(islice(prepared, BATCH)):
            cursor.executemany(words, batch)


def _names(model: type[Model], alias: str) -> str:
    return ", ".join(connections[alias].ops.quote_name(str(field.column)) for field in columns(model))


def _verify(copied: dict[type[Model], TableDigest], target: str, progress: Callable[[str], None]) -> None:
    progress("reading the rows back")
    for model, digest in copied.items():
        if digest_of(model, target) != digest:
            raise KeepingError(
                f"What was written into {model._meta.db_table} reads back differently. Nothing was changed."
            )
