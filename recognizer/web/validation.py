"""What is wrong with the body of a request, in words for users: the validator's are for programmers."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from recognizer.core.ink.strokes import MAX_COORDINATE

POINT = "tuple["
"""How pydantic's name of a kind of point begins."""
OF_A_LETTER = 4
"""Parts of the path to what a letter of a batch has, such as letters, 0, DrawnLetter, strokes."""


def in_words(errors: Iterable[Mapping[str, Any]]) -> str:
    """The first of pydantic's errors that says what is wrong, as a sentence that says where it is."""
    every = list(errors)
    error = next((each for each in every if not _is_of_another_kind(each, every)), every[0])
    where = [str(part) for part in error["loc"]]
    if not where:
        return _("The request's body is not an object.")
    if point := next((number for number, part in enumerate(where) if part.startswith(POINT)), 0):
        return _(
            "“%(place)s” is not a point: [x, y] or [x, y, t] with finite numbers, x and y between ±%(most)s, t from 0."
        ) % {"place": _place(where[:point]), "most": f"{MAX_COORDINATE:,.0f}"}
    if _kind_of_letter(error) and error["type"] in ("missing", "extra_forbidden", "model_type"):
        return _("“%(place)s” needs one of “strokes”, “image” and “input”, and nothing else.") % {
            "place": _place(where[:2])
        }
    values = error.get("ctx") or {}
    return sentence_of(error["type"], values) % {"place": _place(where), **values}


def _kind_of_letter(error: Mapping[str, Any]) -> str:
    """Which kind of letter of a batch was looked for where an error was found; none outside of a batch."""
    where = error["loc"]
    return str(where[2]) if len(where) > 2 and where[0] == "letters" and str(where[2])[0].isupper() else ""


def _is_of_another_kind(error: Mapping[str, Any], every: Iterable[Mapping[str, Any]]) -> bool:
    """Whether it says that a letter of a batch is not of a kind that it is not meant to be."""
    where = error["loc"][:3]
    return bool(_kind_of_letter(error)) and any(
        each["type"] == "missing" and len(each["loc"]) == OF_A_LETTER for each in every if each["loc"][:3] == where
    )


def _place(where: Iterable[str]) -> str:
    """A path in the words of whoever wrote the body: without the names of our classes."""
    return ".".join(part for part in where if not part[:1].isupper())


def sentence_of(kind: str, limits: Mapping[str, Any]) -> str:
    """The sentence for one of pydantic's kinds of errors, with a gap for the place."""
    if kind == "too_long" and "max_length" in limits:
        return _("“%(place)s” is too long: it may have %(max_length)d entries at most.")
    if kind == "too_short" and "min_length" in limits:
        return _("“%(place)s” is too short: it needs %(min_length)d entries at least.")
    return {
        "consent": _("“%(place)s” must be true: a drawing is kept with its donor's consent only."),
        "missing": _("“%(place)s” is missing."),
        "twice": _("“%(place)s” is there more than once."),
        "extra_forbidden": _("“%(place)s” is not known here; /api/docs shows what is expected."),
        "list_type": _("“%(place)s” is not a list."),
        "string_type": _("“%(place)s” is not a text."),
        "model_type": _("“%(place)s” is not an object."),
    }.get(kind) or _("“%(place)s” is not valid; /api/docs shows what is expected.")
