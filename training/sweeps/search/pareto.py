"""The objectives that trials have reached, and the Pareto front: the trials that no other beats."""

from collections.abc import Sequence

from training.jobs.models import State
from training.sweeps.models import Trial
from training.sweeps.space.objectives import OBJECTIVES, Figures, weakly_dominates


def figures(names: Sequence[str], trial: Trial) -> Figures | None:
    """The objectives of a trial in order; None unless it has succeeded and all are known."""
    run = trial.run
    return figures_of_columns(names, run.state, run.validation_accuracy, trial.parameters, trial.inference_seconds)


def figures_of_columns(names: Sequence[str], state: str, *figures: float | None) -> Figures | None:
    """The same, given a trial's columns: its run's state, and a figure for each of `OBJECTIVES`."""
    if state != State.SUCCEEDED:
        return None
    by_name = dict(zip(OBJECTIVES, figures, strict=True))
    found = [float(figure) for name in names if (figure := by_name[name]) is not None]
    return tuple(found) if len(found) == len(names) else None


def front(names: Sequence[str], trials: Sequence[Trial]) -> list[Trial]:
    """The trials that no other beats in one objective without losing in another (Pareto), best accuracy first.

    With one objective these are the best trial and its equals.
    """
    scored = [(trial, own) for trial in trials if (own := figures(names, trial)) is not None]
    best = [
        trial
        for trial, own in scored
        if not any(other != own and weakly_dominates(names, other, own) for _trial, other in scored)
    ]
    return sorted(best, key=lambda trial: (-(trial.run.validation_accuracy or 0.0), trial.position))


def best_few(trials: Sequence[Trial], count: int) -> list[Trial]:
    """The best trials by validation accuracy, the best first."""
    ended = [trial for trial in trials if figures(("accuracy",), trial) is not None]
    return sorted(ended, key=lambda trial: (-(trial.run.validation_accuracy or 0.0), trial.position))[:count]
