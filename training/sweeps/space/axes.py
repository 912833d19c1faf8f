"""One axis of a search space: values to choose from, or a range with or without a logarithmic scale."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recognizer.messages import gettext as _
from training.core.hyperparameters import FIELDS, HyperparameterError
from training.sweeps.errors import SpaceError

MOST_CHOICES = 1000
KEYS = ("low", "high", "log", "integer", "steps")
DIGITS = 4
"""Significant digits of a drawn number: enough to tell points apart, few enough to read."""


@dataclass(frozen=True)
class Choices:
    """Values to choose from, in the order that they were given."""

    values: tuple[Any, ...]

    @property
    def size(self) -> int | None:
        """How many values there are."""
        return len(self.values)

    def at(self, fraction: float) -> Any:
        """The value at a fraction of the axis (0 ≤ fraction < 1): all have equal shares."""
        return self.values[min(int(fraction * len(self.values)), len(self.values) - 1)]

    def spread(self, count: int) -> list[Any]:
        """All values, however many are asked for: half of the choices would mislead."""
        return list(self.values)

    def as_json(self) -> Any:
        """As a space's file has it."""
        return list(self.values)


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, both allowed; with `log` each factor of ten has an equal share."""

    low: float
    high: float
    log: bool = False
    integer: bool = False

    @property
    def size(self) -> int | None:
        """How many values there are; None for a continuum."""
        return int(self.high) - int(self.low) + 1 if self.integer else None

    def at(self, fraction: float) -> Any:
        """The number at a fraction of the range (0 ≤ fraction ≤ 1)."""
        if self.integer:  # half a unit more on each side, so that the ends have their full share
            whole = math.floor(_between(self.low - 0.5, self.high + 0.5, fraction, log=self.log) + 0.5)
            return int(min(max(whole, self.low), self.high))
        number = float(f"{_between(self.low, self.high, fraction, log=self.log):.{DIGITS}g}")
        return min(max(number, self.low), self.high)

    def spread(self, count: int) -> list[Any]:
        """Numbers spread evenly from end to end, each once."""
        inner = [self.at(step / (count - 1)) for step in range(1, count - 1)]
        ends = (int(self.low), int(self.high)) if self.integer else (self.low, self.high)
        return list(dict.fromkeys([ends[0], *inner, ends[1]]))

    def middle(self, one: float, other: float) -> Any:
        """The number half-way between two, on the range's own scale."""
        return Range(min(one, other), max(one, other), self.log, self.integer).at(0.5)

    def as_json(self) -> Any:
        """As a space's file has it."""
        return {"low": self.low, "high": self.high, "log": self.log, "integer": self.integer}


Axis = Choices | Range


def _between(low: float, high: float, fraction: float, *, log: bool) -> float:
    if log:
        return math.exp(math.log(low) + fraction * (math.log(high) - math.log(low)))
    return low + fraction * (high - low)


def parse_axis(name: str, described: object) -> Axis:
    """Read an axis: a list of values, or an object with low, high and maybe log, integer, steps.

    Raises:
        SpaceError: it is neither, a value cannot be used, or the bounds are the wrong way round.

    """
    if isinstance(described, Mapping):
        return _range(name, described)
    if isinstance(described, str) or not isinstance(described, Sequence) or not described:
        raise SpaceError(_("%(name)s needs a list of at least one value.") % {"name": name}, name)
    return _choices(name, described)


def _choices(name: str, values: Sequence[Any]) -> Choices:
    if len(values) > MOST_CHOICES:
        raise SpaceError(
            _("%(name)s has %(count)d values; at most %(most)d are allowed.")
            % {"name": name, "count": len(values), "most": MOST_CHOICES},
            name,
        )
    parsed = tuple(parse_value(name, value) for value in values)
    twice = [value for number, value in enumerate(parsed) if value in parsed[:number]]
    if twice:
        raise SpaceError(_("%(name)s has the value %(value)s twice.") % {"name": name, "value": twice[0]}, name)
    return Choices(parsed)


def parse_value(name: str, value: object) -> Any:
    """Read one value in its hyperparameter's own type, as JSON holds it.

    Raises:
        SpaceError: it cannot be used.

    """
    try:
        parsed = FIELDS[name].parse(value)
    except HyperparameterError as error:
        raise SpaceError(str(error), name) from error
    return list(parsed) if isinstance(parsed, tuple) else parsed


def _range(name: str, described: Mapping[Any, Any]) -> Axis:
    kind = FIELDS[name].kind
    if kind not in ("integer", "number"):
        raise SpaceError(_("%(name)s is not a number: give a list of its values.") % {"name": name}, name)
    unknown = [str(key) for key in described if key not in KEYS]
    if unknown or "low" not in described or "high" not in described:
        raise SpaceError(
            _("A range has low and high, and maybe log, integer and steps; %(name)s has: %(keys)s.")
            % {"name": name, "keys": ", ".join(map(str, described)) or "—"},
            name,
        )
    low, high = parse_value(name, described["low"]), parse_value(name, described["high"])
    if not low < high:
        raise SpaceError(
            _("%(name)s: low (%(low)s) must be below high (%(high)s).") % {"name": name, "low": low, "high": high}, name
        )
    log = _flag(name, described, "log")
    if log and low <= 0:
        raise SpaceError(_("%(name)s: a logarithmic range begins above 0.") % {"name": name}, name)
    whole = kind == "integer" or _flag(name, described, "integer")
    return _stepped(name, _whole(name, low, high, log) if whole else Range(low, high, log), described.get("steps"))


def _whole(name: str, low: float, high: float, log: bool) -> Range:
    if low != int(low) or high != int(high):
        raise SpaceError(_("%(name)s: the bounds of whole numbers are whole numbers.") % {"name": name}, name)
    return Range(int(low), int(high), log, integer=True)


def _flag(name: str, described: Mapping[Any, Any], key: str) -> bool:
    value = described.get(key, False)
    if not isinstance(value, bool):
        raise SpaceError(_("%(name)s: %(key)s is true or false.") % {"name": name, "key": key}, name)
    return value


def _stepped(name: str, axis: Range, steps: object) -> Axis:
    """The range itself, or as many of its numbers as `steps` says, as choices."""
    if steps is None:
        return axis
    if isinstance(steps, bool) or not isinstance(steps, int) or not 2 <= steps <= MOST_CHOICES:
        raise SpaceError(
            _("%(name)s: steps is a whole number between 2 and %(most)d.") % {"name": name, "most": MOST_CHOICES}, name
        )
    return Choices(tuple(axis.spread(steps)))
