"""How a worker gets a job: one conditional UPDATE, which only one of many workers can win."""

import logging
from typing import TypeVar

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from recognizer.messages import gettext as _
from training.jobs.lifecycle import turns
from training.jobs.lifecycle.completion import alive
from training.jobs.lifecycle.waking import waiting
from training.jobs.models import EventName, Job, State

logger = logging.getLogger(__name__)
J = TypeVar("J", bound=Job)


def claim_next(kind: type[J], *, worker: str, only: Q | None = None) -> J | None:
    """Claim the next queued job that fits `only` and that this code can do, people in turn; None if there is none."""
    while (candidate := turns.next_of(waiting(kind, only))) is not None:
        key, attempt = candidate
        if claim(kind, key, attempt=attempt, worker=worker):
            return kind._default_manager.get(pk=key)
    _explain_refusals(kind, worker)
    return None


def claim(kind: type[Job], key: int, *, attempt: int, worker: str) -> bool:
    """Claim this queued job; False where another worker was quicker, or our code is too old for it."""
    with transaction.atomic():
        claimed = (
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
        if claimed:
            kind._default_manager.get(pk=key).record_event(EventName.STARTED, worker)
    return bool(claimed)


def _explain_refusals(kind: type[Job], worker: str) -> None:
    """Log, and record once a worker, why a job is left to others: it was created by newer code than ours."""
    for job in kind._default_manager.filter(state=State.QUEUED, min_code_version__gt=kind.CODE_VERSION):
        reason = _("%(worker)s runs code of version %(ours)d, the job needs version %(needed)d: update and restart it")
        text = reason % {"worker": worker, "ours": kind.CODE_VERSION, "needed": job.min_code_version}
        logger.error("%s %s is not for this worker: %s", job.kind(), job.pk, text)
        if not job.events.filter(name=EventName.CODE_TOO_OLD, text=text).exists():
            job.record_event(EventName.CODE_TOO_OLD, text)
