"""What the values of a model's card may be, whoever wrote it, so that every database keeps and every page shows it."""

from __future__ import annotations

import math
import unicodedata
from typing import Any, Optional

from recognizer.core.messages import message as _

MAX_TEXT = 10_000
MAX_KEY = 200
MAX_DEPTH = 8
MAX_VALUES = 5_000
"""Values of one field of a card, those of nested lists and objects counted in."""
MAX_WHOLE = 2**63
_LINES = "\n\r\t"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def is_plain(text: str) -> bool:
    """Whether a text has neither control characters, beside ends of lines and tabs, nor halves of surrogate pairs."""
    return text.isprintable() or not any(map(_is_unfit, text))


def plain(value: Any) -> Any:
    """The same value of JSON; in its texts what is not plain is replaced, and what is too long is cut."""
    if isinstance(value, str):
        text = value if is_plain(value) else "".join(REPLACEMENT if _is_unfit(each) else each for each in value)
        return text[:MAX_TEXT]
    if isinstance(value, dict):
        return {plain(key)[:MAX_KEY]: plain(content) for key, content in value.items()}
    return [plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def fault_of(value: Any) -> Optional[str]:
    """What is wrong with a value of JSON, as the end of a sentence that begins with “it”; None for nothing."""
    pending: list[tuple[Any, int]] = [(value, 1)]
    seen = 0
    while pending:
        each, depth = pending.pop()
        seen += 1
        if seen > MAX_VALUES:
            return _("has more than %(most)s values") % {"most": f"{MAX_VALUES:,}"}
        if isinstance(each, (dict, list, tuple)):
            if depth > MAX_DEPTH:
                return _("is nested more than %(most)d deep") % {"most": MAX_DEPTH}
            if isinstance(each, dict) and (fault := _fault_of_keys(each)):
                return fault
            pending += [(inner, depth + 1) for inner in (each.values() if isinstance(each, dict) else each)]
        elif fault := _fault_of_leaf(each):
            return fault
    return None


def _fault_of_keys(mapping: dict[Any, Any]) -> Optional[str]:
    for key in mapping:
        if not isinstance(key, str):
            return _("has the key %(key)s, which is no text") % {"key": f"{key!r:.40}"}
        if len(key) > MAX_KEY:
            return _("has a key of %(count)s characters; at most %(most)s are allowed") % {
                "count": f"{len(key):,}",
                "most": MAX_KEY,
            }
        if fault := _fault_of_leaf(key):
            return fault
    return None


def _fault_of_leaf(value: Any) -> Optional[str]:
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            return _("has a text of %(count)s characters; at most %(most)s are allowed") % {
                "count": f"{len(value):,}",
                "most": f"{MAX_TEXT:,}",
            }
        unfit = None if is_plain(value) else next(filter(_is_unfit, value))
        words = _("has the character U+%(code)s in a text, which cannot be shown")
        return words % {"code": f"{ord(unfit):04X}"} if unfit else None
    if isinstance(value, float) and not math.isfinite(value):
        return _("has a number that is infinite or not a number")
    if type(value) is int and not -MAX_WHOLE <= value < MAX_WHOLE:
        return _("has a whole number of more than 64 bits")
    return None


def _is_unfit(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") and character not in _LINES
