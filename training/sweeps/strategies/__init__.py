"""Strategies: how the points of a space are chosen that become trials. One small class each."""

from collections.abc import Mapping

from training.sweeps.strategies.base import Proposal, Search, Strategy, Tried
from training.sweeps.strategies.drawing import QuasiRandom, Random
from training.sweeps.strategies.grid import Grid
from training.sweeps.strategies.learning import Genetic, Tpe
from training.sweeps.strategies.one_at_a_time import OneAtATime

MAX_TRIALS = 2000
STRATEGIES: Mapping[str, Strategy] = {
    each.name: each for each in (Grid(), Random(), QuasiRandom(), OneAtATime(), Tpe(), Genetic())
}

__all__ = ["MAX_TRIALS", "STRATEGIES", "Proposal", "Search", "Strategy", "Tried"]
