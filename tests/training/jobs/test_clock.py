"""The clock that wakes the reaper does not mind when the machine's time is set."""

import time

import pytest
import time_machine
from celery import Celery

from training.jobs.clock import SteadyScheduler

PERIOD = 1.0


@pytest.fixture
def scheduler() -> SteadyScheduler:
    """A scheduler with one task, which has just been sent."""
    app = Celery("clock", broker="memory://", set_as_current=False)
    app.conf.beat_schedule = {"reap": {"task": "jobs.reap", "schedule": PERIOD}}
    made = SteadyScheduler(app=app, max_interval=PERIOD)
    made.tick()
    return made


def sent(scheduler: SteadyScheduler) -> int:
    """How often its task was sent."""
    return int(scheduler.schedule["reap"].total_run_count)


@pytest.mark.parametrize("seconds", [-3600.0, 3600.0])
def test_a_period_after_the_time_was_set_it_wakes_again(scheduler: SteadyScheduler, seconds: float) -> None:
    with time_machine.travel(time.time() + seconds, tick=True):
        scheduler.tick()
        before = sent(scheduler)
        end = time.monotonic() + 4 * PERIOD
        while sent(scheduler) == before and time.monotonic() < end:
            time.sleep(min(max(scheduler.tick(), 0.0), PERIOD))
        assert sent(scheduler) == before + 1


def test_it_needs_no_file(scheduler: SteadyScheduler) -> None:
    assert not hasattr(scheduler, "schedule_filename")
