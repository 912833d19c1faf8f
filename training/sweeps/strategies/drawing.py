"""Points drawn at random, or spread evenly by a low-discrepancy sequence."""

from collections.abc import Iterator
from itertools import islice

import numpy as np
from django.utils.translation import gettext_lazy

from training.sweeps.spaces import Space, Values, key_of
from training.sweeps.strategies.base import Proposal, Search, one_by_one

DRAWS = 200
"""So many draws without a new point and the space counts as tried out."""


def first_fresh(search: Search, draws: Iterator[Values]) -> Values | None:
    """The first drawn point that is valid and not tried yet; None where there is none among so many."""
    seen = search.seen()
    return next(
        (values for values in islice(draws, DRAWS) if key_of(values) not in seen and search.is_valid(values)), None
    )


def generator(search: Search) -> np.random.Generator:
    """The generator of the next trial: the sweep's seed and the trial's number decide."""
    return np.random.default_rng([search.seed, len(search.trials)])


def _proposed(search: Search, draws: Iterator[Values]) -> Proposal | None:
    values = first_fresh(search, draws)
    return None if values is None else Proposal(values)


class Random:
    """Every hyperparameter drawn on its own: evenly, or evenly in its logarithm.

    J. Bergstra, Y. Bengio: Random Search for Hyper-Parameter Optimization, JMLR 13 (2012).
    """

    name = "random"
    label = gettext_lazy("random: drawn anew each time")
    objectives = 2
    learns = False

    def check(self, space: Space, limit: int) -> None:
        """Any space will do."""

    def propose(self, search: Search, count: int) -> list[Proposal]:
        """Draw points that are new."""
        return one_by_one(search, count, lambda now: _proposed(now, random_points(now)))


def random_points(search: Search) -> Iterator[Values]:
    """Points of the next trial without end."""
    rng = generator(search)
    names = sorted(search.space.names)  # whatever order the database keeps the space in
    while True:
        yield search.space.at(dict(zip(names, rng.random(len(names)).tolist(), strict=True)))


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

    def propose(self, search: Search, count: int) -> list[Proposal]:
        """Take the next points of the sequence that are new."""
        return one_by_one(search, count, lambda now: _proposed(now, _sequence(now)))


def _sequence(search: Search) -> Iterator[Values]:
    names = sorted(search.space.names)
    from scipy.stats import qmc  # it takes more than a second to import, and every start of a process would pay

    halton = qmc.Halton(len(names), rng=np.random.default_rng(search.seed))
    halton.fast_forward(len(search.trials))
    while True:
        yield search.space.at(dict(zip(names, halton.random(1)[0].tolist(), strict=True)))
