"""Strategies: how the points of a space are chosen that become trials."""

import itertools
import math
from collections.abc import Mapping
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.sweeps.spaces import Space, SpaceError, Values

MAX_TRIALS = 400


class Strategy(Protocol):
    """A way to choose trials."""

    name: str
    label: Any  # a text that is translated when it is shown

    def propose(self, space: Space, limit: int) -> list[Values]:
        """The trials in the order in which they are to run, at most `limit`.

        Raises:
            SpaceError: the space does not suit the strategy, or needs more trials.

        """


class Grid:
    """Every combination of the values, the last hyperparameter changing fastest."""

    name = "grid"
    label = gettext_lazy("grid: every combination")

    def propose(self, space: Space, limit: int) -> list[Values]:
        """All combinations, or an error where they are too many: half a grid would mislead."""
        count = math.prod(len(values) for _name, values in space.axes)
        if count > limit:
            raise SpaceError(
                _("The grid has %(count)d trials, and at most %(limit)d are allowed: take out some values.")
                % {"count": count, "limit": limit}
            )
        points = itertools.product(*(values for _name, values in space.axes))
        return [dict(zip(space.names, point, strict=True)) for point in points]


STRATEGIES: Mapping[str, Strategy] = {each.name: each for each in (Grid(),)}
