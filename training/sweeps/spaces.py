"""Search spaces: which hyperparameters are varied, and over which values. All is checked before anything is made."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from training.core.hyperparameters import FIELDS, HyperparameterError, Hyperparameters

Values = dict[str, Any]
"""A point of a space: a value for each varied hyperparameter, as JSON holds it."""


class SpaceError(ValueError):
    """A space that cannot be searched: which hyperparameter, if it is one's fault, and why."""

    def __init__(self, message: str, name: str = "") -> None:
        """Keep the hyperparameter's name and the sentence."""
        super().__init__(message)
        self.name = name


@dataclass(frozen=True)
class Space:
    """The values of each varied hyperparameter, in the order that they were given."""

    axes: tuple[tuple[str, tuple[Any, ...]], ...]

    @classmethod
    def from_mapping(cls, mapping: object) -> "Space":
        """Read a space such as {"learning_rate": [0.1, 0.01], "batch_size": [15, 128]}.

        Raises:
            SpaceError: not such an object, an unknown name, no values, a bad value, or one that is there twice.

        """
        if not isinstance(mapping, Mapping) or not mapping:
            raise SpaceError(_("A space names at least one hyperparameter with a list of its values."))
        return cls(tuple((str(name), _values(str(name), values)) for name, values in mapping.items()))

    @property
    def names(self) -> tuple[str, ...]:
        """The varied hyperparameters."""
        return tuple(name for name, _values in self.axes)

    def as_dict(self) -> dict[str, list[Any]]:
        """The space as JSON; `from_mapping` reads it back."""
        return {name: list(values) for name, values in self.axes}


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


def _values(name: str, values: object) -> tuple[Any, ...]:
    if name not in FIELDS:
        close = difflib.get_close_matches(name, FIELDS, n=1)
        hint = _(" Did you mean %(name)s?") % {"name": close[0]} if close else ""
        raise SpaceError(_("There is no hyperparameter “%(name)s”.") % {"name": name} + hint, name)
    if isinstance(values, str) or not isinstance(values, Sequence) or not values:
        raise SpaceError(_("%(name)s needs a list of at least one value.") % {"name": name}, name)
    parsed = tuple(_parse(name, value) for value in values)
    twice = [value for place, value in enumerate(parsed) if value in parsed[:place]]
    if twice:
        raise SpaceError(_("%(name)s has the value %(value)s twice.") % {"name": name, "value": twice[0]}, name)
    return parsed


def _parse(name: str, value: object) -> Any:
    try:
        parsed = FIELDS[name].parse(value)
    except HyperparameterError as error:
        raise SpaceError(str(error), name) from error
    return list(parsed) if isinstance(parsed, tuple) else parsed
