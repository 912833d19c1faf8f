"""Strategies that learn from the trials so far: samplers of Optuna.

The library is imported when one of them is asked: it takes a second to load, and few processes need it.
"""

from django.utils.translation import gettext_lazy

from training.sweeps.space.space import Space
from training.sweeps.strategies.base import Proposal, SearchState


class Tpe:
    """Tree-structured Parzen estimator: draws where good trials are denser than poor ones.

    J. Bergstra et al.: Algorithms for Hyper-Parameter Optimization, NIPS 2011; Optuna's TPESampler.
    """

    name = "tpe"
    label = gettext_lazy("TPE: learns where good trials are")
    objectives = 2
    learns = True

    def check(self, space: Space, limit: int) -> None:
        """Any space will do."""

    def propose(self, search: SearchState, count: int) -> list[Proposal]:
        """Ask Optuna."""
        from training.sweeps.strategies import optuna_study  # (see the module's docstring)

        return optuna_study.propose(search, count, optuna_study.tpe, in_one=True)


class Genetic:
    """NSGA-II: mates the best trials of a generation, for one objective or a front of two.

    K. Deb et al.: A Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II, 2002; Optuna's NSGAIISampler.
    """

    name = "genetic"
    label = gettext_lazy("genetic (NSGA-II): mates the best trials")
    objectives = 2
    learns = True

    def check(self, space: Space, limit: int) -> None:
        """Any space will do."""

    def propose(self, search: SearchState, count: int) -> list[Proposal]:
        """Ask Optuna."""
        from training.sweeps.strategies import optuna_study  # (see the module's docstring)

        return optuna_study.propose(search, count, optuna_study.genetic)
