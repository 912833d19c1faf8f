"""What people (and a sweep's pruning) ask of a job: cancel, pause, prune, resume, try again.

What waits changes at once. What runs gets a column that its worker sees between two steps of the work.
"""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from training.jobs.lifecycle import waking
from training.jobs.models import FINISHED, REQUESTS, RETRIED, Job, State


def request_cancel(job: Job, why: str = "") -> bool:
    """Cancel what waits at once and ask the worker of what runs to stop; False where it has ended already.

    `why` is told by its events, where it was not a person's wish.
    """
    return _ask(job, State.CANCELLED, waiting=(State.QUEUED, State.PAUSED), why=why)


def request_pause(job: Job) -> bool:
    """Pause a queued job at once and ask the worker of a running one to; False where there is nothing to pause.

    What it has achieved (a run's checkpoint) is kept until somebody resumes it.
    """
    return _ask(job, State.PAUSED, waiting=(State.QUEUED,))


def prune(job: Job, why: str = "") -> bool:
    """End a job that is not worth going on with, as `request_cancel` does; `why` is told by its events."""
    return _ask(job, State.PRUNED, waiting=(State.QUEUED, State.PAUSED), why=why)


def _ask(job: Job, state: State, *, waiting: tuple[State, ...], why: str = "") -> bool:
    rows, column = type(job)._default_manager.filter(pk=job.pk), REQUESTS[state]
    now = timezone.now()
    ended = {"finished_at": now} if state in FINISHED else {"paused_at": now}
    with transaction.atomic():
        if rows.filter(state__in=waiting).update(state=state, **ended):
            job.note(state.value, why)
            return True
        if rows.filter(state=State.RUNNING, **{column: False}).update(**{column: True}):
            job.note(column.replace("_", " "), why)
    return rows.filter(state=State.RUNNING, **{column: True}).exists()


def resume(job: Job) -> bool:
    """Queue a paused job again, or take back a pause that its worker has not seen; False where neither is there."""
    rows = type(job)._default_manager.filter(pk=job.pk)
    with transaction.atomic():
        queued = _end_pause(job)
        changed = queued or rows.filter(state=State.RUNNING, pause_requested=True).update(pause_requested=False)
        if changed:
            job.note("resumed")
            transaction.on_commit(lambda: waking.wake(type(job)))
    return bool(changed)


def _end_pause(job: Job) -> int:
    """Queue a paused job, and count how long it was paused if it had begun; return how many rows have changed."""
    paused = type(job)._default_manager.filter(pk=job.pk, state=State.PAUSED)
    started_at, paused_at = paused.values_list("started_at", "paused_at").first() or (None, None)
    seconds = (timezone.now() - paused_at).total_seconds() if started_at and paused_at else 0.0
    return paused.filter(paused_at=paused_at).update(
        state=State.QUEUED, paused_at=None, paused_seconds=F("paused_seconds") + max(seconds, 0.0)
    )


def retry(job: Job, **fields: Any) -> bool:
    """Queue a job anew that has failed, or was cancelled or pruned; False where it is none of these.

    `fields` are what the kind of job sets back with it.
    """
    asked = dict.fromkeys(REQUESTS.values(), False)
    anew: dict[str, Any] = {"error": "", "finished_at": None, "paused_at": None, "paused_seconds": 0.0}
    anew |= {"fruitless_attempts": 0, "needs_code": job.CODE}
    with transaction.atomic():
        rows = type(job)._default_manager.filter(pk=job.pk, state__in=RETRIED)
        changed = rows.update(state=State.QUEUED, **anew, **asked, **fields)
        if changed:
            job.note("tried again")
            transaction.on_commit(lambda: waking.wake(type(job)))
    return bool(changed)
