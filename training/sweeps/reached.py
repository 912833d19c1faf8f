"""What trials have reached in a sweep's objectives, and which of them no other beats."""

from collections.abc import Sequence

from training.jobs.models import State
from training.sweeps.models import Trial
from training.sweeps.objectives import Figures, is_as_good


def figures(names: Sequence[str], trial: Trial) -> Figures | None:
    """The objectives of a trial in order; None unless it has ended well and all are known."""
    if trial.run.state != State.SUCCEEDED:
        return None
    known = [figure for name in names if (figure := _figure(name, trial)) is not None]
    return tuple(known) if len(known) == len(names) else None


def _figure(name: str, trial: Trial) -> float | None:
    if name == "accuracy":
        return trial.run.validation_accuracy
    return float(trial.parameters) if name == "parameters" else trial.inference_seconds


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
