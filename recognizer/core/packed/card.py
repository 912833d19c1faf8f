"""The short card of a packed model file: what is not found by its parent's SHA-256."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from recognizer.core.card_content import plain
from recognizer.core.doubt import MAX_KINDS, Doubt
from recognizer.core.messages import message as _
from recognizer.core.model_card import ModelCard, ModelFileError

MAX_BYTES = 600
NEEDED = ("name", "sizes", "activation", "ink_specification", "letters", "precision", "created")
LEFT_OUT_IF_EMPTY = ("parent", "accuracy", "temperature", "threshold", "non_letters")
DIGITS = 4
"""Of an accuracy after the point: a hundredth of a point."""


def to_json(card: ModelCard) -> bytes:
    """The short card: without accuracies where they find no room. Raises ModelFileError if it is too long even so."""
    content = _content(card)
    text = _dumped(content)
    if len(text) > MAX_BYTES:
        text = _dumped({**content, "accuracy": {}})
    if len(text) > MAX_BYTES:
        raise ModelFileError(
            _("The card of a packed model has at most %(most)d bytes, not %(found)d: give the model a shorter name.")
            % {"most": MAX_BYTES, "found": len(text)}
        )
    return text


def from_json(text: bytes) -> tuple[ModelCard, Doubt, int]:
    """The card, its doubt as yet without non-letters, and how many kinds of those follow. Raises ModelFileError."""
    card = _parsed(text)
    wrong = sorted(set(NEEDED) - set(card)) + sorted(set(card) - set(NEEDED) - set(LEFT_OUT_IF_EMPTY))
    if wrong:
        names = ", ".join(f"“{plain(key[:40])}”" for key in wrong[:3])
        raise ModelFileError(
            _("The model's card lacks keys, or has ones that it should not: %(wrong)s.") % {"wrong": names}
        )
    if not isinstance(card["sizes"], list):
        raise ModelFileError(_("The model's card has a bad “%(key)s”: it must be a list.") % {"key": "sizes"})
    kinds = card.pop("non_letters", 0)
    if type(kinds) is not int or not 0 <= kinds <= MAX_KINDS:
        raise ModelFileError(
            _("The model's card has a bad “non_letters”: it must be a whole number from 0 to %(most)d.")
            % {"most": MAX_KINDS}
        )
    doubt = _doubt(card.pop("temperature", 1.0), card.pop("threshold", None))
    fields: dict[str, Any] = {**card, "sizes": tuple(card["sizes"])}
    return ModelCard(**fields, versions={}), doubt, kinds


def _content(card: ModelCard) -> dict[str, Any]:
    doubt = card.doubt()
    return {
        "name": card.name,
        "sizes": list(card.sizes),
        "activation": card.activation,
        "ink_specification": card.ink_specification,
        "letters": card.letters,
        "precision": card.precision,
        "created": card.created[: len("2000-01-01")],
        "parent": card.parent,
        "temperature": None if doubt.temperature == 1 else doubt.temperature,
        "threshold": doubt.threshold,
        "non_letters": len(doubt.kinds),
        "accuracy": {name: round(share, DIGITS) for name, share in card.accuracy.items()},
    }


def _dumped(content: dict[str, Any]) -> bytes:
    kept = {key: value for key, value in content.items() if value or key not in LEFT_OUT_IF_EMPTY or value == 0.0}
    kept = {key: value for key, value in kept.items() if not (key == "non_letters" and not value)}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def _parsed(text: bytes) -> dict[str, Any]:
    try:
        card = json.loads(text.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ModelFileError(_("The model's card is not valid JSON.")) from error
    if not isinstance(card, dict):
        raise ModelFileError(_("The model's card is not a JSON object."))
    return card


def _doubt(temperature: Any, threshold: Any) -> Doubt:
    try:
        return Doubt(temperature, threshold)
    except ValueError as error:
        raise ModelFileError(_("The model's card has a bad “doubt”: %(why)s.") % {"why": error.args[0]}) from error


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)
