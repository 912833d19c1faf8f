"""Which workers live, on which folder: each has a row, which it renews while it lives and deletes when it stops."""

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now

from training.jobs import files
from training.jobs.models import WorkerProcess
from training.jobs.worker.work_loop import worker_name

FORGOTTEN_PERIODS = 100
"""So long the row of a worker that was killed stays to be seen."""


def show(queues: Collection[str]) -> None:
    """Show that this process lives and serves these queues."""
    name = worker_name()
    about = {
        "host": name.rpartition(":")[0],
        "queues": sorted(queues),
        "folder": str(settings.PROPIS_VAR),
        "has_files": files.are_here(),
        "seen_at": Now(),
    }
    WorkerProcess.objects.update_or_create(name=name, defaults=about)


def leave() -> None:
    """Show that this process stops."""
    WorkerProcess.objects.filter(name=worker_name()).delete()


def alive() -> QuerySet[WorkerProcess]:
    """The workers that have missed few heartbeats."""
    return WorkerProcess.objects.filter(seen_at__gte=_ago(settings.JOB_MISSED_HEARTBEATS + 2))


def forget_lost() -> None:
    """Delete the rows of those that were killed long ago."""
    WorkerProcess.objects.filter(seen_at__lt=_ago(FORGOTTEN_PERIODS)).delete()


def _ago(periods: int) -> object:
    """The time so many heartbeats ago, by the database's clock."""
    return Now() - timedelta(seconds=periods * settings.JOB_HEARTBEAT_SECONDS)
