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
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from training.jobs.models import FINISHED, REQUESTS, RETRIED, Job, State

logger = logging.getLogger(__name__)
J = TypeVar("J", bound=Job)
SILENT: dict[str, None] = {"heartbeat_at": None, "suspected_at": None}
"""Fields of a job that nobody works on."""


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
        transaction.on_commit(lambda: wake(type(job)))
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


def waiting(kind: type[J], only: Q | None = None) -> QuerySet[J]:
    """The queued jobs of a kind that this code can do, the next one first (priority, then age)."""
    able = kind._default_manager.filter(only or Q(), state=State.QUEUED, needs_code__lte=kind.CODE)
    return able.order_by("-priority", "created_at", "pk")


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
    if not _let_go(job, event="given back"):
        raise LostClaimError(f"{job.kind()} {job.pk}, attempt {job.attempt}")


def fail_attempt(job: Job, why: str) -> None:
    """Let another attempt be made at a job that we hold, up to so many in a row that got nowhere.

    Args:
        job: ours.
        why: its error when there were too many, with a place for their `%(count)d`.

    Raises:
        LostClaimError: it is not ours any more; nothing was written.

    """
    if not _let_go(job, event="attempt failed", why=why):
        raise LostClaimError(f"{job.kind()} {job.pk}, attempt {job.attempt}")


def _let_go(job: Job, *, event: str, why: str = "", **held: Any) -> bool:
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
        transaction.on_commit(lambda: wake(type(job)))
    else:
        job.note(job.state)


def request_cancel(job: Job) -> bool:
    """Cancel what waits at once and ask the worker of what runs to stop; False where it has ended already."""
    return _ask(job, State.CANCELLED, waiting=(State.QUEUED, State.PAUSED))


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
            transaction.on_commit(lambda: wake(type(job)))
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
            transaction.on_commit(lambda: wake(type(job)))
    return bool(changed)


def _stale_after() -> timedelta:
    return timedelta(seconds=settings.JOB_HEARTBEAT_SECONDS * settings.JOB_MISSED_HEARTBEATS)


def reap(now: datetime | None = None) -> int:
    """Put back every job whose worker went silent and wake workers for what waits; return how many were put back.

    No clock is trusted alone, for one may jump, and those of two machines differ. A heartbeat that looks old makes its
    worker a suspect, and only one that is the same half of the allowed silence later is a lost worker's.
    """
    now = now or timezone.now()
    count = 0
    for kind in kinds():
        running = kind._default_manager.filter(state=State.RUNNING)
        count += sum(_put_back(job) for job in running.filter(suspected_at__lte=now - _stale_after() / 2))
        _suspect(running, now)
        if waiting(kind).exists():
            wake(kind)
    return count


def _suspect(running: QuerySet[Job], now: datetime) -> None:
    """Note whose heartbeat is half of the allowed silence away from now; one noted in the future counts for none."""
    patience = _stale_after() / 2
    silent = Q(heartbeat_at__lt=now - patience) | Q(heartbeat_at__gt=now + patience)
    fresh = Q(suspected_at__isnull=True) | Q(suspected_at__gt=now)
    running.filter(silent, fresh).update(suspected_at=now)


def _put_back(job: Job) -> bool:
    """Let go of a lost job, unless its worker has shown itself since."""
    why = _(
        "Its worker was lost %(count)d times in a row before anything was achieved. "
        "A likely cause is that memory ran out."
    )
    return _let_go(job, event="worker lost", why=why, suspected_at=job.suspected_at)


__all__ = [
    "FINISHED",
    "LostClaimError",
    "alive",
    "claim",
    "claim_next",
    "enqueue",
    "fail_attempt",
    "finish",
    "give_back",
    "kinds",
    "prune",
    "reap",
    "request_cancel",
    "request_pause",
    "resume",
    "retry",
    "take",
    "waiting",
    "wake",
    "write",
]
