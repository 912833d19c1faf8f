"""What a worker does to a job's state: make, claim, write, finish, give back, fail an attempt."""

import logging
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from training.jobs.lifecycle import waking
from training.jobs.lifecycle.waking import waiting
from training.jobs.models import FINISHED, REQUESTS, Job, State

logger = logging.getLogger(__name__)
J = TypeVar("J", bound=Job)
SILENT: dict[str, None] = {"heartbeat_at": None, "suspected_at": None}
"""Fields of a job that nobody works on."""


class LostClaimError(Exception):
    """The job is no longer ours: another attempt has it, or it was ended."""


def alive() -> dict[str, datetime | None]:
    """Fields that a worker writes to show that it lives."""
    return {"heartbeat_at": timezone.now(), "suspected_at": None}


def enqueue(job: J, *, by: Any = None) -> J:
    """Save a new job and wake a worker once the row can be seen."""
    with transaction.atomic():
        job.state, job.needs_code = State.QUEUED, job.CODE
        job.created_by = by if by is not None and by.is_authenticated else None
        job.save()
        job.note("queued")
        transaction.on_commit(lambda: waking.wake(type(job)))
    return job


def take(job: J, *, worker: str, by: Any = None) -> J:
    """Save a new job as claimed by this process already: no other worker ever sees it waiting."""
    with transaction.atomic():
        job.state, job.attempt, job.worker, job.needs_code = State.RUNNING, 1, worker, job.CODE
        job.started_at = job.heartbeat_at = timezone.now()
        job.created_by = by if by is not None and by.is_authenticated else None
        job.save()
        job.note("started", worker)
    return job


def claim_next(kind: type[J], *, worker: str, only: Q | None = None) -> J | None:
    """Take the next queued job of those that we may take and can do, or None. Only one worker gets it."""
    while (candidate := waiting(kind, only).values_list("pk", "attempt").first()) is not None:
        key, attempt = candidate
        if claim(kind, key, attempt=attempt, worker=worker):
            return kind._default_manager.get(pk=key)
    _refuse_newer(kind, worker)
    return None


def claim(kind: type[Job], key: int, *, attempt: int, worker: str) -> bool:
    """Take this queued job; False where somebody else was quicker, or our code is too old for it."""
    with transaction.atomic():
        taken = (
            waiting(kind)
            .filter(pk=key, attempt=attempt)
            .order_by()
            .update(
                state=State.RUNNING,
                attempt=F("attempt") + 1,
                worker=worker,
                started_at=Coalesce("started_at", timezone.now()),
                **alive(),
            )
        )
        if taken:
            kind._default_manager.get(pk=key).note("started", worker)
    return bool(taken)


def _refuse_newer(kind: type[Job], worker: str) -> None:
    """Say, once a worker, why a job is left to others: it was made by newer code than ours."""
    for job in kind._default_manager.filter(state=State.QUEUED, needs_code__gt=kind.CODE):
        reason = _("%(worker)s runs code of version %(ours)d, the job needs version %(needed)d: update and restart it")
        text = reason % {"worker": worker, "ours": kind.CODE, "needed": job.needs_code}
        logger.error("%s %s is not for this worker: %s", job.kind(), job.pk, text)
        if not job.events.filter(name="code too old", text=text).exists():
            job.note("code too old", text)


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
        write(job, state=state, error=error, finished_at=timezone.now(), **SILENT, **fields)
        job.note(state.value, error)


def give_back(job: Job) -> None:
    """Let go of a job that we hold, so that another worker goes on with it, or as was asked of it.

    Raises:
        LostClaimError: it is not ours any more; nothing was written.

    """
    if not let_go(job, event="given back"):
        raise LostClaimError(f"{job.kind()} {job.pk}, attempt {job.attempt}")


def fail_attempt(job: Job, why: str) -> None:
    """Let another attempt be made at a job that we hold, up to so many in a row that got nowhere.

    Args:
        job: ours.
        why: its error when there were too many, with a place for their `%(count)d`.

    Raises:
        LostClaimError: it is not ours any more; nothing was written.

    """
    if not let_go(job, event="attempt failed", why=why):
        raise LostClaimError(f"{job.kind()} {job.pk}, attempt {job.attempt}")


def let_go(job: Job, *, event: str, why: str = "", **held: Any) -> bool:
    """Make of a held job what was asked of it, or queue it again; with `why`, fail it after too many such attempts."""
    rows = type(job)._default_manager.filter(pk=job.pk)
    ends = [When(**{column: True}, then=Value(state.value)) for state, column in REQUESTS.items()]
    counted: dict[str, Any] = {}
    if why:
        ends.append(When(fruitless_attempts__gte=settings.JOB_FRUITLESS_ATTEMPTS - 1, then=Value(State.FAILED.value)))
        counted = {"fruitless_attempts": F("fruitless_attempts") + 1}
    state = Case(*ends, default=Value(State.QUEUED.value))
    with transaction.atomic():
        changed = rows.filter(state=State.RUNNING, attempt=job.attempt, **held).update(
            state=state, pause_requested=False, **SILENT, **counted
        )
        if changed:
            _tell_end(job, event, why)
    return bool(changed)


def _tell_end(job: Job, event: str, why: str) -> None:
    """Write down what became of a job that was let go of, in the transaction that did so."""
    rows, worker = type(job)._default_manager.filter(pk=job.pk), job.worker
    job.refresh_from_db(fields=["state", "fruitless_attempts"])
    if job.state in FINISHED:
        error = why % {"count": job.fruitless_attempts} if job.state == State.FAILED else ""
        rows.update(finished_at=timezone.now(), error=error)
        job.note(job.state, error)
        return
    rows.update(worker="", paused_at=timezone.now() if job.state == State.PAUSED else None)
    if job.state == State.QUEUED:
        job.note(event, worker)
        transaction.on_commit(lambda: waking.wake(type(job)))
    else:
        job.note(job.state)
