"""What the pages show of a reading and of a model's card."""

from typing import Any

import numpy as np
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from recognizer.models import StoredModel
from recognizer.recognition import Reading

SIDE = 28


def show_reading(reading: Reading, *, sure_from: float) -> dict[str, Any]:
    """Turn a reading into what templates/recognizer/reading.html fills in."""
    (first, probability), (second, _rest) = reading.best[0], reading.best[1]
    return {
        "letter": first,
        "second": second,
        "probability": probability,
        "is_sure": probability >= sure_from,
        "best": reading.best,
        "pixels": pixels(reading.input, ink_bright=reading.model.ink.ink_bright),
        "milliseconds": reading.milliseconds,
        "model": reading.model,
    }


def pixels(values: NDArray[np.uint8], *, ink_bright: bool) -> list[tuple[int, int, float]]:
    """List the pixels with ink of a uint8 (784,) input: (x, y, opacity 0…1)."""
    image = values.reshape(SIDE, SIDE)
    ink = image if ink_bright else 255 - image
    rows, columns = np.nonzero(ink)
    return [(int(x), int(y), round(float(ink[y, x]) / 255, 3)) for y, x in zip(rows, columns, strict=True)]


def card_sections(model: StoredModel) -> dict[str, Any]:
    """The parts of a model's card that its page lists: name and value each."""
    card = model.card
    return {
        "made": parse_datetime(str(card.get("created", ""))) or model.created_at,
        "accuracy": [(name, float(value)) for name, value in sorted(model.accuracy.items())],
        "data_sets": [(name, _flat_items(about)) for name, about in sorted((card.get("data_sets") or {}).items())],
        "recipe": _flat_items(card.get("recipe")),
        "versions": _flat_items(card.get("versions")),
        "credits": [str(line) for line in card.get("credits") or ()],
    }


def _flat_items(mapping: Any) -> list[tuple[str, str]]:
    """List a mapping's items as text; nested mappings and lists on one line each."""
    return [(str(name), _as_text(value)) for name, value in mapping.items()] if isinstance(mapping, dict) else []


def _as_text(value: Any) -> str:
    """Write a value of JSON as a person would."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_as_text(content)}" for name, content in value.items()) or "—"
    if isinstance(value, list | tuple):
        return ", ".join(_as_text(content) for content in value) or "—"
    return "—" if value is None else str(value)
