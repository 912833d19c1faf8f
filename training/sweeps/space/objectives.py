"""What a sweep pursues: one or two figures of a trial."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from recognizer.messages import gettext as _
from training.sweeps.errors import OptionError

MOST = 2
Figures = tuple[float, ...]
"""The objectives of a trial, in the order of its sweep."""


@dataclass(frozen=True)
class Objective:
    """One figure of a trial.

    Attributes:
        name: as commands and the database have it.
        label: as a page names it.
        maximise: whether more is better.

    """

    name: str
    label: Any
    maximise: bool = False


OBJECTIVES: Mapping[str, Objective] = {
    each.name: each
    for each in (
        Objective("accuracy", gettext_lazy("last validation accuracy"), maximise=True),
        Objective("parameters", gettext_lazy("parameters")),
        Objective("time", gettext_lazy("time for an inference")),
    )
}


def check(names: Sequence[str], *, most: int = MOST) -> None:
    """Refuse what cannot be pursued.

    Raises:
        OptionError: an unknown one, one that is there twice, too many, or accuracy left out.

    """
    for name in names:
        if name not in OBJECTIVES:
            words = {"name": name[:40], "names": ", ".join(OBJECTIVES)}
            raise OptionError("objectives", _("There is no objective “%(name)s”; there are: %(names)s.") % words)
    if "accuracy" not in names:
        raise OptionError("objectives", _("Accuracy must be among the objectives: the smallest network reads nothing."))
    if len(set(names)) != len(names):
        raise OptionError("objectives", _("An objective is named twice."))
    if len(names) > most:
        raise OptionError("objectives", _("This strategy pursues at most %(most)d.") % {"most": most})


def directions(names: Sequence[str]) -> tuple[bool, ...]:
    """For each objective whether more is better."""
    return tuple(OBJECTIVES[name].maximise for name in names)


def weakly_dominates(names: Sequence[str], one: Figures, other: Figures) -> bool:
    """Whether figures are in no objective worse than others."""
    pairs = zip(one, other, directions(names), strict=True)
    return all(a >= b if more else a <= b for a, b, more in pairs)
