"""Search spaces: which hyperparameters are varied, and over which values. All is checked before anything is made."""

import difflib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.utils.translation import gettext as _

from training.core.hyperparameters import FIELDS, HyperparameterError, Hyperparameters
from training.sweeps import axes
from training.sweeps.axes import Axis, Choices
from training.sweeps.errors import SpaceError

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
        return cls(tuple((str(name), axes.read(str(name), axis)) for name, axis in mapping.items()))

    @property
    def names(self) -> tuple[str, ...]:
        """The varied hyperparameters."""
        return tuple(name for name, _axis in self.axes)

    @property
    def size(self) -> int | None:
        """How many points it has; None for a continuum."""
        sizes = [axis.size for _name, axis in self.axes]
        return math.prod(size for size in sizes if size is not None) if None not in sizes else None

    def at(self, places: Mapping[str, float]) -> Values:
        """The point at these places (0…1 on each axis)."""
        return {name: axis.at(places[name]) for name, axis in self.axes}

    def grid(self) -> Iterator[Values]:
        """Every combination of the choices, the last hyperparameter changing fastest.

        Raises:
            SpaceError: an axis is a range, which has no end of values.

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


__all__ = ["Axis", "Space", "SpaceError", "Values", "apply", "key_of"]
