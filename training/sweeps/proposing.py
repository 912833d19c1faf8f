"""The next trials of a sweep: decided from the database alone, made in one transaction with a guard.

`advance` is called by the process in which a trial begins or ends, and for all sweeps at every heartbeat of the beat,
so that nothing waits for a call that was lost. Two that advance the same sweep at once decide alike, and the second
finds the sweep's generation raised: what it decided is dropped. A few trials wait ahead, so that a worker that comes
or becomes free finds work at once.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from recognizer.core.model_card import N_INPUTS, parameter_count
from training.jobs import lifecycle
from training.jobs.models import State
from training.runs import creation as runs
from training.runs.creation import RunError
from training.sweeps import inference, limits, objectives, past
from training.sweeps.models import ACTIVE, Kind, Phase, Reason, Sweep, Trial
from training.sweeps.past import Standing
from training.sweeps.spaces import SpaceError, Values, apply
from training.sweeps.strategies import STRATEGIES, Proposal, Search, Tried

AHEAD = 2
"""Trials that wait, where nobody has said how many may run at once."""


@dataclass(frozen=True)
class NewTrial:
    """A trial that is to be made; a repeat has another seed."""

    values: Values
    kind: Kind = Kind.PROPOSED
    attributes: dict[str, object] = dataclasses.field(default_factory=dict)
    repeat_of: Trial | None = None
    seed: int | None = None


@dataclass(frozen=True)
class Decision:
    """What is to be done next with a sweep: trials to make, or an end of its phase."""

    trials: tuple[NewTrial, ...] = ()
    reason: Reason | None = None
    phase: Phase | None = None


NOTHING = Decision()


def advance_all() -> None:
    """Advance every sweep that searches."""
    for key in list(Sweep.objects.filter(phase__in=ACTIVE).values_list("pk", flat=True)):
        advance(key)


def advance(key: int) -> None:
    """Make the next trials of a sweep, if there are any to make, or end its search."""
    while (sweep := Sweep.objects.select_related("dataset").filter(pk=key).first()) is not None:
        inference.measure(sweep)
        decision = decide(sweep) if sweep.is_active else NOTHING
        if decision == NOTHING or not _carry_out(sweep, decision):
            return
        if decision.phase is None:
            return


def decide(sweep: Sweep) -> Decision:
    """What is to be done next, by the trials as they stand; nothing is changed."""
    standing = Standing.of(sweep)
    if sweep.phase == Phase.REPEATING:
        return _repeats(sweep, standing)
    reason = limits.reason_to_end(sweep, standing, timezone.now())
    if reason == Reason.TRIALS and standing.is_searching:
        return NOTHING  # the last ones may still reach the target, or all turn out to fail
    if reason is None:
        count = min(_wanted(sweep, standing), sweep.max_trials - standing.searched.total())
        proposals = _proposals(sweep, count) if count > 0 else []
        if proposals or count <= 0 or standing.is_searching:
            return Decision(tuple(_as_trial(proposal) for proposal in proposals))
        reason = Reason.SPACE
    return Decision(reason=reason, phase=Phase.REPEATING if sweep.repeats else Phase.CLOSED)


def _proposals(sweep: Sweep, count: int) -> list[Proposal]:
    return STRATEGIES[sweep.strategy].propose(_search(sweep, past.tried(sweep)), count)


def _as_trial(proposal: Proposal) -> NewTrial:
    return NewTrial(proposal.values, attributes=proposal.attributes)


def _wanted(sweep: Sweep, standing: Standing) -> int:
    """How many trials more may wait or run now."""
    if sweep.parallel is not None:
        return sweep.parallel - standing.open
    return AHEAD - standing.all[State.QUEUED]


def search_of(sweep: Sweep, trials: Sequence[Trial]) -> Search:
    """The sweep as its strategy sees it, with these trials."""
    return _search(sweep, tuple(past.tried_of(sweep.objective_names, trial) for trial in trials))


def _search(sweep: Sweep, trials: tuple[Tried, ...]) -> Search:
    space = sweep.axes
    return Search(
        space=space,
        start={name: sweep.base[name] for name in space.names},
        seed=sweep.seed,
        maximise=objectives.directions(sweep.objective_names),
        trials=trials,
        is_valid=lambda values: _is_valid(sweep, values),
    )


def _is_valid(sweep: Sweep, values: Values) -> bool:
    """Whether a point makes a recipe that can be trained."""
    try:
        recipe = apply(sweep.recipe, values)
        if sweep.dataset is not None:
            runs.check([sweep.dataset], recipe)
    except (SpaceError, RunError):
        return False
    return True


def _repeats(sweep: Sweep, standing: Standing) -> Decision:
    """The repeats that are still to be made, once no trial of the search is open."""
    if standing.is_searching:
        return NOTHING
    repeats = sweep.trials.filter(kind=Kind.REPEAT).select_related("run")
    made = {(trial.repeat_of_id, trial.run.seed) for trial in repeats}
    missing = [
        NewTrial(trial.values, Kind.REPEAT, repeat_of=trial, seed=seed)
        for trial in sweep.by_accuracy()[: sweep.repeat_best]
        for seed in repeat_seeds(trial.run.seed, sweep.repeats)
        if (trial.pk, seed) not in made
    ]
    if not missing or sweep.dataset is None:
        return Decision(phase=Phase.CLOSED)
    return Decision(tuple(missing[: max(_wanted(sweep, standing), 0)]))


def repeat_seeds(seed: int, count: int) -> list[int]:
    """Other seeds than that of the trial."""
    return [(seed + number) % 2**32 for number in range(1, count + 1)]


def _carry_out(sweep: Sweep, decision: Decision) -> bool:
    """Do what was decided, unless the sweep has changed since; all of it or nothing."""
    fields: dict[str, object] = {}
    if decision.phase is not None:
        fields = {"phase": decision.phase} | ({"reason": decision.reason} if decision.reason else {})
        fields |= _stopped_clock(sweep) if decision.phase == Phase.CLOSED else {}
    with transaction.atomic():
        if not sweep.change(phases=ACTIVE, **fields):
            return False
        if decision.reason in limits.AT_ONCE:
            drop_waiting(sweep, decision.reason)
        for trial in decision.trials:
            add(sweep, trial)
    return True


def _stopped_clock(sweep: Sweep) -> dict[str, object]:
    return {"clock_seconds": sweep.searched(timezone.now()).total_seconds(), "clock_started_at": None}


def drop_waiting(sweep: Sweep, reason: Reason) -> int:
    """Cancel the trials that have not begun, which their events say the reason of; return how many."""
    waiting = sweep.runs().filter(state=State.QUEUED, epoch=0)
    return sum(lifecycle.request_cancel(run, str(reason.label)) for run in waiting.reverse())


def add(sweep: Sweep, new: NewTrial) -> Trial:
    """Make a trial and queue its run; the caller holds the sweep's generation.

    Raises:
        SpaceError, RunError: it cannot be trained.

    """
    if sweep.dataset is None:
        raise RunError("dataset", _("Its data set was deleted."))
    recipe = apply(sweep.recipe, new.values)
    if new.seed is not None:
        recipe = dataclasses.replace(recipe, seed=new.seed)
    run = runs.create_run([sweep.dataset], recipe, preset=sweep.preset, is_trial=True, by=sweep.created_by)
    last = sweep.trials.aggregate(last=Max("position"))["last"]
    return Trial.objects.create(
        sweep=sweep,
        run=run,
        position=0 if last is None else last + 1,
        values=new.values,
        kind=new.kind,
        attributes=new.attributes,
        repeat_of=new.repeat_of,
        parameters=parameter_count((N_INPUTS, *recipe.hidden_layers, len(sweep.dataset.letters))),
    )
