"""Many workers at once, each with a connection of its own, as processes have them."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection

from training.jobs import lifecycle
from training.jobs.models import State
from training.runs.models import Run

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 4
JOBS = 12


def together(work: Callable[[int], None]) -> None:
    """Run the same work in all threads, begun at the same instant; an error in one fails the test."""
    start = threading.Barrier(WORKERS)
    errors: list[BaseException] = []

    def body(number: int) -> None:
        try:
            start.wait()
            work(number)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=body, args=(number,)) for number in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_each_job_goes_to_one_worker(queued: Callable[..., Run]) -> None:
    keys = [queued().pk for _ in range(JOBS)]
    claimed: list[int] = []

    def work(number: int) -> None:
        while (job := lifecycle.claim_next(Run, worker=f"worker {number}")) is not None:
            claimed.append(job.pk)

    together(work)
    assert Counter(claimed) == Counter(keys)
    assert set(Run.objects.values_list("attempt", flat=True)) == {1}


def test_one_job_is_claimed_once(queued: Callable[..., Run]) -> None:
    job = queued()
    answers: list[bool] = []
    together(lambda number: answers.append(lifecycle.claim(Run, job.pk, attempt=0, worker=str(number))))
    assert sorted(answers) == [False, False, False, True]


def test_cancel_and_claim_do_not_both_win(queued: Callable[..., Run]) -> None:
    jobs = [queued() for _ in range(JOBS)]

    def work(number: int) -> None:
        for job in jobs:
            if number % 2:
                lifecycle.request_cancel(job)
            else:
                lifecycle.claim(Run, job.pk, attempt=0, worker=str(number))

    together(work)
    for job in Run.objects.all():
        started = job.events.filter(name="started").exists()
        assert (job.state == State.RUNNING) == started
        assert job.cancel_requested == started
