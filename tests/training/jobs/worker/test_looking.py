"""An idle worker finds what waits by itself; one at work leaves it to others."""

from collections.abc import Callable

import pytest
from celery import current_app

from training.jobs import lifecycle
from training.jobs.models import State
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
