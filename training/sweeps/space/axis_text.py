"""What a person types for one hyperparameter, such as `0.1, 0.01` or `0.001 … 0.1 log`, and back."""

import re
from typing import Any

from recognizer.messages import gettext as _
from training.sweeps.errors import SpaceError

_RANGE = re.compile(r"^(?P<low>\S+)\s*(?:…|\.\.+|\bto\b)\s*(?P<high>\S+)(?P<words>(?:\s+\S+)*)$")


def parse_axis(name: str, text: str) -> Any:
    """The axis that a text means, as a space's file has it: a list of texts, or an object with low and high.

    Raises:
        SpaceError: a range followed by unknown words.

    """
    text = text.strip()
    found = _RANGE.match(text)
    return _range(name, found) if found else _choices(text)


def _choices(text: str) -> list[str]:
    """Values apart by semicolons, lines or commas."""
    return [part for part in (each.strip() for each in re.split(r"[,;\n]", text)) if part]


def _range(name: str, found: re.Match[str]) -> dict[str, Any]:
    axis: dict[str, Any] = {"low": found["low"], "high": found["high"]}
    for word in found["words"].split():
        if word == "log":
            axis["log"] = True
        elif word == "integer":
            axis["integer"] = True
        elif word.isdecimal() and len(word) < 6:
            axis["steps"] = int(word)
        else:
            words = {"name": name, "word": word[:20]}
            raise SpaceError(
                _("%(name)s: after a range come log, integer or a number of steps, not “%(word)s”.") % words, name
            )
    return axis


def format_axis(axis: Any) -> str:
    """A space's axis as a person would type it."""
    if isinstance(axis, list):
        separator = "; " if any(isinstance(value, list) for value in axis) else ", "
        return separator.join(_text(value) for value in axis)
    words = [f"{axis['low']:g} … {axis['high']:g}", *(word for word in ("log", "integer") if axis.get(word))]
    return " ".join(words)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "-".join(f"{item:g}" for item in value) or "—"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)
