"""An idle worker finds what waits by itself; one at work leaves it to others."""

from collections.abc import Callable
from typing import Any

import pytest
from celery import current_app
from django.db import OperationalError, connection
from pytest_django import Settings

from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.worker import looking
from training.jobs.worker.looking import look
from training.jobs.worker.work_loop import Lease, is_at_work, work_next
from training.runs.models import Run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which tasks were called; each does the jobs that wait."""
    called: list[str] = []

    def train_next() -> None:
        called.append(Run.TASK)
        work_next(Run, lambda job, lease: None)

    monkeypatch.setitem(current_app.tasks, Run.TASK, train_next)
    return called


def test_what_waits_is_done_without_a_message(queued: Callable[..., Run], tasks: list[str]) -> None:
    job = queued()
    look(lifecycle.kinds())
    assert tasks == [Run.TASK]
    assert Run.objects.get(pk=job.pk).state == State.SUCCEEDED


def test_nothing_is_called_where_nothing_waits(tasks: list[str]) -> None:
    look(lifecycle.kinds())
    assert tasks == []


def test_a_worker_at_work_does_not_look(queued: Callable[..., Run], tasks: list[str]) -> None:
    first, second = queued(), queued()

    def execute(job: Run, lease: Lease) -> None:
        assert is_at_work()
        look([Run])

    assert work_next(Run, execute)
    assert not is_at_work()
    assert tasks == []
    assert [Run.objects.get(pk=job.pk).state for job in (first, second)] == [State.SUCCEEDED, State.QUEUED]


class EndedError(Exception):
    """The process would have ended here."""


def _end() -> None:
    raise EndedError


def test_a_worker_none_of_whose_looks_succeeds_ends(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.JOB_LOOK_SECONDS = 0.01
    monkeypatch.setattr(looking, "MOST_SECONDS_AWAY", 0.1)
    monkeypatch.setattr(looking, "end_worker", _end)
    tried: list[str] = []

    def fail(execute: Any, sql: str, *arguments: Any) -> Any:
        tried.append(sql)
        raise OperationalError("disk I/O error")

    with connection.execute_wrapper(fail), pytest.raises(EndedError):
        looking.look_again_and_again({Run.QUEUE})
    assert len(tried) > 1, "one that fails is no reason"
