"""How much each hyperparameter mattered: PED-ANOVA of Optuna, on the trials so far.

S. Watanabe, A. Bansal, F. Hutter: PED-ANOVA, IJCAI 2023: how much the distribution of each hyperparameter among the
good trials differs from that among all.
"""

import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import replace

from django.core.cache import cache

from training.sweeps.models import Sweep, Trial, TrialKind
from training.sweeps.search import deciding, pareto
from training.sweeps.strategies import SearchState

MIN_TRIALS = 8
"""With fewer trials nothing can be said."""
CACHE_SECONDS = 24 * 3600
Shares = list[tuple[str, float]]


def importances(sweep: Sweep, trials: Sequence[Trial]) -> Shares:
    """Name and share (they sum to 1) of each varied hyperparameter, the most important first; empty for too few."""
    searched = [trial for trial in trials if trial.kind != TrialKind.REPEAT]
    known = sum(pareto.figures(("accuracy",), trial) is not None for trial in searched)
    if known < MIN_TRIALS or len(sweep.space) < 2:
        return []
    search = deciding.search_state(sweep, searched)
    # By what is asked and not by the sweep's number, which another may have after a restore.
    asked = repr([(trial.values, trial.figures) for trial in search.trials])
    key = f"sweep-importance-{hashlib.sha256(asked.encode()).hexdigest()}"
    shares: Shares | None = cache.get(key)
    if shares is None:
        shares = _computed(search)
        cache.set(key, shares, CACHE_SECONDS)
    return shares


def _computed(search: SearchState) -> Shares:
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances  # it takes a second to load

    from training.sweeps.strategies import optuna_study  # (so does this)

    ended = tuple(replace(trial, figures=trial.figures[:1]) for trial in search.trials if trial.figures)
    study = optuna_study.rebuilt(replace(search, trials=ended, maximise=(True,)))
    names = list(search.space.names)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # trials that are all alike: the shares are then equal, which is the answer
        found = get_param_importances(study, evaluator=PedAnovaImportanceEvaluator(), params=names)
    return sorted(((name, float(share)) for name, share in found.items()), key=lambda pair: -pair[1])
