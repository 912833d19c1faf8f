"""When a search ends: asked before every proposal, answered from the trials alone."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from training.jobs.models import FINISHED, State
from training.sweeps import objectives, reached
from training.sweeps.models import Reason, Sweep, Trial

LAST = datetime.max.replace(tzinfo=UTC)
HOPELESS = 10
"""So many trials failed, none for its own hyperparameters (diverged) and none ended well, and no more are made."""
AT_ONCE = (Reason.HOURS, Reason.TARGET, Reason.PATIENCE, Reason.DATASET, Reason.FAILING, Reason.STOPPED)
"""Reasons for which what still waits does not begin."""


def reason_to_end(sweep: Sweep, trials: Sequence[Trial], now: datetime) -> Reason | None:
    """Why no further trial is to be made; None while the search may go on.

    Args:
        sweep: with its limits.
        trials: all of it with their runs, repeats apart.
        now: the time.

    """
    if sweep.dataset_id is None:
        return Reason.DATASET
    if _is_hopeless(trials):
        return Reason.FAILING
    if sweep.target is not None and any(_accuracy(trial) >= sweep.target for trial in trials):
        return Reason.TARGET
    if sweep.max_hours is not None and sweep.searched(now) >= timedelta(hours=sweep.max_hours):
        return Reason.HOURS
    if sweep.patience is not None and without_gain(sweep, trials) >= sweep.patience:
        return Reason.PATIENCE
    return Reason.TRIALS if len(trials) >= sweep.max_trials else None


def _accuracy(trial: Trial) -> float:
    known = trial.run.validation_accuracy
    return known if known is not None and trial.run.state == State.SUCCEEDED else -1.0


def _is_hopeless(trials: Sequence[Trial]) -> bool:
    ended = [trial.run for trial in trials if trial.run.state in FINISHED]
    broken = [run for run in ended if run.state == State.FAILED and run.diverged_epoch is None]
    return len(broken) >= HOPELESS and len(broken) == len(ended)


def without_gain(sweep: Sweep, trials: Sequence[Trial]) -> int:
    """How many trials have ended, in the order of their ends, since the best (or the Pareto front) last changed."""
    ended = sorted(
        (trial for trial in trials if trial.run.state in (State.SUCCEEDED, State.FAILED, State.PRUNED)),
        key=lambda trial: (trial.run.finished_at or LAST, trial.position),
    )
    names, best, count = sweep.objective_names, set[tuple[float, ...]](), 0
    for trial in ended:
        own = reached.figures(names, trial)
        if own is not None and not any(objectives.is_as_good(names, other, own) for other in best):
            best = {other for other in best if not objectives.is_as_good(names, own, other)} | {own}
            count = 0
        else:
            count += 1
    return count
