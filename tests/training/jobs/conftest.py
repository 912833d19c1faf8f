"""What the tests of jobs share. A run stands for every kind of job: it needs no other row."""

from collections.abc import Callable

import pytest

from training.jobs import lifecycle
from training.jobs.models import Job
from training.runs.models import Run


@pytest.fixture
def queued(django_db_setup: None) -> Callable[..., Run]:
    """Make a job that waits."""

    def make(**fields: object) -> Run:
        return lifecycle.enqueue(Run(hyperparameters={}, letters="", **fields))

    return make


@pytest.fixture
def held(queued: Callable[..., Run]) -> Callable[..., Run]:
    """Make a job that this process has claimed."""

    def make(**fields: object) -> Run:
        job = queued(**fields)
        assert lifecycle.claim(Run, job.pk, attempt=job.attempt, worker="me")
        return Run.objects.get(pk=job.pk)

    return make


def event_names(job: Job) -> list[str]:
    """What happened to a job, oldest first."""
    return list(job.events.values_list("name", flat=True))
