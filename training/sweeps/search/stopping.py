"""When a search ends: asked before every proposal, answered from the trials alone."""

from datetime import datetime, timedelta

from training.jobs.models import State
from training.sweeps.models import Reason, Sweep
from training.sweeps.search import trial_stats
from training.sweeps.search.trial_stats import TrialCounts
from training.sweeps.space import objectives

MAX_FAILURES = 10
"""A sweep gives up after this many failed trials, if none diverged (its own hyperparameters) and none succeeded."""
AT_ONCE = (Reason.HOURS, Reason.TARGET, Reason.PATIENCE, Reason.DATASET, Reason.FAILING, Reason.STOPPED)
"""Reasons for which waiting trials are cancelled."""


def reason_to_end(sweep: Sweep, counts: TrialCounts, now: datetime) -> Reason | None:
    """Why no further trial is to be made; None while the search may go on.

    Args:
        sweep: with its limits.
        counts: how many trials it has.
        now: the time.

    """
    if not sweep.datasets:
        return Reason.DATASET
    if _only_fails(counts):
        return Reason.FAILING
    if sweep.target is not None and _is_reached(sweep, sweep.target):
        return Reason.TARGET
    if sweep.max_hours is not None and sweep.searched(now) >= timedelta(hours=sweep.max_hours):
        return Reason.HOURS
    if sweep.patience is not None and trials_without_gain(sweep) >= sweep.patience:
        return Reason.PATIENCE
    return Reason.TRIALS if counts.searched.total() >= sweep.max_trials else None


def _only_fails(counts: TrialCounts) -> bool:
    broken = counts.searched[State.FAILED] - counts.diverged
    return broken >= MAX_FAILURES and broken == counts.ended


def _is_reached(sweep: Sweep, target: float) -> bool:
    good = trial_stats.searched(sweep).filter(run__state=State.SUCCEEDED, run__validation_accuracy__gte=target)
    return good.exists()


def trials_without_gain(sweep: Sweep) -> int:
    """How many trials have ended, in the order of their ends, since the best (or the Pareto front) last changed."""
    names, best, count = sweep.objective_names, set[tuple[float, ...]](), 0
    for own in trial_stats.figures_by_end(sweep):
        if own is not None and not any(objectives.weakly_dominates(names, other, own) for other in best):
            best = {other for other in best if not objectives.weakly_dominates(names, own, other)} | {own}
            count = 0
        else:
            count += 1
    return count
