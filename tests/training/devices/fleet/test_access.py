"""A device's own queue: who is woken by what; what the command prints. Redis itself is in tests/services."""

import hashlib

import pytest
from celery import current_app
from django.core.management import CommandError, call_command

from recognizer.models import StoredModel
from tests.training.devices.fleet.conftest import FakeAgent, queue
from training.devices.fleet import access, tokens
from training.devices.models import Device

pytestmark = pytest.mark.django_db(transaction=True)
REDIS = "redis://:secret@redis.example:6380/1"


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The devices that are woken."""
    found: list[str] = []
    monkeypatch.setattr(access, "wake", lambda device: found.append(device.name))
    return found


def test_a_device_with_a_queue_is_woken_by_a_benchmark(device: Device, model: StoredModel, rung: list[str]) -> None:
    queue(model, device)
    assert rung == [], "it asks by itself"
    access.new_access(device, REDIS)
    device.refresh_from_db()
    queue(model, device)
    assert rung == ["Our Pi"]
    tokens.revoke(device)
    device.refresh_from_db()
    queue(model, device)
    assert rung == ["Our Pi"]


def test_the_password_is_in_the_address_alone(device: Device) -> None:
    made = access.new_access(device, REDIS)
    head, _at, where = made.broker.partition("@")
    scheme, user, password = head.replace("//", "").split(":")
    assert (scheme, user, where) == ("redis", f"propis-device-{device.pk}", "redis.example:6380/1")
    assert password not in made.acl
    assert f" #{hashlib.sha256(password.encode()).hexdigest()} " in made.acl
    assert made.acl.startswith(f"ACL SETUSER {user} reset on #")
    assert f" ~{user}:* " in made.acl
    assert access.new_access(device, REDIS).broker != made.broker


def test_queues_are_on_redis_alone(device: Device) -> None:
    with pytest.raises(CommandError, match="on Redis alone"):
        call_command("device_access", "Our Pi")
    device.refresh_from_db()
    assert not device.has_queue
    with pytest.raises(CommandError, match="No device is named"):
        call_command("device_access", "Their Pi")


def test_a_redis_that_is_away_costs_nothing(
    device: Device, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, agent: FakeAgent
) -> None:
    def refuse(**_options: object) -> None:
        raise ConnectionError("away")

    monkeypatch.setattr(current_app, "connection_for_write", refuse)
    access.wake(device)
    assert "asks by itself" in caplog.text
    assert agent.next() is None
