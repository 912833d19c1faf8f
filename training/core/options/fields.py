"""One description for each hyperparameter: what forms, the command line, the API and sweeps are built from.

A description sits in the metadata of the dataclass field that it describes, so that a name, its type,
its default, its bounds and its help text cannot drift apart.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from recognizer.core.messages import message as _

Kind = Literal["integer", "number", "boolean", "choice", "integers", "numbers"]

_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})


class HyperparameterError(ValueError):
    """A hyperparameter that cannot be used: which one, and what to do about it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(_("%(field)s: %(problem)s") % {"field": field, "problem": message})
        self.field = field
        self.message = message


@dataclass(frozen=True)
class Field:
    """What people and programs need to know about one hyperparameter.

    Attributes:
        name: the attribute of `Hyperparameters`.
        label: two or three words for a form.
        help: one or two sentences, plain English.
        kind: how it is written; `integers` and `numbers` are lists.
        default: its value when nothing is said.
        minimum, maximum: bounds, both allowed, of the value or of each item; None for none.
        choices: the names allowed, for kind `choice`.
        group: the part of a form that it belongs to.
        symbol: the letter beside it on a page, or "".
        reference: where the idea comes from, or "".
        items: the largest number of items of a list.
    """

    name: str
    label: str
    help: str
    kind: Kind
    default: Any
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    group: str = "network"
    symbol: str = ""
    reference: str = ""
    items: int = 8

    def parse(self, value: object) -> Any:
        """The value in its own type, from a form's or a command line's text or from JSON.

        Raises:
            HyperparameterError: it is not of this kind, or out of bounds.
        """
        if self.kind == "boolean":
            return self._boolean(value)
        if self.kind == "choice":
            return self._choice(value)
        if self.kind in ("integers", "numbers"):
            return self._items(value)
        return self._scalar(value)

    def _error(self, message: str) -> HyperparameterError:
        return HyperparameterError(self.name, message)

    def _boolean(self, value: object) -> bool:
        text = str(value).strip().lower()
        if text not in _TRUE | _FALSE:
            raise self._error(_("must be true or false, not %(value)s.") % {"value": _shown(value)})
        return text in _TRUE

    def _choice(self, value: object) -> str:
        if value not in self.choices:
            raise self._error(
                _("must be one of %(choices)s, not %(value)s.")
                % {"choices": ", ".join(self.choices), "value": _shown(value)}
            )
        return str(value)

    def _items(self, value: object) -> tuple[float, ...]:
        if isinstance(value, str):
            separators = ",-" if self.kind == "integers" else ","
            for separator in separators:
                value = value.replace(separator, " ")
            value = value.split()
        if not isinstance(value, Sequence):
            raise self._error(_("must be a list of numbers, not %(value)s.") % {"value": _shown(value)})
        if len(value) > self.items:
            raise self._error(
                _("has %(count)s items; at most %(items)s are allowed.") % {"count": len(value), "items": self.items}
            )
        return tuple(self._scalar(item) for item in value)

    def _scalar(self, value: object) -> float:
        whole = self.kind.startswith("integer")
        number = _number(value, whole=whole)
        if number is None:
            kind = _("a whole number") if whole else _("a number")
            raise self._error(_("must be %(kind)s, not %(value)s.") % {"kind": kind, "value": _shown(value)})
        below = self.minimum is not None and number < self.minimum
        above = self.maximum is not None and number > self.maximum
        if below or above:
            raise self._error(
                _("must be %(bounds)s, not %(value)s.") % {"bounds": self._bounds(), "value": _shown(value)}
            )
        return number

    def _bounds(self) -> str:
        if self.maximum is None:
            return _("at least %(least)s") % {"least": f"{self.minimum:g}"}
        if self.minimum is None:
            return _("at most %(most)s") % {"most": f"{self.maximum:g}"}
        return _("between %(least)s and %(most)s") % {"least": f"{self.minimum:g}", "most": f"{self.maximum:g}"}


def described(kind: Kind, default: Any, label: str, text: str, **details: Any) -> Any:
    """A dataclass field with its description in the metadata (name and all from one place)."""
    description = {"kind": kind, "default": default, "label": label, "help": text, **details}
    return dataclasses.field(default=default, metadata={"description": description})


def descriptions(owner: type[Any]) -> dict[str, Field]:
    """The descriptions of a dataclass's described fields, by name, in their order."""
    return {field.name: Field(name=field.name, **field.metadata["description"]) for field in dataclasses.fields(owner)}


def _number(value: object, *, whole: bool) -> float | None:
    """The finite number that a text or a number means, or None."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    try:
        number = float(value)
        exact = int(value) if whole and not isinstance(value, float) else None
    except (ValueError, OverflowError):
        return None
    if not math.isfinite(number) or (whole and number != math.floor(number)):
        return None
    if not whole:
        return number
    return exact if exact is not None else int(number)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "…"
