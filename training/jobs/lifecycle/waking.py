"""Which jobs wait, and how workers hear of one at once: a message is a hint, an idle worker also looks itself."""

import logging
from typing import TypeVar

from celery import current_app
from django.apps import apps
from django.db.models import Q, QuerySet

from training.jobs.models import Job, State

logger = logging.getLogger(__name__)
BROKER_SECONDS = 2
J = TypeVar("J", bound=Job)


def kinds() -> list[type[Job]]:
    """Every kind of job in the installed apps."""
    return [model for model in apps.get_models() if issubclass(model, Job)]


def waiting(kind: type[J], only: Q | None = None) -> QuerySet[J]:
    """The queued jobs of a kind that this code can do, the next one first (priority, then age)."""
    able = kind._default_manager.filter(only or Q(), state=State.QUEUED, min_code_version__lte=kind.CODE_VERSION)
    return able.order_by("-priority", "created_at", "pk")


def wake(kind: type[Job]) -> None:
    """Tell some worker that a job of this kind may be waiting. Where no broker answers, an idle one finds it."""
    try:
        current_app.send_task(kind.TASK, queue=kind.QUEUE, ignore_result=True)
    except Exception:
        logger.warning("no broker to take a wake-up for %s; an idle worker finds it", kind.kind(), exc_info=True)


def broker_answers() -> bool:
    """Whether a broker takes messages, looked at for a few seconds at most."""
    options = {"socket_connect_timeout": BROKER_SECONDS, "socket_timeout": BROKER_SECONDS}
    try:
        with current_app.connection_for_write(transport_options=options) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=BROKER_SECONDS)
    except Exception:
        return False
    return True
