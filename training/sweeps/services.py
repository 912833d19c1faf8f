"""Every row of sweeps that people or workers ask for: made, advanced, paused, stopped, extended, deleted.

Whoever changes a sweep first changes its row, by one conditional UPDATE that raises its generation, and only then asks
its runs. A process that dies in between leaves nothing undone for long: a trial's state is that of its run, and the
next call of `advance` looks again.

`advance` is called by the process in which a trial begins or ends, and for all sweeps at every period of the clock.
Of two that advance the same sweep at once, the second finds the generation raised and drops what it decided.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from recognizer.core.messages import message
from recognizer.core.model_card import parameter_count
from recognizer.messages import gettext as _
from training.core.hyperparameters import FIELDS, Hyperparameters
from training.datasets.models import Dataset
from training.datasets.services import hold
from training.jobs import lifecycle
from training.jobs.models import State
from training.runs import quota
from training.runs import services as runs
from training.runs.checks import DatasetsGoneError, RunError, training_images
from training.runs.models import Run
from training.sweeps import checks
from training.sweeps.errors import ControlError, SpaceError
from training.sweeps.models import ACTIVE, OPEN, Phase, Reason, Sweep, Trial, TrialKind
from training.sweeps.options import SearchLimits, SweepOptions
from training.sweeps.search import deciding, latency, stopping
from training.sweeps.search.deciding import NO_ACTION, NewTrial, SweepAction
from training.sweeps.space import axes
from training.sweeps.space.space import Space, apply

DEFAULTS = SweepOptions()
NAMED = 4
"""At most so many hyperparameters stand in a sweep's own title."""
MAX_ATTEMPTS = 20
"""Workers change a sweep all the time: how often a person's change is tried on the newest state."""


def create_sweep(
    datasets: Sequence[Dataset],
    base: Hyperparameters,
    space: Space,
    options: SweepOptions = DEFAULTS,
    *,
    preset: str = "",
    name: str = "",
    by: Any = None,
) -> Sweep:
    """Make a sweep and queue its first trials; if anything is wrong, nothing is made.

    Args:
        datasets: what every trial trains on, at least one; their shares follow in this order.
        base: what all trials share.
        space: what is varied.
        options: strategy, objectives, pruning, limits and repeats.
        preset: the name of the preset that `base` came from, if any.
        name: of the sweep; empty for one made of data set and hyperparameters.
        by: the user who asks.

    Raises:
        SpaceError: see `checks.check`.
        RunError: see `checks.check`.

    """
    sweep = checks.check(datasets, base, space, options)
    sweep.name = name.strip()[: Sweep.LONGEST_NAME] or title_of(datasets, space)
    sweep.preset = preset
    sweep.created_by = by if by is not None and by.is_authenticated else None
    with transaction.atomic():
        if not hold(datasets):
            raise DatasetsGoneError
        _check_quota(sweep)
        sweep.save(force_insert=True)
        advance(sweep.pk)
    sweep.refresh_from_db()
    return sweep


def _check_quota(sweep: Sweep) -> None:
    """Refuse a sweep whose first trial has no place, or beside as many others as there may be trainings."""
    quota.check(sweep.created_by, deciding.most_samples(sweep))
    usage = quota.used_by(sweep.created_by)
    mine = Sweep.objects.filter(created_by=sweep.created_by).exclude(phase=Phase.CLOSED).count() if usage else 0
    if usage is not None and mine >= usage.most_runs:
        words = _("You have %(count)d sweeps that have not ended: stop one first.")
        raise RunError("dataset", words % {"count": mine})


def title_of(datasets: Sequence[Dataset], space: Space) -> str:
    """A name for a sweep, of its data sets and the first hyperparameters that it varies."""
    names = space.names[:NAMED]
    more = " …" if len(space.names) > NAMED else ""
    words = {"dataset": " + ".join(each.name for each in datasets), **{name: _(FIELDS[name].label) for name in names}}
    return message("%(dataset)s: " + " × ".join(f"%({name})s" for name in names) + more) % words


def advance_all() -> None:
    """Advance every sweep that is searching or repeating."""
    for key in list(Sweep.objects.filter(phase__in=ACTIVE).values_list("pk", flat=True)):
        advance(key)


def advance(key: int) -> None:
    """Make the next trials of a sweep, or end its phase, as `deciding.decide` says."""
    while (sweep := Sweep.objects.select_related("dataset").filter(pk=key).first()) is not None:
        latency.measure(sweep)
        action = deciding.decide(sweep) if sweep.is_active else NO_ACTION
        try:
            if action == NO_ACTION or not _carry_out(sweep, action):
                return
        except DatasetsGoneError:  # since the decision, which is another one now
            continue
        if action.phase is None:
            return


def _carry_out(sweep: Sweep, action: SweepAction) -> bool:
    """Do all of it, or nothing where the sweep has changed since the decision."""
    fields: dict[str, object] = {}
    if action.phase is not None:
        fields = {"phase": action.phase} | ({"reason": action.reason} if action.reason else {})
        fields |= sweep.stopped_clock() if action.phase == Phase.CLOSED else {}
    with transaction.atomic():
        if not sweep.change(phases=ACTIVE, **fields):
            return False
        if action.reason in stopping.AT_ONCE:
            _cancel_waiting(sweep, action.reason)
        for trial in action.trials:
            _create_trial(sweep, trial)
    return True


def _cancel_waiting(sweep: Sweep, reason: Reason) -> None:
    """Cancel the trials that have not begun; their events give the reason."""
    for run in sweep.runs().filter(state=State.QUEUED, epoch=0).reverse():
        lifecycle.request_cancel(run, _(reason.label))


def _create_trial(sweep: Sweep, new: NewTrial) -> Trial:
    """Make a trial and queue its run; the caller has raised the sweep's generation in this transaction.

    Raises:
        SpaceError: its values contradict each other.
        RunError: it cannot be trained.

    """
    if not (datasets := sweep.datasets):
        raise DatasetsGoneError
    recipe = apply(sweep.recipe, new.values)
    if new.seed is not None:
        recipe = dataclasses.replace(recipe, seed=new.seed)
    if new.kind == TrialKind.MANUAL:
        quota.check(sweep.created_by, quota.samples_of(recipe.as_dict(), training_images(datasets)))
    run = runs.create_run(datasets, recipe, preset=sweep.preset, is_trial=True, by=sweep.created_by)
    last = sweep.trials.aggregate(last=Max("position"))["last"]
    return Trial.objects.create(
        sweep=sweep,
        run=run,
        position=0 if last is None else last + 1,
        values=new.values,
        kind=new.kind,
        attributes=new.attributes,
        repeat_of=new.repeat_of,
        parameters=parameter_count(recipe.sizes(len(datasets[0].letters))),
    )


def _change(sweep: Sweep, phases: tuple[str, ...], *, stop_clock: bool = False, **fields: Any) -> bool:
    """Change the sweep as it is stored now; False if it is in none of these phases."""
    for _attempt in range(MAX_ATTEMPTS):
        sweep.refresh_from_db()
        if sweep.phase not in phases:
            return False
        clock = sweep.stopped_clock() if stop_clock else {}
        if sweep.change(phases=phases, **fields, **clock):
            return True
    raise ControlError(_("The sweep changes too fast: try again."))


def pause(sweep: Sweep) -> bool:
    """Propose nothing more, and pause the trials that wait or run; False if it is not searching or repeating."""
    if not _change(sweep, ACTIVE, stop_clock=True, phase=Phase.PAUSED):
        return False
    for run in sweep.runs().filter(state__in=(State.QUEUED, State.RUNNING)).reverse():
        lifecycle.request_pause(run)
    return True


def resume(sweep: Sweep) -> bool:
    """Go on after a pause; False if it is not paused."""
    if not _change(sweep, (Phase.PAUSED,), phase=Phase.SEARCHING, clock_started_at=timezone.now()):
        return False
    for run in sweep.runs().filter(state__in=(State.PAUSED, State.RUNNING)):
        lifecycle.resume(run)
    advance(sweep.pk)
    return True


def stop(sweep: Sweep) -> bool:
    """Make no further trials and let those that run finish; False if it has ended already."""
    if not _change(sweep, (*ACTIVE, Phase.PAUSED), stop_clock=True, phase=Phase.CLOSED, reason=Reason.STOPPED):
        return False
    _cancel_waiting(sweep, Reason.STOPPED)
    for run in sweep.runs().filter(state=State.PAUSED):
        lifecycle.request_cancel(run)
    return True


def cancel(sweep: Sweep) -> int:
    """End the sweep and cancel its unfinished trials, the last first so that none starts meanwhile; return how many."""
    sweep.refresh_from_db()
    unfinished = sweep.runs().filter(state__in=OPEN)
    if unfinished.exists() or sweep.is_active:
        _change(sweep, tuple(Phase), stop_clock=True, phase=Phase.CLOSED, reason=Reason.CANCELLED)
    return sum(lifecycle.request_cancel(run) for run in unfinished.reverse())


def extend(sweep: Sweep, limits: SearchLimits) -> None:
    """Give it other limits and let it search again.

    Raises:
        ControlError: it is paused, its data set is gone, or it has that many trials already.

    """
    sweep.refresh_from_db()
    made = sweep.trials.exclude(kind=TrialKind.REPEAT).count()
    most = limits.max_trials if limits.max_trials is not None else sweep.max_trials
    if not sweep.datasets:
        raise ControlError(_("Its data set was deleted."))
    if sweep.phase == Phase.PAUSED:
        raise ControlError(_("It is paused: resume it first."))
    if most <= made:
        raise ControlError(_("It has %(made)d trials already: allow more than that.") % {"made": made})
    fields = {"max_trials": most, "phase": Phase.SEARCHING, "reason": "", **limits.as_fields()}
    if sweep.clock_started_at is None:
        fields["clock_started_at"] = timezone.now()
    if not _change(sweep, (*ACTIVE, Phase.CLOSED), **fields):
        raise ControlError(_("It is paused: resume it first."))
    advance(sweep.pk)


def add_trial(sweep: Sweep, typed: Mapping[str, object]) -> Trial:
    """Add a trial by hand, also after the end; its values need not lie in the space.

    Raises:
        SpaceError: a value is missing or cannot be used.
        RunError: it cannot be trained.
        ControlError: the data set is gone, or the sweep is paused.

    """
    values = {name: axes.parse_value(name, typed[name]) for name in sweep.axes.names if name in typed}
    missing = [name for name in sweep.axes.names if name not in values]
    if missing:
        raise SpaceError(_("%(name)s has no value.") % {"name": missing[0]}, missing[0])
    with transaction.atomic():
        if not _change(sweep, (*ACTIVE, Phase.CLOSED)):
            raise ControlError(_("It is paused: resume it first."))
        if not sweep.datasets:
            raise ControlError(_("Its data set was deleted."))
        return _create_trial(sweep, NewTrial(values, TrialKind.MANUAL))


def delete(sweep: Sweep) -> None:
    """Delete a sweep with its runs; networks of it that were put in the catalogue stay there."""
    with transaction.atomic():
        keys: Sequence[int] = list(sweep.runs().values_list("pk", flat=True))
        sweep.delete()
        Run.objects.filter(pk__in=keys).delete()
