"""What each field of a model's card must be, beside what `card_content` asks of all of them."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime
from typing import Any, Callable

from recognizer.core.activations import ACTIVATIONS
from recognizer.core.card_content import MAX_WHOLE
from recognizer.core.messages import message as _
from recognizer.core.precision import PRECISIONS

FORMAT = 1
"""The version of the model file's format; a reader refuses later ones."""
MAX_LAYERS = 16
MAX_PARAMETERS = 16_000_000
MAX_LETTERS = 250
MAX_LISTED = 100
"""Data sets, libraries and lines of credits that a card lists, each."""
YEARS = (1970, 2199)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 100 and value.isprintable() and not value.isspace()


def _is_whole(value: object) -> bool:
    return type(value) is int and -MAX_WHOLE <= value < MAX_WHOLE


def _are_sizes(value: object) -> bool:
    return (
        isinstance(value, tuple)
        and 2 <= len(value) <= MAX_LAYERS + 1
        and all(type(size) is int and 0 < size <= MAX_PARAMETERS for size in value)
    )


def _are_letters(value: object) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value) <= MAX_LETTERS
        and len(set(value)) == len(value)
        and not any(letter.isspace() or not letter.isprintable() for letter in value)
    )


def _is_date(value: object) -> bool:
    if not isinstance(value, str) or not value.isascii():
        return False
    try:
        day = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    except ValueError:
        return False
    return YEARS[0] <= day.year <= YEARS[1]


def _is_mapping(value: object) -> bool:
    return isinstance(value, dict)


def _is_listing(value: object) -> bool:
    return isinstance(value, dict) and len(value) <= MAX_LISTED


def _is_share(value: object) -> bool:
    return not isinstance(value, bool) and isinstance(value, (int, float)) and 0 <= value <= 1


def _is_sha256(value: object) -> bool:
    return isinstance(value, str) and len(value) == 64 and all(digit in "0123456789abcdef" for digit in value)


def _one_of(names: Container[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in names


RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "format": (
        lambda value: _is_whole(value) and 1 <= value <= FORMAT,
        _("a whole number from 1 to %(most)d") % {"most": FORMAT},
    ),
    "name": (_is_name, _("a line of 1 to 100 characters")),
    "sizes": (
        _are_sizes,
        _("two to %(most)d positive whole numbers") % {"most": MAX_LAYERS + 1},
    ),
    "activation": (_one_of(ACTIVATIONS), _("one of %(names)s") % {"names": ", ".join(ACTIVATIONS)}),
    "ink_specification": (_is_name, _("a line of 1 to 100 characters")),
    "created": (_is_date, _("an ISO 8601 date from %(first)s to %(last)s") % {"first": YEARS[0], "last": YEARS[1]}),
    "letters": (_are_letters, _("a text of 1 to %(most)d different letters") % {"most": MAX_LETTERS}),
    "precision": (_one_of(PRECISIONS), _("one of %(names)s") % {"names": ", ".join(PRECISIONS)}),
    "title": (_is_text, _("a text")),
    "seed": (lambda value: value is None or _is_whole(value), _("a whole number of 64 bits or nothing")),
    "data_sets": (_is_listing, _("an object with at most %(most)d data sets") % {"most": MAX_LISTED}),
    "recipe": (_is_mapping, _("an object")),
    "accuracy": (
        lambda value: _is_listing(value) and all(map(_is_share, value.values())),
        _("shares from 0 to 1 by data set, at most %(most)d") % {"most": MAX_LISTED},
    ),
    "versions": (
        lambda value: _is_listing(value) and all(map(_is_text, value.values())),
        _("versions by library, at most %(most)d") % {"most": MAX_LISTED},
    ),
    "licence": (_is_text, _("a text")),
    "credits": (
        lambda value: isinstance(value, tuple) and len(value) <= MAX_LISTED and all(map(_is_text, value)),
        _("a list of at most %(most)d texts") % {"most": MAX_LISTED},
    ),
    "parent": (lambda value: value is None or _is_sha256(value), _("a SHA-256 or nothing")),
}
"""Of each field: whether a value may stand there, and in words what may."""
