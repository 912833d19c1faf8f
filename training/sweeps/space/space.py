"""Search spaces: which hyperparameters are varied, and over which values. All of it is checked at the start."""

import difflib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from recognizer.messages import gettext as _
from training.core.hyperparameters import FIELDS, HyperparameterError, Hyperparameters
from training.sweeps.errors import SpaceError
from training.sweeps.space import axes
from training.sweeps.space.axes import Axis, Choices

Values = dict[str, Any]
"""A point of a space: a value for each varied hyperparameter, as JSON holds it."""


@dataclass(frozen=True)
class Space:
    """The axis of each varied hyperparameter, in the order that they were given."""

    axes: tuple[tuple[str, Axis], ...]

    @classmethod
    def from_mapping(cls, mapping: object) -> "Space":
        """Read a space such as {"batch_size": [15, 128], "learning_rate": {"low": 0.001, "high": 0.1, "log": true}}.

        Raises:
            SpaceError: not such an object, an unknown name, no values, a bad value, or one that is there twice.

        """
        if not isinstance(mapping, Mapping) or not mapping:
            raise SpaceError(_("A space names at least one hyperparameter with its values."))
        for name in mapping:
            _check_name(str(name))
        return cls(tuple((str(name), axes.parse_axis(str(name), axis)) for name, axis in mapping.items()))

    @property
    def names(self) -> tuple[str, ...]:
        """The varied hyperparameters."""
        return tuple(name for name, _axis in self.axes)

    @property
    def size(self) -> int | None:
        """How many points it has; None for a continuum."""
        sizes = [axis.size for _name, axis in self.axes]
        return math.prod(size for size in sizes if size is not None) if None not in sizes else None

    def point_at(self, fractions: Mapping[str, float]) -> Values:
        """The point at these fractions (0…1) of each axis."""
        return {name: axis.at(fractions[name]) for name, axis in self.axes}

    def grid(self) -> Iterator[Values]:
        """Every combination of the choices, the last hyperparameter changing fastest.

        Raises:
            SpaceError: an axis is a range, whose values cannot be listed.

        """
        columns = []
        for name, axis in self.axes:
            if not isinstance(axis, Choices):
                raise SpaceError(
                    _("A grid has no end over a range: give %(name)s a list, or “steps”.") % {"name": name}, name
                )
            columns.append(axis.values)
        return (dict(zip(self.names, point, strict=True)) for point in product(*columns))

    def as_dict(self) -> dict[str, Any]:
        """The space as JSON; `from_mapping` reads it back."""
        return {name: axis.as_json() for name, axis in self.axes}


def read_json(text: str | bytes) -> Space:
    """The space in a file.

    Raises:
        ValueError: it is not JSON.
        SpaceError: it is not a space, or names something twice.

    """
    return Space.from_mapping(json.loads(text, object_pairs_hook=_without_repeats))


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise SpaceError(_("%(name)s is named twice.") % {"name": name[:60]}, name)
        found[name] = value
    return found


def check_apart(space: Space, fixed: Iterable[str]) -> None:
    """Refuse a hyperparameter that is both varied and given a value of its own.

    Raises:
        SpaceError: there is one.

    """
    for name in fixed:
        if name in space.names:
            raise SpaceError(
                _("%(name)s is varied and given a value as well: choose one of the two.") % {"name": name}, name
            )


def _check_name(name: str) -> None:
    if name in FIELDS:
        return
    close = difflib.get_close_matches(name, FIELDS, n=1)
    hint = _(" Did you mean %(name)s?") % {"name": close[0]} if close else ""
    raise SpaceError(_("There is no hyperparameter “%(name)s”.") % {"name": name[:60]} + hint, name)


def apply(base: Hyperparameters, values: Values) -> Hyperparameters:
    """The recipe of one trial.

    Raises:
        SpaceError: these values contradict each other or the rest of the recipe.

    """
    try:
        return Hyperparameters.from_mapping(values, base=base)
    except HyperparameterError as error:
        trial = ", ".join(f"{name} = {value}" for name, value in values.items())
        raise SpaceError(_("With %(trial)s: %(why)s") % {"trial": trial, "why": error}, error.field) from error


def key_of(values: Values) -> str:
    """A text that is the same for the same point (1 is 1.0, and true is not 1)."""
    plain = {name: float(value) if type(value) is int else value for name, value in values.items()}
    return json.dumps(plain, sort_keys=True)


__all__ = ["Axis", "Space", "SpaceError", "Values", "apply", "check_apart", "key_of", "read_json"]
