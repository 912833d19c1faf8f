"""Pause, resume, prune, try again: what each does in every state, and what code that is too old leaves alone."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.training.jobs.conftest import event_names
from training.jobs import lifecycle
from training.jobs.lifecycle import LostClaimError
from training.jobs.models import FINISHED, RETRIED, State
from training.jobs.worker.work_loop import Lease, work, work_next
from training.runs.models import Run

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Run]
ASKED = [
    (lifecycle.request_cancel, State.CANCELLED),
    (lifecycle.prune, State.PRUNED),
    (lifecycle.request_pause, State.PAUSED),
]


def in_state(job: Run, state: State) -> Run:
    """Put a job into a state by hand."""
    Run.objects.filter(pk=job.pk).update(state=state)
    return Run.objects.get(pk=job.pk)


def until_told(job: Run, lease: Lease) -> None:
    """Work that only waits to be stopped."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        lease.check()
        time.sleep(0.01)
    pytest.fail("nobody told it to stop")


@pytest.mark.parametrize(("ask", "end"), ASKED)
def test_what_waits_is_there_at_once(queued: Make, ask: Callable[[Run], bool], end: State) -> None:
    job = queued()
    assert ask(job)
    row = Run.objects.get(pk=job.pk)
    assert (row.state, row.finished_at is not None) == (end, end in FINISHED)
    assert lifecycle.claim_next(Run, worker="me") is None
    assert event_names(job) == ["queued", end.value]


@pytest.mark.parametrize(("ask", "end"), ASKED)
def test_what_runs_gets_there_between_two_steps(held: Make, ask: Callable[[Run], bool], end: State) -> None:
    job = held()

    def execute(job: Run, lease: Lease) -> None:
        assert ask(job)
        assert Run.objects.get(pk=job.pk).request == end
        until_told(job, lease)

    work(job, execute)
    row = Run.objects.get(pk=job.pk)
    assert (row.state, row.finished_at is not None, row.request) == (end, end in FINISHED, None)
    assert event_names(job)[-1] == end.value


@pytest.mark.parametrize("state", FINISHED)
@pytest.mark.parametrize(("ask", "end"), ASKED)
def test_what_has_ended_stays_as_it_is(queued: Make, state: State, ask: Callable[[Run], bool], end: State) -> None:
    job = in_state(queued(), state)
    assert not ask(job)
    assert Run.objects.get(pk=job.pk).state == state


def test_asked_twice_it_is_told_once(held: Make) -> None:
    job = held()
    assert [lifecycle.request_pause(job), lifecycle.request_pause(job)] == [True, True]
    assert event_names(job) == ["queued", "started", "pause requested"]


def test_a_cancel_goes_before_a_pause(held: Make) -> None:
    job = held()
    lifecycle.request_pause(job)
    lifecycle.request_cancel(job)
    lifecycle.give_back(job)
    assert Run.objects.get(pk=job.pk).state == State.CANCELLED


def test_why_it_was_pruned_is_told(queued: Make, held: Make) -> None:
    waiting, running = queued(), held()
    for job in (waiting, running):
        lifecycle.prune(job, "epoch 3: below the median")
    assert ("pruned", "epoch 3: below the median") in waiting.events.values_list("name", "text")
    assert ("prune requested", "epoch 3: below the median") in running.events.values_list("name", "text")


@pytest.mark.parametrize(("ask", "end"), [ASKED[0], ASKED[1]])
def test_what_is_paused_can_be_ended(queued: Make, ask: Callable[[Run], bool], end: State) -> None:
    job = in_state(queued(), State.PAUSED)
    assert ask(job)
    assert Run.objects.get(pk=job.pk).state == end


def test_what_is_resumed_waits_again(queued: Make, woken: list[str]) -> None:
    job = queued()
    lifecycle.request_pause(job)
    woken.clear()
    assert lifecycle.resume(job)
    assert not lifecycle.resume(job)
    assert woken == ["runs.run"]
    again = lifecycle.claim_next(Run, worker="me")
    assert again is not None
    assert again.pk == job.pk


def test_a_pause_that_nobody_has_seen_is_taken_back(held: Make) -> None:
    job = held()
    lifecycle.request_pause(job)
    assert lifecycle.resume(job)
    lifecycle.give_back(job)
    assert Run.objects.get(pk=job.pk).state == State.QUEUED


def test_a_second_resume_leads_to_no_second_pause(held: Make) -> None:
    job = held()
    lifecycle.request_pause(job)
    lifecycle.give_back(job)
    lifecycle.resume(job)
    again = lifecycle.claim_next(Run, worker="me")
    assert again is not None
    assert (again.pause_requested, again.attempt) == (False, 2)


@pytest.mark.parametrize("state", RETRIED)
def test_what_was_not_finished_well_is_tried_again(queued: Make, woken: list[str], state: State) -> None:
    job = in_state(queued(error="so it was", cancel_requested=True, attempts_without_progress=3), state)
    woken.clear()
    assert lifecycle.retry(job)
    row = Run.objects.get(pk=job.pk)
    assert (row.state, row.error, row.finished_at, row.attempts_without_progress) == (State.QUEUED, "", None, 0)
    assert not row.cancel_requested
    assert woken == ["runs.run"]


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.PAUSED, State.SUCCEEDED])
def test_nothing_else_is_tried_again(queued: Make, state: State) -> None:
    job = in_state(queued(), state)
    assert not lifecycle.retry(job)
    assert Run.objects.get(pk=job.pk).state == state


def test_code_that_is_too_old_leaves_a_job_to_others_and_says_so_once(
    queued: Make, caplog: pytest.LogCaptureFixture
) -> None:
    newer, ours = queued(), queued()
    Run.objects.filter(pk=newer.pk).update(min_code_version=Run.CODE_VERSION + 1)
    assert not lifecycle.claim(Run, newer.pk, attempt=0, worker="old")
    done: list[int] = []
    assert work_next(Run, lambda job, lease: done.append(job.pk))
    assert [work_next(Run, lambda job, lease: done.append(job.pk)) for _ in range(2)] == [False, False]
    assert done == [ours.pk]
    assert Run.objects.get(pk=newer.pk).state == State.QUEUED
    event = newer.events.get(name="code too old")
    assert (
        f"runs code of version {Run.CODE_VERSION}, the job needs version {Run.CODE_VERSION + 1}: update and restart it"
        in event.text
    )
    assert event.text in caplog.text


def test_an_attempt_that_failed_is_ours_no_more(held: Make) -> None:
    job = held()
    lifecycle.fail_attempt(job, "%(count)d times")
    assert event_names(job)[-1] == "attempt failed"
    with pytest.raises(LostClaimError):
        lifecycle.fail_attempt(job, "%(count)d times")


def test_the_time_of_a_job_is_without_its_pauses(held: Make) -> None:
    def set_back(**moments: float) -> None:
        at = {name: timezone.now() - timedelta(hours=hours) for name, hours in moments.items()}
        Run.objects.filter(pk=job.pk).update(**at)
        job.refresh_from_db()

    job = held()
    lifecycle.request_pause(job)
    lifecycle.give_back(job)
    set_back(started_at=10, paused_at=9)
    assert job.seconds == pytest.approx(3600), "while it is paused no time passes"
    assert lifecycle.resume(job)
    set_back(started_at=10)
    assert job.seconds == pytest.approx(3600, abs=5)
    lifecycle.request_pause(job)
    set_back(started_at=10, paused_at=0.5)
    lifecycle.request_cancel(job)
    job.refresh_from_db()
    assert job.seconds == pytest.approx(1800, abs=5)
    lifecycle.retry(job, started_at=None)
    job.refresh_from_db()
    assert (job.seconds, job.paused_seconds, job.paused_at) == (None, 0.0, None)


def test_a_pause_before_the_start_costs_no_time(queued: Make) -> None:
    job = queued()
    lifecycle.request_pause(job)
    Run.objects.filter(pk=job.pk).update(paused_at=timezone.now() - timedelta(hours=1))
    lifecycle.resume(job)
    lifecycle.claim(Run, job.pk, attempt=0, worker="here")
    job.refresh_from_db()
    assert job.seconds == pytest.approx(0, abs=5)
