"""How a worker holds a job: what the heartbeat's thread sees and writes, and how what the work did ends the job."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from pytest_django import Settings

from tests.product import wait_until
from tests.training.jobs.conftest import event_names
from training.jobs import lifecycle
from training.jobs.lifecycle import LostClaimError
from training.jobs.models import State
from training.jobs.worker import work_loop
from training.jobs.worker.work_loop import JobFailedError, Lease, work, work_next
from training.runs.models import Run

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Run]


def until_told(job: Run, lease: Lease) -> None:
    """Work that only waits to be stopped."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        lease.check()
        time.sleep(0.01)
    pytest.fail("nobody told it to stop")


@pytest.fixture
def shutting_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker was told to stop."""
    monkeypatch.setattr(work_loop, "is_shutting_down", lambda: True)


def test_work_that_returns_has_succeeded(held: Make) -> None:
    job = held()
    work(job, lambda job, lease: None)
    row = Run.objects.get(pk=job.pk)
    assert (row.state, row.progress, row.heartbeat_at) == (State.SUCCEEDED, 1, None)


def test_work_may_end_the_job_itself(held: Make) -> None:
    job = held()
    work(job, lambda job, lease: lifecycle.finish(job, State.SUCCEEDED, test_accuracy=0.5))
    assert Run.objects.get(pk=job.pk).test_accuracy == 0.5
    assert event_names(job) == ["queued", "started", "succeeded"]


def test_work_that_cannot_be_done_has_failed_with_its_sentence(held: Make) -> None:
    def execute(job: Run, lease: Lease) -> None:
        raise JobFailedError("The data set is gone.")

    job = held()
    work(job, execute)
    row = Run.objects.get(pk=job.pk)
    assert (row.state, row.error) == (State.FAILED, "The data set is gone.")


def test_a_fault_in_the_work_is_named_and_logged(held: Make, caplog: pytest.LogCaptureFixture) -> None:
    def execute(job: Run, lease: Lease) -> None:
        raise ZeroDivisionError("by zero")

    job = held()
    work(job, execute)
    assert Run.objects.get(pk=job.pk).error == "Unexpected ZeroDivisionError: by zero"
    assert "failed unexpectedly" in caplog.text


def test_a_cancel_is_seen(held: Make) -> None:
    job = held()

    def execute(job: Run, lease: Lease) -> None:
        lifecycle.request_cancel(job)
        until_told(job, lease)

    work(job, execute)
    assert Run.objects.get(pk=job.pk).state == State.CANCELLED


def test_a_cancel_from_its_own_terminal_is_seen_at_once(held: Make) -> None:
    job = held()

    def execute(job: Run, lease: Lease) -> None:
        lease.cancel()
        lease.check()

    work(job, execute)
    assert Run.objects.get(pk=job.pk).state == State.CANCELLED


@pytest.mark.usefixtures("shutting_down")
def test_a_worker_that_stops_gives_its_job_back(held: Make, woken: list[str]) -> None:
    job = held()
    woken.clear()
    work(job, until_told)
    assert Run.objects.get(pk=job.pk).state == State.QUEUED
    assert event_names(job)[-1] == "given back"
    assert woken == ["runs.run"]


@pytest.mark.usefixtures("shutting_down")
def test_a_worker_that_stops_takes_nothing_new(queued: Make) -> None:
    job = queued()
    assert not work_next(Run, until_told)
    assert Run.objects.get(pk=job.pk).attempt == 0


def test_a_job_that_was_taken_away_is_left_alone(held: Make, caplog: pytest.LogCaptureFixture) -> None:
    job = held()

    def execute(job: Run, lease: Lease) -> None:
        Run.objects.filter(pk=job.pk).update(attempt=7, worker="other")
        until_told(job, lease)

    work(job, execute)
    row = Run.objects.get(pk=job.pk)
    assert (row.state, row.attempt, row.worker) == (State.RUNNING, 7, "other")


def test_an_end_that_comes_too_late_is_refused(held: Make, caplog: pytest.LogCaptureFixture) -> None:
    job = held()

    def execute(job: Run, lease: Lease) -> None:
        Run.objects.filter(pk=job.pk).update(attempt=7)

    work(job, execute)
    assert Run.objects.get(pk=job.pk).state == State.RUNNING
    assert "was taken from us" in caplog.text


def test_the_thread_writes_progress_and_heartbeat(held: Make) -> None:
    job = held()
    Run.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - timedelta(seconds=20))
    with Lease(job) as lease:
        lease.progress(0.25, "epoch 1 of 4")
        wait_until(lambda: Run.objects.get(pk=job.pk).progress == 0.25)
    row = Run.objects.get(pk=job.pk)
    assert (row.progress, row.progress_text) == (0.25, "epoch 1 of 4")
    assert row.heartbeat_at is not None
    assert timezone.now() - row.heartbeat_at < timedelta(seconds=10)


def test_the_heart_beats_without_progress(held: Make, settings: Settings) -> None:
    settings.JOB_HEARTBEAT_SECONDS = 0.1
    job = held()
    first = job.heartbeat_at
    assert first is not None
    with Lease(job):
        wait_until(lambda: Run.objects.filter(pk=job.pk, heartbeat_at__gt=first).exists())


def test_work_next_takes_what_waits_and_wakes_others_for_the_rest(queued: Make, woken: list[str]) -> None:
    first, second = queued(), queued()
    woken.clear()
    assert work_next(Run, lambda job, lease: None)
    assert woken == ["runs.run"]
    assert work_next(Run, lambda job, lease: None)
    assert not work_next(Run, lambda job, lease: None)
    assert {Run.objects.get(pk=job.pk).state for job in (first, second)} == {State.SUCCEEDED}
    assert woken == ["runs.run"]


def test_a_lost_claim_inside_the_work_is_not_a_failure(held: Make) -> None:
    def execute(job: Run, lease: Lease) -> None:
        raise LostClaimError

    job = held()
    work(job, execute)
    assert Run.objects.get(pk=job.pk).state == State.RUNNING


@pytest.mark.parametrize("error", [OperationalError("database is locked"), InterfaceError("connection already closed")])
def test_a_database_that_is_away_is_not_the_jobs_fault(
    held: Make, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def execute(job: Run, lease: Lease) -> None:
        raise error

    job = held()
    work(job, execute)
    row = Run.objects.get(pk=job.pk)
    assert (row.state, row.error) == (State.RUNNING, "")
    assert "the database did not answer; the reaper puts it back" in caplog.text
