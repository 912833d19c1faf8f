"""How a job begins: its row, queued for a worker or held by this process from the start."""

from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from training.jobs.lifecycle import waking
from training.jobs.models import EventName, Job, State

J = TypeVar("J", bound=Job)


def enqueue(job: J, *, by: Any = None) -> J:
    """Save a new job and wake a worker once the row can be seen."""
    with transaction.atomic():
        job.state = State.QUEUED
        _save(job, by)
        job.record_event(EventName.QUEUED)
        transaction.on_commit(lambda: waking.wake(type(job)))
    return job


def create_claimed(job: J, *, worker: str, by: Any = None) -> J:
    """Save a new job as claimed by this process: no other worker ever sees it in the queue."""
    with transaction.atomic():
        job.state, job.attempt, job.worker = State.RUNNING, 1, worker
        job.started_at = job.heartbeat_at = timezone.now()
        _save(job, by)
        job.record_event(EventName.STARTED, worker)
    return job


def _save(job: Job, by: Any) -> None:
    job.min_code_version = job.CODE_VERSION
    job.created_by = by if by is not None and by.is_authenticated else None
    job.save()
