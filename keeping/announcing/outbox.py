"""When a job ends, one announcement of it is written down and then delivered; what fails is tried again a few times.

The clock looks for what has ended, so that nothing that ends a job needs to know of this, and a start after a crash
finds what was missed. The unique row keeps two clocks from announcing twice; delivering is at least once.
"""

import json
import logging
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection
from django.db.models import Max, Q
from django.utils import timezone

from keeping.announcing.webhook import DeliveryError, post
from keeping.models import Announcement
from training.devices.models import Bundle
from training.jobs import lifecycle
from training.jobs.models import FINISHED, State
from training.runs.models import Run
from training.sweeps.models import Phase, Sweep, Trial

logger = logging.getLogger(__name__)
LOOKS_BACK = timedelta(hours=1)
WAITS = tuple(timedelta(seconds=each) for each in (30, 120, 600, 3600))
"""Before the second, third, … try; after the last one it is given up."""
KEPT = timedelta(days=30)
AT_ONCE = 20
_delivering = threading.Lock()


def announce() -> None:
    """Write down what has ended, and begin to deliver. The clock calls it each period and waits for nobody."""
    if not settings.WEBHOOK_URL and not settings.MAIL_TO:
        return
    order(timezone.now() - LOOKS_BACK)
    threading.Thread(target=_deliver_alone, name="announcements", daemon=True).start()


def order(since: datetime) -> int:
    """Write down what people have ordered and what has ended since then; return how many are new."""
    found = [*_jobs(since), *_sweeps(since)]
    known = set(Announcement.objects.filter(ended_at__gte=since).values_list("kind", "key", "ended_at"))
    new = [each for each in found if (each.kind, each.key, each.ended_at) not in known]
    Announcement.objects.bulk_create(new, ignore_conflicts=True)
    Announcement.objects.filter(ended_at__lt=timezone.now() - KEPT).delete()
    return len(new)


def deliver() -> int:
    """Deliver what is due; return how many were taken. One that fails waits, each time longer."""
    taken = 0
    for each in Announcement.objects.filter(sent_at=None, due_at__lte=timezone.now()).order_by("due_at")[:AT_ONCE]:
        try:
            _deliver(each)
        except (DeliveryError, OSError) as error:
            each.attempts += 1
            each.trouble = str(error)[:300]
            each.due_at = timezone.now() + WAITS[each.attempts - 1] if each.attempts <= len(WAITS) else None
            logger.warning("%s was not announced: %s", each, error)
        else:
            each.sent_at, each.trouble = timezone.now(), ""
            taken += 1
        each.save(update_fields=["attempts", "trouble", "due_at", "sent_at"])
    return taken


def _deliver_alone() -> None:
    if not _delivering.acquire(blocking=False):
        return
    try:
        deliver()
    except Exception:
        logger.exception("announcements were not delivered")
    finally:
        connection.close()
        _delivering.release()


def _deliver(each: Announcement) -> None:
    if settings.WEBHOOK_URL:
        body = json.dumps(content(each), ensure_ascii=False).encode()
        secret, private = settings.WEBHOOK_SECRET, settings.WEBHOOK_PRIVATE
        post(settings.WEBHOOK_URL, body, secret=secret, private=private)
    if settings.MAIL_TO:
        told = content(each)
        lines = [f"{name}: {value}" for name, value in told.items() if value]
        send_mail(f"Propis: {each.kind} {each.name}: {each.state}", "\n".join(lines), None, settings.MAIL_TO)


def content(each: Announcement) -> dict[str, str]:
    """What is told: of a job's kind, its name, what it came to, and where it can be looked at."""
    site = settings.CSRF_TRUSTED_ORIGINS[0] if settings.CSRF_TRUSTED_ORIGINS else ""
    return {
        "event": "ended",
        "id": f"{each.kind} {each.key} {each.ended_at.isoformat()}",
        "kind": each.kind,
        "name": each.name,
        "state": each.state,
        "error": each.error,
        "page": f"{site}{each.page}" if site else "",
        "ended_at": each.ended_at.isoformat(),
    }


def _jobs(since: datetime) -> Iterator[Announcement]:
    """Jobs that people ordered, and whatever failed; trials are told of by their sweep."""
    for kind in lifecycle.kinds():
        if kind is Bundle:
            continue
        ended: Any = kind._default_manager.filter(finished_at__gte=since, state__in=FINISHED)
        ended = ended.filter(Q(created_by__isnull=False) | Q(state=State.FAILED))
        for job in ended.filter(trial=None) if kind is Run else ended:
            yield _of(job, str(job.state), str(job.error), job.finished_at)


def _sweeps(since: datetime) -> Iterator[Announcement]:
    closed = Sweep.objects.filter(phase=Phase.CLOSED, trials__run__finished_at__gte=since)
    under_way = Trial.objects.exclude(run__state__in=FINISHED).values("sweep")
    for sweep in closed.exclude(pk__in=under_way).annotate(at=Max("trials__run__finished_at")):
        yield _of(sweep, "ended", "", sweep.at)


def _of(row: Any, state: str, error: str, at: datetime) -> Announcement:
    kind = str(row._meta.model_name)
    return Announcement(
        kind=kind,
        key=row.pk,
        ended_at=at,
        name=str(row)[:200],
        state=state,
        error=error[:500],
        page=row.get_absolute_url()[:200],
    )
