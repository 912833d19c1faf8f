"""Every combination."""

from itertools import islice

from django.utils.translation import gettext_lazy

from recognizer.messages import gettext as _
from training.sweeps.space.space import Space, SpaceError
from training.sweeps.strategies.base import Proposal, SearchState


class Grid:
    """Every combination of the values, the last hyperparameter changing fastest."""

    name = "grid"
    label = gettext_lazy("grid: every combination")
    objectives = 2
    learns = False

    def check(self, space: Space, limit: int) -> None:
        """Refuse ranges, and a grid that is too large: half a grid would mislead."""
        space.grid()
        count = space.size or 0
        if count > limit:
            raise SpaceError(
                _("The grid has %(count)d trials, and at most %(limit)d are allowed: take out some values.")
                % {"count": count, "limit": limit}
            )

    def propose(self, search: SearchState, count: int) -> list[Proposal]:
        """The next combinations that have not been tried."""
        return [Proposal(values) for values in islice(search.untried(search.space.grid()), count)]
