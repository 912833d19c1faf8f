"""Changes by the worker that holds a job: write, finish, give back, fail an attempt."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from training.jobs.lifecycle import waking
from training.jobs.models import FINISHED, REQUESTS, EventName, Job, State

NO_HEARTBEAT: dict[str, None] = {"heartbeat_at": None}
"""Fields of a job that no worker holds."""


class LostClaimError(Exception):
    """The job is no longer ours: another attempt has it, or it was ended."""


def alive() -> dict[str, datetime | None]:
    """Fields that a worker writes to show that it lives."""
    return {"heartbeat_at": timezone.now()}


def _lost(job: Job) -> LostClaimError:
    return LostClaimError(f"{job.kind()} {job.pk}, attempt {job.attempt}")


def write(job: Job, **fields: Any) -> None:
    """Change fields of a job that we hold.

    Raises:
        LostClaimError: the job is not ours any more; nothing was written.

    """
    held = type(job)._default_manager.filter(pk=job.pk, state=State.RUNNING, attempt=job.attempt)
    if not held.update(**fields):
        raise _lost(job)
    for name, value in fields.items():
        setattr(job, name, value)


def finish(job: Job, state: State, *, error: str = "", **fields: Any) -> None:
    """End a job that we hold, with its last fields in the same transaction.

    Raises:
        LostClaimError: the job is not ours any more; nothing was written.

    """
    with transaction.atomic():
        if state == State.SUCCEEDED:
            fields["progress"] = 1.0
        write(job, state=state, error=error, finished_at=timezone.now(), **NO_HEARTBEAT, **fields)
        job.record_event(EventName.reached(state), error)


def give_back(job: Job) -> None:
    """Release a job that we hold: another worker goes on with it, unless it was asked to pause or end.

    Raises:
        LostClaimError: the job is not ours any more; nothing was written.

    """
    if not release(job, event=EventName.GIVEN_BACK):
        raise _lost(job)


def fail_attempt(job: Job, why: str) -> None:
    """Release a job that we hold, and count the attempt as one without progress.

    Args:
        job: ours.
        why: its error once there were too many in a row, with a place for their `%(count)d`.

    Raises:
        LostClaimError: the job is not ours any more; nothing was written.

    """
    if not release(job, event=EventName.ATTEMPT_FAILED, why=why):
        raise _lost(job)


def release(job: Job, *, event: EventName, why: str = "", **condition: Any) -> bool:
    """Take a running job from its worker, by one UPDATE: as was requested of it, or else back to the queue.

    Args:
        job: with the attempt that is released; nothing changes where another one has it by now.
        event: recorded where the job is queued again.
        why: counts the attempt as one without progress, and is the error where there were too many in a row.
        condition: what else must hold of the row.

    """
    outcomes = [When(**{column: True}, then=Value(state.value)) for state, column in REQUESTS.items()]
    counted: dict[str, Any] = {}
    if why:
        last = settings.JOB_ATTEMPTS_WITHOUT_PROGRESS - 1
        outcomes.append(When(attempts_without_progress__gte=last, then=Value(State.FAILED.value)))
        counted = {"attempts_without_progress": F("attempts_without_progress") + 1}
    state = Case(*outcomes, default=Value(State.QUEUED.value))
    held = type(job)._default_manager.filter(pk=job.pk, state=State.RUNNING, attempt=job.attempt, **condition)
    with transaction.atomic():
        changed = held.update(state=state, pause_requested=False, **NO_HEARTBEAT, **counted)
        if changed:
            _record_outcome(job, event, why)
    return bool(changed)


def _record_outcome(job: Job, event: EventName, why: str) -> None:
    """Write what became of a released job, in the transaction that released it."""
    rows, worker = type(job)._default_manager.filter(pk=job.pk), job.worker
    job.refresh_from_db(fields=["state", "attempts_without_progress"])
    if job.state in FINISHED:
        error = why % {"count": job.attempts_without_progress} if job.state == State.FAILED else ""
        rows.update(finished_at=timezone.now(), error=error)
        job.record_event(EventName.reached(job.state), error)
        return
    rows.update(worker="", paused_at=timezone.now() if job.state == State.PAUSED else None)
    if job.state == State.QUEUED:
        job.record_event(event, worker)
        transaction.on_commit(lambda: waking.wake(type(job)))
    else:
        job.record_event(EventName.reached(job.state))
