"""Who waits, and how workers hear of it: a queue message is a hint, and the reaper repeats it."""

import logging
from datetime import timedelta
from typing import TypeVar

from celery import current_app
from django.apps import apps
from django.conf import settings
from django.db.models import Q, QuerySet

from training.jobs.models import Job, State

logger = logging.getLogger(__name__)
J = TypeVar("J", bound=Job)


def kinds() -> list[type[Job]]:
    """Every kind of job in the installed apps."""
    return [model for model in apps.get_models() if issubclass(model, Job)]


def waiting(kind: type[J], only: Q | None = None) -> QuerySet[J]:
    """The queued jobs of a kind that this code can do, the next one first (priority, then age)."""
    able = kind._default_manager.filter(only or Q(), state=State.QUEUED, needs_code__lte=kind.CODE)
    return able.order_by("-priority", "created_at", "pk")


def stale_after() -> timedelta:
    """The silence after which a worker counts as lost."""
    return timedelta(seconds=settings.JOB_HEARTBEAT_SECONDS * settings.JOB_MISSED_HEARTBEATS)


def wake(kind: type[Job]) -> None:
    """Tell some worker that a job of this kind may be waiting. Where no broker answers, the reaper tells it again."""
    try:
        current_app.send_task(kind.TASK, queue=kind.QUEUE, expires=stale_after().total_seconds(), ignore_result=True)
    except Exception:
        logger.warning(
            "no broker to take a wake-up for %s; the next look of the reaper repeats it", kind.kind(), exc_info=True
        )
