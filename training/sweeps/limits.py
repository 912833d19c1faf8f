"""When a search ends: asked before every proposal, answered from the trials alone."""

from datetime import datetime, timedelta

from training.jobs.models import State
from training.sweeps import objectives, past
from training.sweeps.models import Reason, Sweep
from training.sweeps.past import Standing

HOPELESS = 10
"""So many trials failed, none for its own hyperparameters (diverged) and none ended well, and no more are made."""
AT_ONCE = (Reason.HOURS, Reason.TARGET, Reason.PATIENCE, Reason.DATASET, Reason.FAILING, Reason.STOPPED)
"""Reasons for which what still waits does not begin."""


def reason_to_end(sweep: Sweep, standing: Standing, now: datetime) -> Reason | None:
    """Why no further trial is to be made; None while the search may go on.

    Args:
        sweep: with its limits.
        standing: how many trials it has.
        now: the time.

    """
    if sweep.dataset_id is None:
        return Reason.DATASET
    if _is_hopeless(standing):
        return Reason.FAILING
    if sweep.target is not None and _is_reached(sweep, sweep.target):
        return Reason.TARGET
    if sweep.max_hours is not None and sweep.searched(now) >= timedelta(hours=sweep.max_hours):
        return Reason.HOURS
    if sweep.patience is not None and without_gain(sweep) >= sweep.patience:
        return Reason.PATIENCE
    return Reason.TRIALS if standing.searched.total() >= sweep.max_trials else None


def _is_hopeless(standing: Standing) -> bool:
    broken = standing.searched[State.FAILED] - standing.diverged
    return broken >= HOPELESS and broken == standing.ended


def _is_reached(sweep: Sweep, target: float) -> bool:
    good = past.searched(sweep).filter(run__state=State.SUCCEEDED, run__validation_accuracy__gte=target)
    return good.exists()


def without_gain(sweep: Sweep) -> int:
    """How many trials have ended, in the order of their ends, since the best (or the Pareto front) last changed."""
    names, best, count = sweep.objective_names, set[tuple[float, ...]](), 0
    for own in past.figures_in_order_of_ends(sweep):
        if own is not None and not any(objectives.is_as_good(names, other, own) for other in best):
            best = {other for other in best if not objectives.is_as_good(names, own, other)} | {own}
            count = 0
        else:
            count += 1
    return count
