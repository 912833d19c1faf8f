"""The reaper: jobs whose worker went silent go back to the queue, and workers are woken for what waits."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from training.jobs.lifecycle import waking
from training.jobs.lifecycle.holding import let_go
from training.jobs.lifecycle.waking import kinds, stale_after, waiting
from training.jobs.models import Job, State


def reap(now: datetime | None = None) -> int:
    """Put back every job whose worker went silent and wake workers for what waits; return how many were put back.

    No clock is trusted alone, for one may jump, and those of two machines differ. A heartbeat that looks old makes its
    worker a suspect, and only one that is the same half of the allowed silence later is a lost worker's.
    """
    now = now or timezone.now()
    count = 0
    for kind in kinds():
        running = kind._default_manager.filter(state=State.RUNNING)
        count += sum(_put_back(job) for job in running.filter(suspected_at__lte=now - stale_after() / 2))
        _suspect(running, now)
        if waiting(kind).exists():
            waking.wake(kind)
    return count


def _suspect(running: QuerySet[Job], now: datetime) -> None:
    """Note whose heartbeat is half of the allowed silence away from now; one noted in the future counts for none."""
    patience = stale_after() / 2
    silent = Q(heartbeat_at__lt=now - patience) | Q(heartbeat_at__gt=now + patience)
    fresh = Q(suspected_at__isnull=True) | Q(suspected_at__gt=now)
    running.filter(silent, fresh).update(suspected_at=now)


def _put_back(job: Job) -> bool:
    """Let go of a lost job, unless its worker has shown itself since."""
    why = _(
        "Its worker was lost %(count)d times in a row before anything was achieved. "
        "A likely cause is that memory ran out."
    )
    return let_go(job, event="worker lost", why=why, suspected_at=job.suspected_at)
