"""What trials have reached in a sweep's objectives, and which of them no other beats."""

from collections.abc import Sequence

from training.jobs.models import State
from training.sweeps.models import Trial
from training.sweeps.objectives import OBJECTIVES, Figures, is_as_good


def figures(names: Sequence[str], trial: Trial) -> Figures | None:
    """The objectives of a trial in order; None unless it has ended well and all are known."""
    return known(names, trial.run.state, trial.run.validation_accuracy, trial.parameters, trial.inference_seconds)


def known(names: Sequence[str], state: str, *figures: float | None) -> Figures | None:
    """The same of the columns of a trial: its run's state, and a figure for each of `OBJECTIVES`."""
    if state != State.SUCCEEDED:
        return None
    by_name = dict(zip(OBJECTIVES, figures, strict=True))
    found = [float(figure) for name in names if (figure := by_name[name]) is not None]
    return tuple(found) if len(found) == len(names) else None


def front(names: Sequence[str], trials: Sequence[Trial]) -> list[Trial]:
    """The trials that no other beats in one objective without losing in another (Pareto), best accuracy first.

    With one objective it is the best trial; among equals all stand.
    """
    scored = [(trial, known) for trial in trials if (known := figures(names, trial)) is not None]
    best = [
        trial
        for trial, own in scored
        if not any(other != own and is_as_good(names, other, own) for _trial, other in scored)
    ]
    return sorted(best, key=lambda trial: (-(trial.run.validation_accuracy or 0.0), trial.position))


def best_few(trials: Sequence[Trial], count: int) -> list[Trial]:
    """The best trials by validation accuracy, the best first."""
    ended = [trial for trial in trials if figures(("accuracy",), trial) is not None]
    return sorted(ended, key=lambda trial: (-(trial.run.validation_accuracy or 0.0), trial.position))[:count]
