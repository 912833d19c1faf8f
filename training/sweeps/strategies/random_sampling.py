"""Points drawn at random, or spread evenly by a low-discrepancy sequence."""

from collections.abc import Iterator
from itertools import islice

import numpy as np
from django.utils.translation import gettext_lazy

from training.sweeps.space.space import Space, Values
from training.sweeps.strategies.base import Proposal, SearchState, one_by_one

MAX_DRAWS = 200
"""After this many draws without a new point the space counts as exhausted."""


def first_untried(search: SearchState, draws: Iterator[Values]) -> Values | None:
    """The first drawn point that is valid and new; None if there is none among `MAX_DRAWS`."""
    return next(filter(search.is_valid, search.untried(islice(draws, MAX_DRAWS))), None)


def _propose(search: SearchState, draws: Iterator[Values]) -> Proposal | None:
    values = first_untried(search, draws)
    return None if values is None else Proposal(values)


class Random:
    """Every hyperparameter drawn on its own: evenly, or evenly in its logarithm.

    J. Bergstra, Y. Bengio: Random Search for Hyper-Parameter Optimization, JMLR 13 (2012).
    """

    name = "random"
    label = gettext_lazy("random: every hyperparameter drawn on its own")
    objectives = 2
    learns = False

    def check(self, space: Space, limit: int) -> None:
        """Any space will do."""

    def propose(self, search: SearchState, count: int) -> list[Proposal]:
        """Draw points that are new."""
        return one_by_one(search, count, lambda now: _propose(now, random_points(now)))


def random_points(search: SearchState) -> Iterator[Values]:
    """Endless points for the next trial; the sweep's seed and the trial's number decide them."""
    rng = np.random.default_rng([search.seed, len(search.trials)])
    names = sorted(search.space.names)  # whatever order the database keeps the space in
    while True:
        yield search.space.point_at(dict(zip(names, rng.random(len(names)).tolist(), strict=True)))


class QuasiRandom:
    """Points of a scrambled Halton sequence: they fill the space more evenly than random ones.

    J. Bergstra, Y. Bengio (2012), section 4, compare such sequences with random search.
    """

    name = "quasi-random"
    label = gettext_lazy("quasi-random: spread evenly")
    objectives = 2
    learns = False

    def check(self, space: Space, limit: int) -> None:
        """Any space will do."""

    def propose(self, search: SearchState, count: int) -> list[Proposal]:
        """Take the next points of the sequence that are new."""
        return one_by_one(search, count, lambda now: _propose(now, _halton_points(now)))


def _halton_points(search: SearchState) -> Iterator[Values]:
    names = sorted(search.space.names)
    from scipy.stats import qmc  # it takes more than a second to import, and every start of a process would pay

    halton = qmc.Halton(len(names), rng=np.random.default_rng(search.seed))
    halton.fast_forward(len(search.trials))
    while True:
        yield search.space.point_at(dict(zip(names, halton.random(1)[0].tolist(), strict=True)))
