"""When a worker is held to be deaf."""

import pytest
from django.conf import settings

from hwrsite.deaf_workers import LOST_AFTER, PATIENCE, Places, Watch
from training.jobs import lifecycle
from training.jobs.lifecycle import waking
from training.jobs.working import name_of_worker
from training.runs.models import Run

pytestmark = pytest.mark.django_db(transaction=True)  # a look closes its connection
CHILD, OTHER = 7, 8


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        """Begin at no particular time."""
        self.seconds = 1000.0

    def __call__(self) -> float:
        """The time in seconds."""
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    """The worker's clock."""
    return Clock()


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send no message to a broker."""
    monkeypatch.setattr(waking, "wake", lambda _kind: None)


def listen(clock: Clock, queue: str = "training", children: tuple[int, ...] = (CHILD,)) -> Watch:
    return Watch([queue], lambda: children, now=clock)


def periods(watch: Watch, clock: Clock, count: int) -> list[bool]:
    """What the watch says at each turn of the loop, ten a period."""
    said = []
    for _turn in range(count * 10):
        clock.seconds += settings.JOB_HEARTBEAT_SECONDS / 10
        said.append(watch.is_deaf())
    return said


def test_a_worker_that_hears_nothing_of_waiting_work_is_deaf(clock: Clock) -> None:
    watch = listen(clock)
    lifecycle.enqueue(Run(hyperparameters={}))
    assert not any(periods(watch, clock, PATIENCE - 1))
    assert any(periods(watch, clock, 2))


def test_each_message_begins_its_patience_anew(clock: Clock) -> None:
    watch = listen(clock)
    lifecycle.enqueue(Run(hyperparameters={}))
    for _message in range(4):
        assert not any(periods(watch, clock, PATIENCE - 1))
        watch.hear()


def test_silence_is_right_where_nothing_waits(clock: Clock) -> None:
    assert not any(periods(listen(clock), clock, PATIENCE * 3))


def test_what_waits_in_another_queue_is_not_its_own(clock: Clock) -> None:
    lifecycle.enqueue(Run(hyperparameters={}))
    assert not any(periods(listen(clock, "data"), clock, PATIENCE * 3))


def test_a_worker_for_short_work_always_hears_the_clock(clock: Clock) -> None:
    assert any(periods(listen(clock, "short"), clock, PATIENCE + 1))


@pytest.mark.parametrize(("children", "deaf"), [((CHILD,), False), ((CHILD, OTHER), True)])
def test_a_busy_worker_need_hear_nothing(clock: Clock, *, children: tuple[int, ...], deaf: bool) -> None:
    lifecycle.take(Run(hyperparameters={}), worker=name_of_worker(CHILD))
    lifecycle.enqueue(Run(hyperparameters={}))
    assert any(periods(listen(clock, children=children), clock, PATIENCE + 1)) is deaf


def test_the_time_without_a_broker_does_not_count(clock: Clock) -> None:
    watch = listen(clock)
    lifecycle.enqueue(Run(hyperparameters={}))
    clock.seconds += settings.JOB_HEARTBEAT_SECONDS * PATIENCE * 10
    assert not any(periods(watch, clock, PATIENCE - 1))
    assert any(periods(watch, clock, 2))


def test_a_message_that_nobody_has_in_hand_is_a_lost_place(clock: Clock) -> None:
    places = Places(now=clock)
    assert not places.are_lost(2, 1)
    clock.seconds += settings.JOB_HEARTBEAT_SECONDS * LOST_AFTER
    assert places.are_lost(2, 1)


def test_a_message_may_be_counted_for_a_moment(clock: Clock) -> None:
    places = Places(now=clock)
    for counted, in_hand in [(2, 1), (2, 2), (1, 0), (0, 0), (1, 0)]:
        assert not places.are_lost(counted, in_hand)
        clock.seconds += settings.JOB_HEARTBEAT_SECONDS * LOST_AFTER / 2
