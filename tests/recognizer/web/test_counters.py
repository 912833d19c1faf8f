"""Counts of requests: right, shared by processes, bounded, and never in the way."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import Settings

from recognizer.web import limits
from recognizer.web.counters import Counters, Rate
from tests.rates import allow_in_an_hour

TWO = Rate(2, 1.0)
COUNTING = """
import sys
from pathlib import Path
from recognizer.web.counters import Counters, Rate
counters = Counters(Path(sys.argv[1]))
print(sum(counters.allow("somebody", Rate(100, 3600.0)) for _ in range(100)))
"""


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        """Begin late."""
        self.now = 1_000_000.0

    def __call__(self) -> float:
        """Seconds since some moment."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock."""
    return Clock()


@pytest.fixture
def counters(tmp_path: Path, clock: Clock) -> Counters:
    """Counters with nothing counted."""
    return Counters(tmp_path / "rates", clock)


def test_as_many_are_allowed_as_the_rate_says(counters: Counters, clock: Clock) -> None:
    assert [counters.allow("a", TWO) for _ in range(3)] == [True, True, False]
    assert counters.allow("b", TWO)
    clock.now += 0.5
    assert [counters.allow("a", TWO) for _ in range(2)] == [True, False]
    clock.now += 1.0
    assert [counters.allow("a", TWO) for _ in range(3)] == [True, True, False]


def test_processes_count_together(tmp_path: Path) -> None:
    command = [sys.executable, "-c", COUNTING, str(tmp_path / "rates")]
    allowed = [int(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(2)]
    assert allowed == [100, 0]


def test_a_machine_that_was_started_again_locks_nobody_out(tmp_path: Path, clock: Clock) -> None:
    before = Counters(tmp_path / "rates", clock)
    assert [before.allow("a", TWO) for _ in range(3)] == [True, True, False]
    clock.now = 5.0  # the monotonic clock begins again
    assert Counters(tmp_path / "rates", clock).allow("a", TWO)


def test_many_visitors_do_not_wash_out_one(counters: Counters) -> None:
    hour = Rate(2, 3600.0)
    assert [counters.allow("greedy", hour) for _ in range(3)] == [True, True, False]
    assert all(counters.allow(f"visitor {number}", Rate(2, 1.0)) for number in range(20_000))
    assert not counters.allow("greedy", hour)


@pytest.mark.django_db
def test_without_counters_everything_is_allowed(client: Client, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file where a folder should be")
    settings.PROPIS_VAR = tmp_path
    limits.shared_counters.cache_clear()
    try:
        answer = client.post("/api/recognize", {"strokes": [[[0, 0], [1, 1]]]}, "application/json")
        assert answer.status_code == 200
    finally:
        limits.shared_counters.cache_clear()


@pytest.mark.django_db
def test_who_is_signed_in_has_a_rate_of_his_own(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    allow_in_an_hour(monkeypatch, 1, limits.READING_RATE)
    pupil = Client()
    pupil.force_login(get_user_model().objects.create_user("pupil"))

    def read(somebody: Client) -> int:
        return somebody.post("/api/recognize", {"strokes": [[[0, 0], [1, 1]]]}, "application/json").status_code

    assert [read(client), read(client), read(pupil), read(client), read(pupil)] == [200, 429, 200, 429, 429]
