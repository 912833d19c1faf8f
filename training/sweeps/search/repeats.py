"""Trials repeated with other seeds: how much of an accuracy is luck."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from training.jobs.models import State
from training.sweeps.models import Trial, TrialKind


@dataclass(frozen=True)
class RepeatedTrial:
    """A trial with its repeats.

    Attributes:
        trial: the one that the search made.
        accuracies: validation accuracy of it and of its repeats, of those that have succeeded.
        mean: of those.
        spread: their standard deviation (n − 1); None for one alone.

    """

    trial: Trial
    accuracies: list[float]
    mean: float
    spread: float | None

    @property
    def points(self) -> float | None:
        """The spread in percentage points."""
        return None if self.spread is None else 100 * self.spread


def repeated_trials(trials: Sequence[Trial]) -> list[RepeatedTrial]:
    """The trials that were repeated, the highest mean first."""
    groups: dict[int, list[float]] = {}
    for trial in trials:
        if trial.kind == TrialKind.REPEAT and trial.repeat_of_id is not None:
            groups.setdefault(trial.repeat_of_id, []).extend(_accuracies(trial))
    made = [_repeated(trial, [*_accuracies(trial), *groups[trial.pk]]) for trial in trials if trial.pk in groups]
    return sorted(made, key=lambda each: -each.mean)


def _accuracies(trial: Trial) -> list[float]:
    known = trial.run.validation_accuracy
    return [known] if known is not None and trial.run.state == State.SUCCEEDED else []


def _repeated(trial: Trial, accuracies: list[float]) -> RepeatedTrial:
    mean = statistics.fmean(accuracies) if accuracies else 0.0
    return RepeatedTrial(trial, accuracies, mean, statistics.stdev(accuracies) if len(accuracies) > 1 else None)
