"""Control of a job by people and sweeps: cancel, pause, prune, resume, retry.

A queued job changes at once. A running one gets a column that its worker sees between two steps of the work.
"""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from training.jobs.lifecycle import waking
from training.jobs.models import FINISHED, REQUEST_EVENTS, REQUESTS, RETRIED, EventName, Job, State


def request_cancel(job: Job, why: str = "") -> bool:
    """Cancel a queued or paused job at once, or request it of a running one; False where it has ended already.

    `why` stands in its events, where no person wished it.
    """
    return _request(job, State.CANCELLED, waiting=(State.QUEUED, State.PAUSED), why=why)


def request_pause(job: Job) -> bool:
    """Pause a queued job at once, or request it of a running one; False where there is nothing to pause.

    Its progress (a run's checkpoint) is kept until somebody resumes it.
    """
    return _request(job, State.PAUSED, waiting=(State.QUEUED,))


def prune(job: Job, why: str = "") -> bool:
    """End a job that is not worth finishing, as `request_cancel` does; `why` stands in its events."""
    return _request(job, State.PRUNED, waiting=(State.QUEUED, State.PAUSED), why=why)


def _request(job: Job, state: State, *, waiting: tuple[State, ...], why: str = "") -> bool:
    rows, column = type(job)._default_manager.filter(pk=job.pk), REQUESTS[state]
    now = timezone.now()
    ended = {"finished_at": now} if state in FINISHED else {"paused_at": now}
    with transaction.atomic():
        if rows.filter(state__in=waiting).update(state=state, **ended):
            job.record_event(EventName.reached(state), why)
            return True
        if rows.filter(state=State.RUNNING, **{column: False}).update(**{column: True}):
            job.record_event(REQUEST_EVENTS[state], why)
    return rows.filter(state=State.RUNNING, **{column: True}).exists()


def resume(job: Job) -> bool:
    """Queue a paused job again, or withdraw a pause that its worker has not seen; False where there is neither."""
    rows = type(job)._default_manager.filter(pk=job.pk)
    with transaction.atomic():
        queued = _end_pause(job)
        changed = queued or rows.filter(state=State.RUNNING, pause_requested=True).update(pause_requested=False)
        if changed:
            job.record_event(EventName.RESUMED)
            transaction.on_commit(lambda: waking.wake(type(job)))
    return bool(changed)


def _end_pause(job: Job) -> int:
    """Queue a paused job, and add to its paused time if it had begun; return how many rows have changed."""
    paused = type(job)._default_manager.filter(pk=job.pk, state=State.PAUSED)
    started_at, paused_at = paused.values_list("started_at", "paused_at").first() or (None, None)
    seconds = (timezone.now() - paused_at).total_seconds() if started_at and paused_at else 0.0
    return paused.filter(paused_at=paused_at).update(
        state=State.QUEUED, paused_at=None, paused_seconds=F("paused_seconds") + max(seconds, 0.0)
    )


def retry(job: Job, **fields: Any) -> bool:
    """Queue a job again that has failed, or was cancelled or pruned; False where it is none of these.

    `fields` are what this kind of job resets beyond what every job does.

    Raises:
        CannotStartError: it would fail at once; nothing was changed.

    """
    reset: dict[str, Any] = dict.fromkeys(REQUESTS.values(), False)
    reset |= {"error": "", "finished_at": None, "paused_at": None, "paused_seconds": 0.0}
    reset |= {"attempts_without_progress": 0, "min_code_version": job.CODE_VERSION}
    with transaction.atomic():
        rows = type(job)._default_manager.filter(pk=job.pk, state__in=RETRIED)
        if rows.exists():
            job.check_can_start()
        changed = rows.update(state=State.QUEUED, **reset, **fields)
        if changed:
            job.record_event(EventName.RETRIED)
            transaction.on_commit(lambda: waking.wake(type(job)))
    return bool(changed)
