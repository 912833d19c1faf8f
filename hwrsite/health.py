"""`/healthz`: whether the product does its work, for whoever watches it: 200, or 503 with the reasons.

`/readyz`: whether this web process can answer visitors: it has a model, and its database has every table.
`/healthz?worker=HOST` asks for the workers on one machine alone: whether a live one serves each queue there.
"""

import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor as MigrationExecutor
from django.db.models import Min
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from recognizer import active_model
from recognizer.loading import CatalogueError
from training.jobs import lifecycle
from training.jobs.lifecycle.waking import broker_answers
from training.jobs.models import Deployment, State
from training.jobs.worker import presence


class ClockWatch:
    """Whether the clock ticks, seen from one web process: the number of its ticks changes from look to look."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Begin to look; `now` is a clock in seconds that never jumps."""
        self._now = now
        self._ticks: int | None = None
        self._since = now()

    def seconds_silent(self) -> float:
        """Seconds since the last tick, or since the first look."""
        ticks = Deployment.objects.values_list("clock_ticks", flat=True).first()
        if ticks != self._ticks:
            self._ticks, self._since = ticks, self._now()
        return self._now() - self._since


_clock = ClockWatch()
_migrated: list[bool] = []


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Ask the database, the broker and the clock, and look how long work has waited; or for a machine's workers."""
    facts: dict[str, object] = {}
    host = request.GET.get("worker", "")
    reasons = [reason for reason in ((_workers(host),) if host else (_database(facts), _broker())) if reason]
    return JsonResponse({"healthy": not reasons, "reasons": reasons, **facts}, status=503 if reasons else 200)


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether visitors may be sent here: 200, or 503 with the reasons."""
    reasons = [reason for reason in (_tables(), _model()) if reason]
    return JsonResponse({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)


def _tables() -> str:
    """Once all migrations were there they are; then only whether the database answers."""
    try:
        if not _migrated:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return "the database lacks migrations"
            _migrated.append(True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "the database does not answer"
    return ""


def _model() -> str:
    try:
        active_model.get()
    except CatalogueError:
        return "there is no model to read letters with"
    return ""


def _database(facts: dict[str, object]) -> str:
    patience = settings.JOB_HEARTBEAT_SECONDS * (settings.JOB_MISSED_HEARTBEATS + 2)
    try:
        silent, waits = _clock.seconds_silent(), _oldest_wait()
    except DatabaseError:
        return "the database does not answer"
    facts |= {"clock_silent_seconds": round(silent, 1), "oldest_waiting_seconds": round(waits.total_seconds(), 1)}
    return f"the clock has been silent for {silent:.0f} s" if silent > patience else ""


def _workers(host: str) -> str:
    try:
        served = {queue for worker in presence.alive().filter(host=host) for queue in worker.queues}
    except DatabaseError:
        return "the database does not answer"
    alone = [queue for queue in settings.QUEUES if queue not in served]
    return f"no worker there serves {', '.join(alone)}" if alone else ""


def _oldest_wait() -> timedelta:
    """How long the oldest of the jobs has waited that nobody works on."""
    now = timezone.now()
    oldest = [
        kind._default_manager.filter(state=State.QUEUED).aggregate(at=Min("created_at"))["at"]
        for kind in lifecycle.kinds()
    ]
    return max((now - at for at in oldest if at is not None), default=timedelta(0))


def _broker() -> str:
    return "" if broker_answers() else "the broker does not answer"
