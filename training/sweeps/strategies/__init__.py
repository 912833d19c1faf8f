"""Strategies: how the points of a space are chosen that become trials. One small class each."""

from collections.abc import Mapping

from training.sweeps.strategies.base import Proposal, SearchState, Strategy, TrialRecord
from training.sweeps.strategies.grid import Grid
from training.sweeps.strategies.one_at_a_time import OneAtATime
from training.sweeps.strategies.optuna_samplers import Genetic, Tpe
from training.sweeps.strategies.random_sampling import QuasiRandom, Random

MAX_TRIALS = 2000
STRATEGIES: Mapping[str, Strategy] = {
    each.name: each for each in (Grid(), Random(), QuasiRandom(), OneAtATime(), Tpe(), Genetic())
}

__all__ = ["MAX_TRIALS", "STRATEGIES", "Proposal", "SearchState", "Strategy", "TrialRecord"]
