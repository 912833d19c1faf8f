"""Every change of a job's state, each one conditional UPDATE whose row count is checked.

The database is the truth and a queue message only a hint: it may be lost, doubled or late, and a worker may die at
any instruction, yet no job is lost and none is done twice.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, TypeVar

from celery import current_app
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from training.jobs.models import FINISHED, Job, State

logger = logging.getLogger(__name__)
J = TypeVar("J", bound=Job)


class LostClaimError(Exception):
    """The job is no longer ours: another attempt has it, or it was ended."""


def kinds() -> list[type[Job]]:
    """Every kind of job in the installed apps."""
    return [model for model in apps.get_models() if issubclass(model, Job)]


def wake(kind: type[Job]) -> None:
    """Tell some worker that a job of this kind may be waiting. Where no broker answers, the reaper tells it again."""
    try:
        current_app.send_task(kind.TASK, queue=kind.QUEUE, expires=_stale_after().total_seconds(), ignore_result=True)
    except Exception:
        logger.warning(
            "no broker to take a wake-up for %s; the next look of the reaper repeats it", kind.kind(), exc_info=True
        )


def enqueue(job: J, *, by: Any = None) -> J:
    """Save a new job and wake a worker once the row can be seen."""
    with transaction.atomic():
        job.state = State.QUEUED
        job.created_by = by if by is not None and by.is_authenticated else None
        job.save()
        job.note("queued")
        transaction.on_commit(lambda: wake(type(job)))
    return job


def take(job: J, *, worker: str, by: Any = None) -> J:
    """Save a new job as claimed by this process already: no other worker ever sees it waiting."""
    now = timezone.now()
    with transaction.atomic():
        job.state, job.attempt, job.worker = State.RUNNING, 1, worker
        job.started_at = job.heartbeat_at = now
        job.created_by = by if by is not None and by.is_authenticated else None
        job.save()
        job.note("started", worker)
    return job


def claim_next(kind: type[J], *, worker: str, only: Q | None = None) -> J | None:
    """Take the next queued job (priority, then age) of those that we may take, or None. Only one worker gets it."""
    waiting = kind._default_manager.filter(only or Q(), state=State.QUEUED).order_by("-priority", "created_at", "pk")
    while (candidate := waiting.values_list("pk", "attempt").first()) is not None:
        key, attempt = candidate
        if claim(kind, key, attempt=attempt, worker=worker):
            return kind._default_manager.get(pk=key)
    return None


def claim(kind: type[Job], key: int, *, attempt: int, worker: str) -> bool:
    """Take this queued job; False where somebody else was quicker."""
    now = timezone.now()
    with transaction.atomic():
        taken = kind._default_manager.filter(pk=key, state=State.QUEUED, attempt=attempt).update(
            state=State.RUNNING,
            attempt=F("attempt") + 1,
            worker=worker,
            heartbeat_at=now,
            started_at=Coalesce("started_at", now),
        )
        if taken:
            kind._default_manager.get(pk=key).note("started", worker)
    return bool(taken)


def write(job: Job, **fields: Any) -> None:
    """Change fields of a job that we hold.

    Raises:
        LostClaimError: the job is not ours any more; nothing was written.

    """
    held = type(job)._default_manager.filter(pk=job.pk, state=State.RUNNING, attempt=job.attempt)
    if not held.update(**fields):
        raise LostClaimError(f"{job.kind()} {job.pk}, attempt {job.attempt}")
    for name, value in fields.items():
        setattr(job, name, value)


def finish(job: Job, state: State, *, error: str = "", **fields: Any) -> None:
    """End a job that we hold, with its last fields in the same transaction."""
    with transaction.atomic():
        if state == State.SUCCEEDED:
            fields["progress"] = 1.0
        write(job, state=state, error=error, finished_at=timezone.now(), heartbeat_at=None, **fields)
        job.note(state.value, error)


def give_back(job: Job) -> None:
    """Queue a job that we hold again, so that another worker goes on with it. One that is to be cancelled ends here."""
    with transaction.atomic():
        if type(job)._default_manager.filter(pk=job.pk, cancel_requested=True).exists():
            finish(job, State.CANCELLED)
            return
        write(job, state=State.QUEUED, worker="", heartbeat_at=None)
        job.note("given back")
        transaction.on_commit(lambda: wake(type(job)))


def request_cancel(job: Job) -> bool:
    """Cancel a queued job at once and ask the worker of a running one to stop; False where it has ended already."""
    rows = type(job)._default_manager.filter(pk=job.pk)
    with transaction.atomic():
        if rows.filter(state=State.QUEUED).update(state=State.CANCELLED, finished_at=timezone.now()):
            job.note("cancelled")
            return True
        asked = rows.filter(state=State.RUNNING).update(cancel_requested=True)
        if asked:
            job.note("cancel requested")
    return bool(asked)


def _stale_after() -> timedelta:
    return timedelta(seconds=settings.JOB_HEARTBEAT_SECONDS * settings.JOB_MISSED_HEARTBEATS)


def reap(now: datetime | None = None) -> int:
    """Put back every job whose worker went silent and wake workers for what waits; return how many were put back."""
    silent_since = (now or timezone.now()) - _stale_after()
    count = 0
    for kind in kinds():
        lost = kind._default_manager.filter(state=State.RUNNING, heartbeat_at__lt=silent_since)
        count += sum(_put_back(job, silent_since) for job in lost)
        if kind._default_manager.filter(state=State.QUEUED).exists():
            wake(kind)
    return count


def _put_back(job: Job, silent_since: datetime) -> bool:
    """Queue a lost job again, or fail it after too many attempts in a row that got nowhere."""
    held = type(job)._default_manager.filter(
        pk=job.pk, state=State.RUNNING, attempt=job.attempt, heartbeat_at__lt=silent_since
    )
    with transaction.atomic():
        if job.cancel_requested:
            changed = held.update(state=State.CANCELLED, finished_at=timezone.now(), heartbeat_at=None)
            job.note("cancelled") if changed else None
        elif job.fruitless_attempts + 1 >= settings.JOB_FRUITLESS_ATTEMPTS:
            error = _("Its worker was lost %(count)d times in a row before anything was achieved.") % {
                "count": job.fruitless_attempts + 1
            }
            changed = held.update(state=State.FAILED, error=error, finished_at=timezone.now(), heartbeat_at=None)
            job.note("failed", error) if changed else None
        else:
            changed = held.update(
                state=State.QUEUED, worker="", heartbeat_at=None, fruitless_attempts=F("fruitless_attempts") + 1
            )
            job.note("worker lost", job.worker) if changed else None
    return bool(changed)


__all__ = [
    "FINISHED",
    "LostClaimError",
    "claim",
    "claim_next",
    "enqueue",
    "finish",
    "give_back",
    "kinds",
    "reap",
    "request_cancel",
    "take",
    "wake",
    "write",
]
