"""`/healthz` says 200, or 503 and why."""

import pytest
from celery import current_app
from django.db import DatabaseError
from django.test import Client
from kombu import Connection

from hwrsite import health
from training.jobs.models import Deployment
from training.jobs.worker import clock

pytestmark = pytest.mark.django_db


class Seconds:
    """A clock that stands still until it is told to go on."""

    now = 0.0

    def __call__(self) -> float:
        """The time in seconds."""
        return self.now


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    """The clock by which this web process looks at ticks."""
    made = Seconds()
    monkeypatch.setattr(health, "_clock", health.ClockWatch(made))
    Deployment.objects.get_or_create(identity="ours")
    return made


def test_all_is_well(client: Client, seconds: Seconds) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["reasons"]) == (200, [])
    assert answer.json()["oldest_waiting_seconds"] == 0


def test_a_clock_that_stands_still_is_told_and_one_that_ticks_is_well(client: Client, seconds: Seconds) -> None:
    client.get("/healthz")
    seconds.now = 100.0
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["the clock has been silent for 100 s"])
    clock.count()
    assert client.get("/healthz").status_code == 200


def test_a_database_that_is_away_is_told(client: Client, seconds: Seconds, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> float:
        raise DatabaseError

    monkeypatch.setattr(health._clock, "seconds_silent", fail)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["the database does not answer"])


def test_a_broker_that_is_away_is_told(client: Client, seconds: Seconds, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = Connection("redis://127.0.0.1:1/0")
    monkeypatch.setattr(current_app, "connection_for_write", lambda **_options: nobody)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["the broker does not answer"])
