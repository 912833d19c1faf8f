"""What the pages show of a reading, of a model's card, and of a decision about a picture."""

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import numpy as np
from django.conf import settings
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import get_format
from django.utils.module_loading import import_string
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext
from numpy.typing import NDArray

from recognizer.core.card_content import plain
from recognizer.core.doubt import KEY as DOUBT
from recognizer.core.ink.directions import COMPASS
from recognizer.models import StoredModel
from recognizer.reading import Reading

SIDE = 28
MOST_CHARACTERS = 300
MOST_ROWS = 60
MOST_DATA_SETS = 10
"""Of a card, on a page; what a card has more stays in its file."""
FACTS = {
    "archive": gettext_noop("archive"),
    "content_sha256": gettext_noop("SHA-256 of the content"),
    "licence": gettext_noop("licence"),
    "seed": gettext_noop("seed"),
    "source": gettext_noop("source"),
    "test": gettext_noop("test images"),
    "train": gettext_noop("training images"),
    "validation": gettext_noop("validation images"),
}
"""What a card says of a data set, by its key there."""


def show_reading(reading: Reading, *, sure_from: float) -> dict[str, Any]:
    """Turn a reading into what templates/recognizer/reading.html fills in."""
    (first, probability), (second, _rest) = reading.best[0], reading.best[1]
    return {
        "letter": first,
        "second": second,
        "probability": probability,
        "is_sure": probability >= sure_from and not reading.refused,
        "refused": reading.refused,
        "twin": reading.twin,
        "best": reading.best,
        "pixels": pixels(reading.picture, ink_bright=reading.model.ink.ink_bright),
        "maps": direction_maps(reading.input, reading.model.ink.shape),
        "milliseconds": reading.milliseconds,
        "model": reading.model,
    }


def pixels(values: NDArray[np.uint8], *, ink_bright: bool) -> list[tuple[int, int, float]]:
    """List the pixels with ink of a uint8 (784,) picture: (x, y, opacity 0…1)."""
    image = values.reshape(SIDE, SIDE)
    ink = image if ink_bright else 255 - image
    rows, columns = np.nonzero(ink)
    return [(int(x), int(y), round(float(ink[y, x]) / 255, 3)) for y, x in zip(rows, columns, strict=True)]


def direction_maps(values: NDArray[np.uint8], shape: tuple[int, ...]) -> dict[str, Any] | None:
    """The maps of an input of eight directions, around an empty middle as on a compass; None for another input.

    The side of the square that they lie in, one unit apart, the side of each, their corners (x, y), and the values that
    are not 0: (x, y, opacity 0…1).
    """
    if len(shape) != 3:
        return None
    maps, grid = values.reshape(shape), shape[-1]
    corners = [(column * (grid + 1), row * (grid + 1)) for column, row in COMPASS]
    places = [(corners[number], x, y, maps[number, y, x]) for number, y, x in zip(*np.nonzero(maps), strict=True)]
    cells = [(left + int(x), top + int(y), round(float(value) / 255, 3)) for (left, top), x, y, value in places]
    return {"side": 3 * grid + 2, "grid": grid, "frames": corners, "cells": cells}


def cut(value: Any, most: int = MOST_CHARACTERS) -> str:
    """Write a text so that it can be shown: without control characters, and not longer than this."""
    text: str = plain(str(value)[: most + 1])
    return text if len(text) <= most else f"{text[: most - 1]}…"


def card_sections(model: StoredModel) -> dict[str, Any]:
    """The parts of a model's card that its page lists: name and value each, what is long cut.

    Beside an accuracy stands its parent's. A short card leaves licence and credits to its parent's.
    """
    card = model.card
    parent = model.parent.card if model.parent else {}
    before = model.parent.accuracy if model.parent else {}
    data_sets = sorted((card.get("data_sets") or {}).items())
    return {
        "title": cut(card.get("title", "")),
        "letters": cut(card.get("letters", "")),
        "seed": None if card.get("seed") is None else cut(card["seed"]),
        "licence": cut(card.get("licence") or parent.get("licence", "")),
        "made": _made(model),
        "accuracy": [
            (cut(name, 60), share, before.get(name)) for name, share in sorted(model.accuracy.items())[:MOST_DATA_SETS]
        ],
        "data_sets": [(cut(name, 100), _rows(about, _facts())) for name, about in data_sets[:MOST_DATA_SETS]],
        "data_sets_left_out": max(0, len(data_sets) - MOST_DATA_SETS),
        "recipe": _rows({name: value for name, value in _recipe(card).items() if name != DOUBT}, _labels()),
        "doubt": _doubt(_recipe(card).get(DOUBT)),
        "versions": _rows(card.get("versions")),
        "credits": [cut(line) for line in (card.get("credits") or parent.get("credits") or ())[:MOST_ROWS]],
    }


def accuracy_columns(shares: Iterable[Mapping[str, float]]) -> list[str]:
    """Data sets whose accuracy a list of models shows: those that most of them have, by name."""
    counts = Counter(name for of_model in shares for name in of_model)
    return sorted(sorted(counts, key=lambda name: (-counts[name], name))[:MOST_DATA_SETS])


def _made(model: StoredModel) -> datetime | date:
    """When the card says that it was made, if that can be shown here."""
    with suppress(ValueError, OverflowError):
        text = str(model.card.get("created", ""))
        made = parse_date(text) or parse_datetime(text)
        if made is not None and 1 < made.year < 9999:
            return localtime(made) if isinstance(made, datetime) and made.tzinfo else made
    return model.created_at


def _recipe(card: dict[str, Any]) -> dict[str, Any]:
    recipe = card.get("recipe")
    return recipe if isinstance(recipe, dict) else {}


def _doubt(doubt: Any) -> dict[str, Any] | None:
    """What a card says of the network's doubt: temperature, threshold (None refuses nothing), kinds of non-letters."""
    if not isinstance(doubt, dict) or not doubt:
        return None
    kinds = doubt.get("non_letters")
    return {
        "temperature": doubt.get("temperature"),
        "threshold": doubt.get("threshold"),
        "non_letters": len(kinds) if isinstance(kinds, dict | list) else 0,
    }


def _facts() -> dict[str, str]:
    return {key: _(name) for key, name in FACTS.items()}


def _labels() -> dict[str, str]:
    """What the hyperparameters of a recipe are called: recognizer knows nothing of training, the settings do."""
    labels: dict[str, str] = (
        import_string(settings.HYPERPARAMETER_PROVIDER)() if settings.HYPERPARAMETER_PROVIDER else {}
    )
    return labels


def _rows(mapping: Any, names: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """List a mapping's items as text, by these names where they have one; what is nested on one line each."""
    if not isinstance(mapping, dict):
        return []
    known = names or {}
    items = list(mapping.items())[:MOST_ROWS]
    rows = [(known.get(name) or cut(name, 60), cut(_as_text(value))) for name, value in items]
    if left_out := len(mapping) - len(rows):
        rows.append(("…", ngettext("%(count)d more", "%(count)d more", left_out) % {"count": left_out}))
    return rows


def _as_text(value: Any, depth: int = 0) -> str:
    """Write a value of JSON as a person would, without what lies too deep or comes too late to be shown."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict | list | tuple) and depth > 4:
        return "…"
    if isinstance(value, dict):
        items = list(value.items())[:MOST_ROWS]
        return ", ".join(f"{cut(name, 60)}: {_as_text(content, depth + 1)}" for name, content in items) or "—"
    if isinstance(value, list | tuple):
        separator = "; " if any(isinstance(content, float) for content in value) else ", "
        return separator.join(_as_text(content, depth + 1) for content in value[:MOST_ROWS]) or "—"
    if isinstance(value, float):
        return str(value).replace(".", get_format("DECIMAL_SEPARATOR"))
    return "—" if value is None else cut(value)


def decision_shown(action: str, letter: str = "") -> dict[str, str]:
    """What was decided of a picture, for the pages of reviews and their script; empty texts where nothing was.

    Args:
        action: `accept`, `reject`, `relabel`, or "".
        letter: for `relabel`.

    """
    words = {
        "": "",
        "accept": pgettext("a picture", "kept"),
        "reject": pgettext("a picture", "removed"),
        "relabel": _("now %(letter)s") % {"letter": letter},
    }
    return {"action": action, "words": words[action]}
