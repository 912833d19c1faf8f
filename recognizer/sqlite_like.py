"""Search on SQLite is blind to case in every alphabet, as on PostgreSQL: SQLite's own LIKE knows A to Z alone."""

import re
from functools import lru_cache
from typing import Any

from django.db.backends.signals import connection_created

ARGUMENTS = (2, 3)  # `text LIKE pattern`, and the same with ESCAPE
KEPT = 64


def install() -> None:
    """Give every connection to SQLite that is opened from now on a LIKE of our own."""
    connection_created.connect(_extend, dispatch_uid="sqlite_like")


def _extend(connection: Any, **_about: Any) -> None:
    if connection.vendor == "sqlite":
        for count in ARGUMENTS:
            connection.connection.create_function("like", count, like, deterministic=True)


def like(pattern: str | None, text: Any, escape: str = "") -> bool | None:
    """Whether a text fits a pattern, in which `%` stands for any text and `_` for any character."""
    if pattern is None or text is None:
        return None
    return _compiled(str(pattern), escape).fullmatch(str(text)) is not None


@lru_cache(maxsize=KEPT)
def _compiled(pattern: str, escape: str) -> re.Pattern[str]:
    wildcards = {"%": ".*", "_": "."}
    parts: list[str] = []
    characters = iter(pattern)
    for character in characters:
        if character == escape:
            parts.append(re.escape(next(characters, "")))
        else:
            parts.append(wildcards.get(character) or re.escape(character))
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)
