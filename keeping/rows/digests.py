"""What stands in a table, as a count and a hash that are the same on SQLite and PostgreSQL."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Field, Model

BATCH = 2000


@dataclass
class TableDigest:
    """The rows of a table, by their keys: how many, and what they are."""

    count: int = 0
    _hash: Any = field(default_factory=hashlib.sha256, repr=False)

    def add(self, values: Sequence[Any]) -> None:
        """Add the next row."""
        self.count += 1
        self._hash.update(json.dumps([_plain(value) for value in values], sort_keys=True, default=str).encode())

    @property
    def sha256(self) -> str:
        """The hash of what was added so far."""
        return str(self._hash.hexdigest())

    def __eq__(self, other: object) -> bool:
        """Whether the same rows were added in the same order."""
        return isinstance(other, TableDigest) and (self.count, self.sha256) == (other.count, other.sha256)

    __hash__ = None  # type: ignore[assignment]  # it changes


def columns(model: type[Model]) -> "list[Field[Any, Any]]":
    """The columns of a table, in order."""
    return list(model._meta.concrete_fields)


def rows(model: type[Model], alias: str) -> Iterator[tuple[Any, ...]]:
    """Yield a table's rows by their keys, as Python has them."""
    names = [column.attname for column in columns(model)]
    found = model._base_manager.using(alias).order_by("pk").values_list(*names)
    yield from found.iterator(chunk_size=BATCH)


def as_stored(model: type[Model], row: Sequence[Any]) -> list[Any]:
    """A row as any database stores it: messages by key and values, JSON as it is."""
    return [column.get_prep_value(value) for column, value in zip(columns(model), row, strict=True)]


def digest_of(model: type[Model], alias: str) -> TableDigest:
    """Count and hash a table."""
    digest = TableDigest()
    for row in rows(model, alias):
        digest.add(as_stored(model, row))
    return digest


def _plain(value: Any) -> Any:
    """A value that says the same however a database writes it: 1.0 as 1, times in UTC."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
