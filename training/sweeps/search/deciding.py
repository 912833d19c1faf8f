"""The next step of a sweep: more trials, repeats of the best, or the end; decided from the database alone.

Nothing is written here (see `training.sweeps.services.advance`). A few trials wait ahead, so that a worker that joins
or becomes free finds work at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from training.core.options.effective import effective
from training.datasets.models import Dataset
from training.jobs.models import State
from training.runs import quota
from training.runs.checks import RunError, check_run, training_images
from training.sweeps.models import Phase, Reason, Sweep, Trial, TrialKind
from training.sweeps.search import stopping, trial_stats
from training.sweeps.search.trial_stats import TrialCounts
from training.sweeps.space import objectives
from training.sweeps.space.axes import Axis, Choices
from training.sweeps.space.space import SpaceError, Values, apply, key_of
from training.sweeps.strategies import STRATEGIES, SearchState, TrialRecord

TRIALS_AHEAD = 2
"""Trials that wait where no limit says how many may run at once."""


@dataclass(frozen=True)
class NewTrial:
    """A trial that is to be made; a repeat has another seed."""

    values: Values
    kind: TrialKind = TrialKind.PROPOSED
    attributes: dict[str, object] = field(default_factory=dict)
    repeat_of: Trial | None = None
    seed: int | None = None


@dataclass(frozen=True)
class SweepAction:
    """What is to be done with a sweep: trials to make, or the phase that it goes on to and why."""

    trials: tuple[NewTrial, ...] = ()
    reason: Reason | None = None
    phase: Phase | None = None


NO_ACTION = SweepAction()


def decide(sweep: Sweep) -> SweepAction:
    """What is to be done next, given the trials as they stand."""
    counts = TrialCounts.of(sweep)
    if sweep.phase == Phase.REPEATING:
        return _repeat(sweep, counts)
    reason = stopping.reason_to_end(sweep, counts, timezone.now())
    if reason == Reason.TRIALS and counts.is_searching:
        return NO_ACTION  # the last ones may still reach the target, or all turn out to fail
    if reason is None:
        room = min(_free_places(sweep, counts), sweep.max_trials - counts.searched.total())
        trials = _propose(sweep, room) if room > 0 else ()
        if trials or room <= 0 or counts.is_searching:
            return SweepAction(trials)
        reason = Reason.SPACE
    return SweepAction(reason=reason, phase=Phase.REPEATING if sweep.repeats else Phase.CLOSED)


def _free_places(sweep: Sweep, counts: TrialCounts) -> int:
    """How many more trials may wait or run now."""
    free = TRIALS_AHEAD - counts.all[State.QUEUED] if sweep.parallel is None else sweep.parallel - counts.open
    usage = quota.used_by(sweep.created_by) if free > 0 else None
    return free if usage is None else min(free, usage.places(most_samples(sweep)))


def most_samples(sweep: Sweep) -> int:
    """Epochs × samples of its largest trial."""
    axes = dict(sweep.axes.axes)
    largest = {
        name: _largest(axes[name]) if name in axes else sweep.base.get(name) for name in ("epochs", "epoch_samples")
    }
    return quota.samples_of(largest, training_images(sweep.datasets))


def _largest(axis: Axis) -> int:
    return int(max(axis.values)) if isinstance(axis, Choices) else int(axis.high)


def _propose(sweep: Sweep, count: int) -> tuple[NewTrial, ...]:
    """Ask the strategy for at most `count` trials."""
    proposals = STRATEGIES[sweep.strategy].propose(_state(sweep, trial_stats.records(sweep)), count)
    return tuple(NewTrial(each.values, attributes=each.attributes) for each in proposals)


def _repeat(sweep: Sweep, counts: TrialCounts) -> SweepAction:
    """The repeats that are missing, once no trial of the search is open; after the last one, the end."""
    if counts.is_searching:
        return NO_ACTION
    missing = _missing_repeats(sweep)
    if not missing or not sweep.datasets:
        return SweepAction(phase=Phase.CLOSED)
    return SweepAction(tuple(missing[: max(_free_places(sweep, counts), 0)]))


def _missing_repeats(sweep: Sweep) -> list[NewTrial]:
    repeats = sweep.trials.filter(kind=TrialKind.REPEAT).select_related("run")
    made = {(trial.repeat_of_id, trial.run.seed) for trial in repeats}
    return [
        NewTrial(trial.values, TrialKind.REPEAT, repeat_of=trial, seed=seed)
        for trial in sweep.by_accuracy()[: sweep.repeat_best]
        for seed in repeat_seeds(trial.run.seed, sweep.repeats)
        if (trial.pk, seed) not in made
    ]


def repeat_seeds(seed: int, count: int) -> list[int]:
    """The seeds of a trial's repeats: the next ones after its own."""
    return [(seed + number) % 2**32 for number in range(1, count + 1)]


def search_state(sweep: Sweep, trials: Sequence[Trial]) -> SearchState:
    """The sweep as its strategy sees it, with these trials."""
    return _state(sweep, tuple(trial_stats.record_of(sweep.objective_names, trial) for trial in trials))


def _state(sweep: Sweep, trials: tuple[TrialRecord, ...]) -> SearchState:
    space, recipe, datasets = sweep.axes, sweep.recipe.as_dict(), sweep.datasets
    return SearchState(
        space=space,
        start={name: sweep.base[name] for name in space.names},
        seed=sweep.seed,
        maximise=objectives.directions(sweep.objective_names),
        trials=trials,
        is_valid=lambda values: _is_valid(sweep, datasets, values),
        key=lambda values: _key(recipe, values, max(1, len(datasets))),
    )


def _key(recipe: Mapping[str, Any], values: Values, data_sets: int) -> str:
    """The same text for points that train the same network: values without effect are left out."""
    decisive = effective({**recipe, **values}, data_sets=data_sets)
    return key_of({name: decisive[name] for name in values if name in decisive})


def _is_valid(sweep: Sweep, datasets: Sequence[Dataset], values: Values) -> bool:
    """Whether a point makes a recipe that can be trained."""
    try:
        recipe = apply(sweep.recipe, values)
        if datasets:
            check_run(datasets, recipe)
    except (SpaceError, RunError):
        return False
    return True
