"""Every change of a job's state: who may make it, and what it leaves."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from tests.training.jobs.conftest import event_names
from training.jobs import lifecycle
from training.jobs.lifecycle import LostClaimError, Reaper
from training.jobs.models import FINISHED, REQUESTS, JobEvent, State
from training.runs.models import Run

pytestmark = pytest.mark.django_db
Make = Callable[..., Run]


def looks(reaper: Reaper, times: int = settings.JOB_MISSED_HEARTBEATS + 1) -> int:
    """Let a reaper look `times` times, by default often enough to miss a worker; how many jobs it put back."""
    return sum(reaper.look() for _ in range(times))


def test_enqueue_wakes_once_the_row_can_be_seen(
    queued: Make, woken: list[str], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        job = queued()
        assert woken == []
    callbacks[0]()
    assert woken == ["runs.run"]
    assert event_names(job) == ["queued"]


def test_enqueue_remembers_who_asked() -> None:
    user = User.objects.create_user("anna")
    assert lifecycle.enqueue(Run(hyperparameters={}), by=user).created_by == user
    assert lifecycle.enqueue(Run(hyperparameters={}), by=AnonymousUser()).created_by is None


def test_a_claim_counts_the_attempt(queued: Make) -> None:
    key = queued().pk
    job = lifecycle.claim_next(Run, worker="me")
    assert job is not None
    assert (job.pk, job.state, job.attempt, job.worker) == (key, State.RUNNING, 1, "me")
    assert job.started_at is not None
    assert job.heartbeat_at is not None
    assert event_names(job) == ["queued", "started"]


def test_priority_goes_before_age(queued: Make) -> None:
    old, urgent, young = queued(), queued(priority=5), queued()
    claimed = [lifecycle.claim_next(Run, worker="me") for _ in range(3)]
    assert [job and job.pk for job in claimed] == [urgent.pk, old.pk, young.pk]
    assert lifecycle.claim_next(Run, worker="me") is None


def test_a_claim_of_what_somebody_else_has_is_refused(held: Make) -> None:
    job = held()
    assert not lifecycle.claim(Run, job.pk, attempt=0, worker="other")
    assert not lifecycle.claim(Run, job.pk, attempt=1, worker="other")


def test_a_taken_job_never_waits(woken: list[str]) -> None:
    job = lifecycle.create_claimed(Run(hyperparameters={}), worker="terminal")
    assert (job.state, job.attempt, job.worker) == (State.RUNNING, 1, "terminal")
    assert lifecycle.claim_next(Run, worker="other") is None
    lifecycle.finish(job, State.SUCCEEDED)
    assert woken == []


def test_a_write_after_the_claim_was_lost_is_refused(held: Make) -> None:
    ours = held()
    Run.objects.filter(pk=ours.pk).update(attempt=2)
    with pytest.raises(LostClaimError):
        lifecycle.write(ours, epoch=3)
    with pytest.raises(LostClaimError):
        lifecycle.finish(ours, State.SUCCEEDED)
    with pytest.raises(LostClaimError):
        lifecycle.give_back(ours)
    row = Run.objects.get(pk=ours.pk)
    assert (row.epoch, row.state) == (0, State.RUNNING)
    assert event_names(ours) == ["queued", "started"]


@pytest.mark.parametrize("end", FINISHED)
def test_an_end_is_final(held: Make, end: State) -> None:
    job = held()
    lifecycle.finish(job, end, error="so it is")
    row = Run.objects.get(pk=job.pk)
    assert (row.state, row.error, row.is_finished) == (end, "so it is", True)
    assert row.finished_at is not None
    assert row.progress == (1 if end == State.SUCCEEDED else 0)
    assert not lifecycle.request_cancel(row)
    with pytest.raises(LostClaimError):
        lifecycle.finish(job, State.SUCCEEDED)


def test_what_is_given_back_waits_again(held: Make) -> None:
    job = held()
    lifecycle.give_back(job)
    again = lifecycle.claim_next(Run, worker="other")
    assert again is not None
    assert (again.pk, again.attempt, again.attempts_without_progress) == (job.pk, 2, 0)
    assert event_names(job) == ["queued", "started", "given back", "started"]


def test_what_is_to_be_cancelled_is_not_given_back(held: Make) -> None:
    job = held()
    lifecycle.request_cancel(job)
    lifecycle.give_back(job)
    assert Run.objects.get(pk=job.pk).state == State.CANCELLED


def test_cancel_ends_a_waiting_job_and_asks_a_running_one(queued: Make, held: Make) -> None:
    waiting, running = queued(), held()
    assert lifecycle.request_cancel(running)
    assert lifecycle.request_cancel(waiting)
    rows = Run.objects.in_bulk()
    assert rows[waiting.pk].state == State.CANCELLED
    assert rows[waiting.pk].finished_at is not None
    assert (rows[running.pk].state, rows[running.pk].cancel_requested) == (State.RUNNING, True)


class TestReaper:
    """What goes silent is put back."""

    def test_leaves_what_is_alive(self, held: Make) -> None:
        job, reaper = held(), Reaper()
        for _period in range(6):
            assert reaper.look() == 0
            lifecycle.write(job, **lifecycle.alive())
        assert Run.objects.get(pk=job.pk).state == State.RUNNING

    def test_puts_back_what_is_silent(
        self,
        held: Make,
        woken: list[str],
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        job = held()
        woken.clear()
        with django_capture_on_commit_callbacks(execute=True):
            assert looks(Reaper()) == 1
        row = Run.objects.get(pk=job.pk)
        assert (row.state, row.worker, row.attempts_without_progress) == (State.QUEUED, "", 1)
        assert woken == ["runs.run"]
        assert event_names(job)[-1] == "worker lost"

    def test_two_of_them_put_it_back_once(self, held: Make) -> None:
        job = held()
        first, second = Reaper(), Reaper()
        assert looks(first, 3) + looks(second, 3) == 0
        assert [first.look(), second.look()] == [1, 0]
        assert Run.objects.get(pk=job.pk).attempts_without_progress == 1

    def test_the_one_that_was_put_back_cannot_be_written_by_the_old_worker(self, held: Make) -> None:
        job = held()
        looks(Reaper())
        lifecycle.claim_next(Run, worker="other")
        with pytest.raises(LostClaimError):
            lifecycle.write(job, epoch=1)

    def test_begins_to_count_again_with_each_attempt(self, held: Make) -> None:
        job, reaper = held(), Reaper()
        assert looks(reaper, 3) == 0
        lifecycle.give_back(job)
        lifecycle.claim_next(Run, worker="other")
        Run.objects.filter(pk=job.pk).update(heartbeat_at=job.heartbeat_at)
        assert looks(reaper, 3) == 0
        assert reaper.look() == 1

    def test_fails_what_gets_nowhere(self, held: Make) -> None:
        job = held(attempts_without_progress=2)
        assert looks(Reaper()) == 1
        row = Run.objects.get(pk=job.pk)
        assert row.state == State.FAILED
        assert row.finished_at is not None
        assert row.error == (
            "Its worker was lost 3 times in a row before anything was achieved. A likely cause is that memory ran out."
        )

    @pytest.mark.parametrize(("column", "end"), [(column, state) for state, column in REQUESTS.items()])
    def test_does_what_was_asked_of_the_lost_one(self, held: Make, column: str, end: State) -> None:
        job = held(**{column: True})
        looks(Reaper())
        row = Run.objects.get(pk=job.pk)
        assert (row.state, row.finished_at is not None) == (end, end in FINISHED)

    def test_is_quiet_where_nothing_waits(self, held: Make, woken: list[str]) -> None:
        held()
        woken.clear()
        lifecycle.reap()
        assert woken == []


class TestClocks:
    """A clock that jumps costs no job; a worker that is lost is noticed whatever the clocks say."""

    @pytest.mark.parametrize("apart", [timedelta(days=1), timedelta(hours=-1), timedelta(0)])
    def test_a_worker_whose_clock_is_apart_or_jumps_keeps_its_job(self, held: Make, apart: timedelta) -> None:
        job, reaper = held(), Reaper()
        for look in range(6):
            beat = timezone.now() + apart * (look % 2) + timedelta(seconds=look)
            Run.objects.filter(pk=job.pk).update(heartbeat_at=beat)
            assert reaper.look() == 0
        assert Run.objects.get(pk=job.pk).attempt == 1

    @pytest.mark.parametrize("hours", [-1, 0, 1])
    def test_a_lost_worker_is_noticed_within_five_heartbeats(self, held: Make, hours: int) -> None:
        job = held()
        Run.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() + timedelta(hours=hours))
        assert looks(Reaper(), 4) == 1

    def test_a_jump_of_the_reapers_own_clock_changes_nothing(self, held: Make) -> None:
        held()
        reaper = Reaper()
        for hours in (0, 24, -24):
            with time_machine.travel(timezone.now() + timedelta(hours=hours)):
                assert reaper.look() == 0

    def test_a_heartbeat_between_two_looks_ends_the_suspicion(self, held: Make) -> None:
        job, reaper = held(), Reaper()
        assert looks(reaper, 3) == 0
        lifecycle.write(job, **lifecycle.alive())
        assert looks(reaper, 3) == 0


def test_events_go_with_their_job(queued: Make) -> None:
    kept, gone = queued(), queued()
    Run.objects.filter(pk=gone.pk).delete()
    assert list(JobEvent.objects.values_list("job_id", flat=True)) == [kept.pk]


def test_time_left_follows_from_the_share_done(held: Make) -> None:
    job = held()
    assert job.seconds_left is None
    job.started_at = timezone.now() - timedelta(seconds=30)
    job.progress = 0.75
    assert job.seconds_left == pytest.approx(10, abs=0.5)
    job.state = State.SUCCEEDED
    assert job.seconds_left is None
