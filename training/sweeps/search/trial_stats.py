"""The results of a sweep's trials, as decisions need them: counts, or a few columns of each, never whole rows.

A sweep may have thousands of trials, and what comes next is decided twice for each of them.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Self

from django.db.models import Count, F, QuerySet

from training.jobs.models import FINISHED, State
from training.sweeps.models import OPEN, Sweep, Trial, TrialKind
from training.sweeps.search import pareto
from training.sweeps.space.objectives import Figures
from training.sweeps.strategies import STRATEGIES, TrialRecord

OUTCOME = ("run__state", "run__validation_accuracy", "parameters", "inference_seconds")
"""Columns that `pareto.figures_of_columns` reads, in its order."""
ENDED = (State.SUCCEEDED, State.FAILED, State.PRUNED)
"""States of trials that have a result."""


@dataclass(frozen=True)
class TrialCounts:
    """How many trials there are.

    Attributes:
        all: by state.
        searched: the same, repeats apart.
        diverged: those of the search that failed by their own hyperparameters.

    """

    all: Counter[str]
    searched: Counter[str]
    diverged: int

    @classmethod
    def of(cls, sweep: Sweep) -> Self:
        """Count in one query."""
        every, searched, diverged = Counter[str](), Counter[str](), 0
        groups = sweep.trials.order_by().values_list("kind", "run__state")
        for kind, state, count, broken in groups.annotate(Count("pk"), Count("run__diverged_epoch")):
            every[state] += count
            if kind != TrialKind.REPEAT:
                searched[state] += count
                diverged += broken if state == State.FAILED else 0
        return cls(every, searched, diverged)

    @property
    def is_searching(self) -> bool:
        """Whether a trial of the search has not ended."""
        return any(self.searched[state] for state in OPEN)

    @property
    def open(self) -> int:
        """Trials that have not ended."""
        return sum(self.all[state] for state in OPEN)

    @property
    def ended(self) -> int:
        """Trials of the search that have ended."""
        return sum(self.searched[state] for state in FINISHED)


def searched(sweep: Sweep) -> "QuerySet[Trial]":
    """The trials of the search, repeats apart, in order."""
    return sweep.trials.exclude(kind=TrialKind.REPEAT).order_by("position")


def records(sweep: Sweep) -> tuple[TrialRecord, ...]:
    """The trials as the sweep's strategy needs them: with their results, or only their points."""
    trials = searched(sweep)
    if not STRATEGIES[sweep.strategy].learns:
        return tuple(TrialRecord(values) for values in trials.values_list("values", flat=True))
    names = sweep.objective_names
    columns = trials.values_list("values", "attributes", "run__epoch", *OUTCOME)
    return tuple(_record(names, *row) for row in columns)


def _record(
    names: tuple[str, ...],
    values: dict[str, object],
    attributes: dict[str, object],
    epoch: int,
    state: str,
    accuracy: float | None,
    *others: float | None,
) -> TrialRecord:
    return TrialRecord(
        values,
        is_open=state in OPEN,
        figures=pareto.figures_of_columns(names, state, accuracy, *others),
        pruned_at=(epoch, accuracy) if state == State.PRUNED and accuracy is not None else None,
        attributes=attributes,
    )


def record_of(names: tuple[str, ...], trial: Trial) -> TrialRecord:
    """A whole trial as a strategy sees it."""
    run = trial.run
    outcome = (run.state, run.validation_accuracy, trial.parameters, trial.inference_seconds)
    return _record(names, trial.values, trial.attributes, run.epoch, *outcome)


def figures_by_end(sweep: Sweep) -> list[Figures | None]:
    """The objectives of the trials that have ended, the first to end first; None for those that did not succeed."""
    ended = searched(sweep).filter(run__state__in=ENDED)
    in_order = ended.order_by(F("run__finished_at").asc(nulls_last=True), "position")
    return [pareto.figures_of_columns(sweep.objective_names, *row) for row in in_order.values_list(*OUTCOME)]
