"""What a person does with a sweep: pause, resume, stop, cancel, extend, add a trial, delete.

Each first changes the sweep's row, so that nothing is proposed any more, and then asks its runs. What happens in
between is repeated by whoever looks next: a trial's state is its run's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from training.jobs import lifecycle
from training.jobs.models import State
from training.runs.models import Run
from training.sweeps import axes, proposing
from training.sweeps.errors import ControlError, SpaceError
from training.sweeps.models import ACTIVE, OPEN, Kind, Phase, Reason, Sweep, Trial
from training.sweeps.options import Limits
from training.sweeps.proposing import NewTrial, drop_waiting

TRIES = 20
"""Workers change a sweep all the time: so often is a change tried on its newest state."""


def _change(sweep: Sweep, phases: tuple[str, ...], **fields: Any) -> bool:
    """Change the sweep as it stands now; False where it is in none of these phases."""
    for _attempt in range(TRIES):
        sweep.refresh_from_db()
        if sweep.phase not in phases:
            return False
        if sweep.change(phases=phases, **fields):
            return True
    raise ControlError(_("The sweep changes too fast: try again."))


def _stopped_clock(sweep: Sweep) -> dict[str, Any]:
    sweep.refresh_from_db()
    return {"clock_seconds": sweep.searched(timezone.now()).total_seconds(), "clock_started_at": None}


def pause(sweep: Sweep) -> bool:
    """Propose nothing more and pause what waits or runs; False where it does not search."""
    if not _change(sweep, ACTIVE, phase=Phase.PAUSED, **_stopped_clock(sweep)):
        return False
    for run in sweep.runs().filter(state__in=(State.QUEUED, State.RUNNING)).reverse():
        lifecycle.request_pause(run)
    return True


def resume(sweep: Sweep) -> bool:
    """Go on after a pause; False where it is not paused."""
    if not _change(sweep, (Phase.PAUSED,), phase=Phase.SEARCHING, clock_started_at=timezone.now()):
        return False
    for run in sweep.runs().filter(state__in=(State.PAUSED, State.RUNNING)):
        lifecycle.resume(run)
    proposing.advance(sweep.pk)
    return True


def stop(sweep: Sweep) -> bool:
    """Make no further trials; those that run end by themselves. False where it has ended already."""
    if not _change(sweep, (*ACTIVE, Phase.PAUSED), phase=Phase.CLOSED, reason=Reason.STOPPED, **_stopped_clock(sweep)):
        return False
    drop_waiting(sweep, Reason.STOPPED)
    for run in sweep.runs().filter(state=State.PAUSED):
        lifecycle.request_cancel(run)
    return True


def cancel(sweep: Sweep) -> int:
    """End it and every trial that has not ended, the last first, so that none begins meanwhile; return how many."""
    sweep.refresh_from_db()
    waits = sweep.runs().filter(state__in=OPEN)
    if waits.exists() or sweep.is_active:
        _change(sweep, tuple(Phase), phase=Phase.CLOSED, reason=Reason.CANCELLED, **_stopped_clock(sweep))
    return sum(lifecycle.request_cancel(run) for run in waits.reverse())


def extend(sweep: Sweep, limits: Limits) -> None:
    """Give it other limits and let it search again.

    Raises:
        ControlError: it is paused, its data set is gone, or it has that many trials already.

    """
    sweep.refresh_from_db()
    made = sweep.trials.exclude(kind=Kind.REPEAT).count()
    most = limits.max_trials if limits.max_trials is not None else sweep.max_trials
    if sweep.dataset_id is None:
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
    proposing.advance(sweep.pk)


def add_trial(sweep: Sweep, typed: Mapping[str, object]) -> Trial:
    """Add a trial by hand, also after the end; its values need not lie in the space.

    Raises:
        SpaceError: a value is missing or cannot be used.
        RunError: it cannot be trained.
        ControlError: the data set is gone, or the sweep is paused.

    """
    values = {name: axes.parse(name, typed[name]) for name in sweep.axes.names if name in typed}
    missing = [name for name in sweep.axes.names if name not in values]
    if missing:
        raise SpaceError(_("%(name)s has no value.") % {"name": missing[0]}, missing[0])
    with transaction.atomic():
        if not _change(sweep, (*ACTIVE, Phase.CLOSED)):
            raise ControlError(_("It is paused: resume it first."))
        if sweep.dataset is None:
            raise ControlError(_("Its data set was deleted."))
        return proposing.add(sweep, NewTrial(values, Kind.MANUAL))


def delete(sweep: Sweep) -> None:
    """Delete a sweep with its runs. Networks of it that were put in the catalogue stay there."""
    with transaction.atomic():
        keys: Sequence[int] = list(sweep.runs().values_list("pk", flat=True))
        sweep.delete()
        Run.objects.filter(pk__in=keys).delete()
