"""Codes and tokens: valid once, for an hour, for one device; each misuse gets its own sentence."""

from datetime import timedelta

import pytest
from django.utils import timezone

from recognizer.models import StoredModel
from recognizer.web.counters import Rate
from recognizer.web.limits import AddressThrottle
from tests.training.devices.conftest import MakeModel
from tests.training.devices.fleet.conftest import KEYS, FakeAgent
from training.devices.fleet import tokens
from training.devices.models import Benchmark, Device, DeviceCode
from training.devices.web import agent_views

pytestmark = pytest.mark.django_db


def test_a_code_makes_a_device_with_its_sheet(agent: FakeAgent, device: Device) -> None:
    assert (device.name, device.rows.cores, device.agent_version) == ("Our Pi", 4, 1)
    assert device.has_agent
    assert agent.token not in str(Device.objects.values()), "only its hash is stored"
    assert tokens.device_of(agent.token) == device


def test_a_new_device_begins_with_the_model_in_service(make_model: MakeModel) -> None:
    StoredModel.objects.filter(pk=make_model().pk).update(is_active=True)
    assert FakeAgent().join(tokens.new_code(by=None)).status_code == 201
    assert sorted(Benchmark.objects.values_list("batch_size", "precision")) == [(1, "fp32"), (100, "fp32")]


def test_a_code_is_typed_in_any_case(agent: FakeAgent) -> None:
    assert FakeAgent().join(f" {tokens.new_code(by=None).lower()} ", KEYS[1]).status_code == 201


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"used_at": timezone.now()}, "was used before"),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "has expired"),
        ({"revoked_at": timezone.now()}, "was revoked"),
        ({"code_sha256": "0" * 64}, "not known"),
    ],
)
def test_codes_that_are_refused(change: dict[str, object], words: str) -> None:
    code = tokens.new_code(by=None)
    DeviceCode.objects.update(**change)
    answer = FakeAgent().join(code)
    assert (answer.status_code, Device.objects.count()) == (403, 0)
    assert words in answer.json()["error"]


def test_a_code_is_for_one_device() -> None:
    code = tokens.new_code(by=None)
    assert FakeAgent().join(code).status_code == 201
    second = FakeAgent().join(code, KEYS[1])
    assert (second.status_code, Device.objects.count()) == (403, 1)


def test_a_device_that_is_there_needs_a_code_of_its_own(agent: FakeAgent, device: Device) -> None:
    refused = FakeAgent().join(tokens.new_code(by=None))
    assert refused.status_code == 403
    assert "its own page" in refused.json()["error"]
    again = FakeAgent()
    assert again.join(tokens.new_code(by=None, device=device)).status_code == 201
    assert tokens.device_of(again.token) == device
    assert agent.post("next", {}).status_code == 401, "the token before is no longer known"


def test_a_code_of_one_device_makes_no_other_machine_this_device(agent: FakeAgent, device: Device) -> None:
    other = FakeAgent()
    assert other.join(tokens.new_code(by=None), KEYS[1]).status_code == 201
    answer = FakeAgent().join(tokens.new_code(by=None, device=device), KEYS[1])
    assert answer.status_code == 403
    assert "another device" in answer.json()["error"]


def test_a_new_code_of_a_device_takes_the_place_of_the_one_before(device: Device) -> None:
    first, second = (tokens.new_code(by=None, device=device) for _ in range(2))
    assert "was revoked" in FakeAgent().join(first).json()["error"]
    assert FakeAgent().join(second).status_code == 201


@pytest.mark.parametrize("token", ["", "forged", "x" * 5000])
def test_forged_tokens(token: str) -> None:
    answer = FakeAgent(token=token).post("next", {})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert "not known" in answer.json()["error"]


def test_a_revoked_token(agent: FakeAgent, device: Device) -> None:
    code = tokens.new_code(by=None, device=device)
    tokens.revoke(device)
    answer = agent.post("next", {})
    assert answer.status_code == 401
    assert "revoked" in answer.json()["error"]
    assert "revoked" in FakeAgent().join(code).json()["error"], "its unused code goes with it"


@pytest.mark.parametrize("version", ["", "0", "old"])
def test_an_older_agent_is_told_so(agent: FakeAgent, version: str) -> None:
    agent.version = version
    answer = agent.post("next", {})
    assert answer.status_code == 426
    assert "agent.pyz" in answer.json()["error"]


@pytest.mark.parametrize(
    "sheet", [{"cores": "four"}, {"cpu_model": "x" * 201}, {"ram_gb": -1}, {"cores": True}, {"disk_gb": 1e99}]
)
def test_sheets_that_make_no_sense(sheet: dict[str, object]) -> None:
    answer = FakeAgent().join(tokens.new_code(by=None), sheet=sheet)
    assert (answer.status_code, Device.objects.count()) == (422, 0)
    assert next(iter(sheet)) in answer.json()["error"]
    assert DeviceCode.objects.filter(used_at=None).count() == 1, "the code can be used again"


def test_tries_of_codes_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agent_views, "JOIN_RATE", [AddressThrottle("tries of codes", "2/h")])
    agent = FakeAgent()
    assert [agent.join("wrong").status_code for _ in range(3)] == [403, 403, 429]
    assert agent.post("next", {}).status_code == 429, "tries of tokens count as well"


def test_a_device_that_asks_too_often(agent: FakeAgent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agent_views, "DEVICE_RATE", Rate(2, 3600.0))
    answers = [agent.post("next", {}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1]["Retry-After"]
