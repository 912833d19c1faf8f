"""Every change of a job's state: who may make it, and what it leaves."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from tests.training.jobs.conftest import event_names
from training.jobs import lifecycle
from training.jobs.lifecycle import LostClaimError
from training.jobs.models import FINISHED, REQUESTS, JobEvent, State
from training.runs.models import Run

pytestmark = pytest.mark.django_db
Make = Callable[..., Run]


def silent(job: Run, **fields: object) -> Run:
    """Let the job's worker be silent for an hour, which the reaper has noticed."""
    hour_ago = timezone.now() - timedelta(hours=1)
    Run.objects.filter(pk=job.pk).update(heartbeat_at=hour_ago, suspected_at=hour_ago, **fields)
    return Run.objects.get(pk=job.pk)


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
    job = lifecycle.take(Run(hyperparameters={}), worker="terminal")
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
    assert (again.pk, again.attempt, again.fruitless_attempts) == (job.pk, 2, 0)
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
    """What goes silent is put back; what waits is announced again."""

    def test_leaves_what_is_alive(self, held: Make) -> None:
        job = held()
        assert lifecycle.reap() == 0
        assert Run.objects.get(pk=job.pk).state == State.RUNNING

    def test_puts_back_what_is_silent(self, held: Make, woken: list[str]) -> None:
        job = silent(held())
        assert lifecycle.reap() == 1
        row = Run.objects.get(pk=job.pk)
        assert (row.state, row.worker, row.fruitless_attempts) == (State.QUEUED, "", 1)
        assert woken == ["runs.run"]
        assert event_names(job)[-1] == "worker lost"

    def test_two_of_them_put_it_back_once(self, held: Make) -> None:
        job = silent(held())
        assert [lifecycle.reap(), lifecycle.reap()] == [1, 0]
        assert Run.objects.get(pk=job.pk).fruitless_attempts == 1

    def test_the_one_that_was_put_back_cannot_be_written_by_the_old_worker(self, held: Make) -> None:
        job = silent(held())
        lifecycle.reap()
        lifecycle.claim_next(Run, worker="other")
        with pytest.raises(LostClaimError):
            lifecycle.write(job, epoch=1)

    def test_fails_what_gets_nowhere(self, held: Make) -> None:
        job = silent(held(), fruitless_attempts=2)
        assert lifecycle.reap() == 1
        row = Run.objects.get(pk=job.pk)
        assert row.state == State.FAILED
        assert row.finished_at is not None
        assert row.error == (
            "Its worker was lost 3 times in a row before anything was achieved. A likely cause is that memory ran out."
        )

    @pytest.mark.parametrize(("column", "end"), [(column, state) for state, column in REQUESTS.items()])
    def test_does_what_was_asked_of_the_lost_one(self, held: Make, column: str, end: State) -> None:
        job = silent(held(), **{column: True})
        lifecycle.reap()
        row = Run.objects.get(pk=job.pk)
        assert (row.state, row.finished_at is not None) == (end, end in FINISHED)

    def test_repeats_a_lost_message(self, queued: Make, woken: list[str]) -> None:
        queued()
        woken.clear()
        assert lifecycle.reap() == 0
        assert woken == ["runs.run"]

    def test_is_quiet_where_nothing_waits(self, held: Make, woken: list[str]) -> None:
        held()
        woken.clear()
        lifecycle.reap()
        assert woken == []


class TestClocks:
    """A clock that jumps costs no job; a worker that is lost is noticed whatever the clocks say."""

    def test_a_jump_forward_takes_no_job_from_a_living_worker(self, held: Make) -> None:
        job, jumped = held(), timezone.now() + timedelta(days=1)
        for look in range(6):
            assert lifecycle.reap(jumped + timedelta(seconds=10 * look)) == 0
            if look:  # the worker's clock has jumped, too, and its next heartbeat comes
                beat = jumped + timedelta(seconds=10 * look)
                Run.objects.filter(pk=job.pk).update(heartbeat_at=beat, suspected_at=None)
        assert Run.objects.get(pk=job.pk).attempt == 1

    def test_a_worker_whose_clock_is_behind_keeps_its_job(self, held: Make) -> None:
        job, now = held(), timezone.now()
        for look in range(6):
            behind = {"heartbeat_at": now - timedelta(hours=1) + timedelta(seconds=10 * look), "suspected_at": None}
            Run.objects.filter(pk=job.pk).update(**behind)
            assert lifecycle.reap(now + timedelta(seconds=10 * look)) == 0

    @pytest.mark.parametrize("hours", [-1, 0, 1])
    def test_a_lost_worker_is_noticed_within_five_heartbeats(self, held: Make, hours: int) -> None:
        job, now = held(), timezone.now()
        Run.objects.filter(pk=job.pk).update(heartbeat_at=now + timedelta(hours=hours))
        looks = [lifecycle.reap(now + timedelta(seconds=10 * look)) for look in range(1, 5)]
        assert sum(looks) == 1

    def test_a_suspicion_from_before_a_jump_back_is_begun_anew(self, held: Make) -> None:
        job, now = held(), timezone.now()
        Run.objects.filter(pk=job.pk).update(
            heartbeat_at=now + timedelta(hours=1), suspected_at=now + timedelta(hours=1)
        )
        assert [lifecycle.reap(now), lifecycle.reap(now + timedelta(seconds=16))] == [0, 1]

    def test_a_heartbeat_between_two_looks_ends_the_suspicion(self, held: Make) -> None:
        job = silent(held())
        lifecycle.write(job, **lifecycle.alive())
        assert lifecycle.reap() == 0
        assert Run.objects.get(pk=job.pk).suspected_at is None


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
