"""Work that has not ended and refers to certain rows, of whatever kind it is: found by the relations of their model."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Protocol

from django.db.models import Model


class Work(Protocol):
    """A row of a kind of work that people order: a job, or what is made of jobs."""

    _meta: ClassVar[Any]

    @classmethod
    def unfinished_of(cls, rows: Sequence[Model]) -> "Iterable[Work]":
        """Those that have not ended and refer to any of these rows, which are of one table."""

    def get_state_display(self) -> str:
        """Its state in words."""

    def get_absolute_url(self) -> str:
        """Address of its page."""


def unfinished_of(rows: Sequence[Model]) -> list[Work]:
    """All work that has not ended and refers to any of these rows, which are of one table."""
    return [each for kind in _kinds_of(type(rows[0])) for each in kind.unfinished_of(rows)] if rows else []


def _kinds_of(model: type[Model]) -> list[type[Work]]:
    """The kinds of work that refer to a model."""
    back = (each for each in model._meta.get_fields(include_hidden=True) if each.auto_created and not each.concrete)
    kinds: set[Any] = {each.related_model for each in back}
    return sorted((kind for kind in kinds if hasattr(kind, "unfinished_of")), key=lambda kind: str(kind._meta.label))
