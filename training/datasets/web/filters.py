"""Filters that other apps add to the page of a data set's pictures; each registers its own when it starts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.datasets.models import Dataset


@dataclass(frozen=True)
class PictureFilter:
    """A choice of pictures, as a field of the page's filter.

    Attributes:
        name: of the field in the address.
        label: of the field, for people.
        choices: value and name of what can be chosen in a data set; without any, no field is shown.
        pictures: numbers (m,) of the pictures that a choice means, in any order.

    """

    name: str
    label: Any
    choices: Callable[[Dataset], Sequence[tuple[str, str]]]
    pictures: Callable[[Dataset, str], NDArray[np.int64]]


@dataclass(frozen=True)
class Chosen:
    """A filter as the page shows it."""

    filter: PictureFilter
    choices: Sequence[tuple[str, str]]
    value: str
    """What is chosen; empty for all."""


_registered: dict[str, PictureFilter] = {}


def register(added: PictureFilter) -> None:
    """Add a filter to the page of examples."""
    _registered[added.name] = added


def chosen(dataset: Dataset, asked: Mapping[str, str]) -> list[Chosen]:
    """What is chosen of each filter that a data set has choices for; no picture fits what is unknown."""
    offered = ((each, each.choices(dataset)) for each in _registered.values())
    return [Chosen(each, choices, asked.get(each.name, "")) for each, choices in offered if choices]
