"""Browsers by invitation: let in for a time, up to a number; one result each, nothing impossible, no text of theirs."""

import uuid
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
import time_machine
from django.utils import timezone

from recognizer import services as catalogue
from recognizer.core.model_card import ModelCard
from recognizer.models import ModelOrigin, StoredModel
from tests.recognizer.core.integer_reference import random_whole
from tests.training.devices.conftest import MakeDataset, make_network
from tests.training.devices.fleet.conftest import FakeAgent
from training.devices import tasks
from training.devices.fleet import invitations, tokens
from training.devices.models import Benchmark, Compression, Device, DeviceKind, Invitation
from training.jobs.models import State

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {
    "engine": "Chromium", "engine_version": "130.0.6723.58", "os_family": "Android", "cores": 8, "touch_points": 5,
    "ram_gb": 8, "simd": True,
}  # fmt: skip
ENVIRONMENT = {"clock_seconds": 1e-4, "isolated": False, "hidden": False}
ALL = [("fp32", "javascript"), ("fp32", "wasm")]


def invite(model: StoredModel, **options: Any) -> Invitation:
    return invitations.invite(model, **{"minutes": 45, "most": 2, "by": None, **options})


def enter(code: str, key: str = "a", **changes: Any) -> tuple[FakeAgent, Any]:
    """A browser that comes in, and how it was answered."""
    browser = FakeAgent()
    answer = browser.post("enter", {"code": code, "key": key * 32, "sheet": PHONE | changes})
    if answer.status_code == 201:
        browser.token = answer.json()["token"]
    return browser, answer


def deliver(browser: FakeAgent, job: Any, result_id: str = "", **changes: Any) -> Any:
    bundle = Benchmark.objects.get(pk=job["id"]).bundle
    assert bundle is not None
    result = {
        "model_sha256": job["model"]["sha256"], "inputs_sha256": job["inputs"]["sha256"],
        "seconds": [0.2, 0.21, 0.2, 0.22, 0.2], "correct": bundle.correct, "images_scored": bundle.images,
        "load_seconds": 0.01, "environment": ENVIRONMENT,
    }  # fmt: skip
    body = {"id": result_id or str(uuid.uuid4()), "attempt": job["attempt"], "result": result | changes}
    return browser.post(f"jobs/{job['id']}/result", body)


@pytest.fixture
def invitation(model: StoredModel, make_dataset: MakeDataset) -> Invitation:
    """An open one, whose images are made."""
    make_dataset()
    made = invite(model)
    tasks.bundle_next()
    return made


def test_from_the_address_to_the_board(invitation: Invitation) -> None:
    browser, answer = enter(invitation.code.lower().replace("-", ""))
    device = Device.objects.get(kind=DeviceKind.BROWSER)
    assert answer.json()["name"] == device.name == f"Chromium 130 · Android · {device.pk}"
    assert device.key != "a" * 32, "of the number that opens the door only a hash is kept"
    found = []
    while (job := browser.next()) is not None:
        found.append((job["workload"]["precision"], job["workload"]["backend"]))
        assert job["workload"]["batch_size"] == 1000
        name = str(uuid.uuid4())
        first, second = (deliver(browser, job, name) for _ in range(2))
        assert first.json() == second.json()
        assert first.json()["valid"]
    assert found == ALL
    results = [each.results or {} for each in Benchmark.objects.filter(state=State.SUCCEEDED, device=device)]
    assert [each["seconds_for_10000"] for each in results] == [0.2, 0.2]
    assert [each["environment"] for each in results] == [ENVIRONMENT] * 2


def test_the_twin_in_whole_numbers_is_made_and_asked_for_once_it_is_there(
    invitation: Invitation, model: StoredModel
) -> None:
    assert Compression.objects.get().precision == "int8"
    browser, _answer = enter(invitation.code)
    Benchmark.objects.update(state=State.SUCCEEDED)
    assert browser.post("next", {}).json() == {"job": None, "waiting": True}
    network = random_whole(np.random.default_rng(1), tuple(model.sizes), "relu", "int8")
    card = ModelCard.of(make_network(), name="twin", ink_specification=model.ink_specification, precision="int8")
    twin = catalogue.add_model(network, card, source=ModelOrigin.COMPRESSED, parent=model)
    assert browser.post("next", {}).json() == {"job": None, "waiting": True}
    tasks.bundle_next()
    job = browser.next()
    assert (job["model"]["sha256"], job["workload"]["precision"]) == (twin.file_sha256, "int8")
    assert deliver(browser, job, correct=0).json()["valid"] is False, "whole numbers agree to the image"
    assert browser.next()["workload"]["backend"] == "wasm"


def test_who_comes_back_is_the_same_device_and_measures_no_more_than_thrice(invitation: Invitation) -> None:
    for _tap in range(2):
        assert enter(invitation.code)[1].status_code == 201
        assert Benchmark.objects.count() == 2
    for rounds in (2, 3, 3):
        Benchmark.objects.update(state=State.SUCCEEDED)
        enter(invitation.code)
        assert Benchmark.objects.count() == 2 * rounds
    assert Device.objects.count() == 1


def test_a_browser_without_simd_is_not_asked_for_it(invitation: Invitation) -> None:
    enter(invitation.code, simd=False)
    assert [each.backend for each in Benchmark.objects.all()] == ["javascript"]


def test_an_invitation_has_an_end_and_a_number(invitation: Invitation) -> None:
    assert [enter(invitation.code, key)[1].status_code for key in "abc"] == [201, 201, 403]
    assert "No place is left: 2 devices have come already." in enter(invitation.code, "c")[1].json()["error"]
    assert enter("ZZZZ-ZZZZ")[1].status_code == 403
    invitations.close(invitation)
    assert enter(invitation.code, "a")[1].status_code == 201, "who is in may finish"
    assert "is over" in enter(invitation.code, "d")[1].json()["error"]


def test_what_is_left_undone_is_given_up_after_a_day(invitation: Invitation, model: StoredModel) -> None:
    browser, _answer = enter(invitation.code)
    job = browser.next()
    with time_machine.travel(timezone.now() + timedelta(hours=20)):
        invitations.clear()
        assert deliver(browser, job).status_code == 200, "a day later it still hands in what it has"
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        invitations.clear()
        assert browser.post("next", {}).status_code == 401
    assert set(Benchmark.objects.values_list("state", flat=True)) == {State.SUCCEEDED, State.CANCELLED}


BAD_SHEETS: list[dict[str, Any]] = [
    {"engine": "<b>Me</b>"}, {"os_family": "hello class"}, {"engine_version": "1; rude words"}, {"cores": -1},
    {"cores": True}, {"ram_gb": "much"}, {"simd": 1}, {"touch_points": 1e9},
]  # fmt: skip


def test_a_sheet_has_no_text_of_a_strangers(invitation: Invitation) -> None:
    for changes in BAD_SHEETS:
        answer = enter(invitation.code, **changes)[1]
        assert answer.status_code == 422, changes
        assert next(iter(changes)) in answer.json()["error"]
    assert not Device.objects.exists()


BAD: list[tuple[dict[str, Any], str]] = [
    ({"seconds": [1e-6] * 5}, "no machine can reach"),
    ({"seconds": [1e-7, 0.2, 0.2, 0.2, 0.2]}, "no machine can reach"),
    ({"seconds": [1000.0] * 5}, "more seconds than have passed"),
    ({"seconds": [-0.2] * 5}, "seconds"),
    ({"seconds": [0.2] * 4}, "repeats"),
    ({"seconds": [float("nan")] * 5}, "not valid"),
    ({"correct": 1_000}, "impossible"),
    ({"correct": -1}, "impossible"),
    ({"images_scored": 65}, "impossible"),
    ({"model_sha256": "0" * 64}, "another model"),
    ({"inputs_sha256": "0" * 64}, "other images"),
    ({"environment": {**ENVIRONMENT, "note": "rude"}}, "environment.note"),
    ({"environment": {**ENVIRONMENT, "clock_seconds": -1}}, "clock_seconds"),
    ({"latency": None}, "latency"),
]


def test_what_cannot_be_is_refused_and_the_job_goes_on(invitation: Invitation) -> None:
    browser, _answer = enter(invitation.code)
    job = browser.next()
    for changes, why in BAD:
        answer = deliver(browser, job, **changes)
        assert answer.status_code == 422, changes
        assert why in answer.json()["error"]
    assert Benchmark.objects.get(pk=job["id"]).state == State.RUNNING


def test_what_a_browser_says_of_a_failure_is_not_shown(invitation: Invitation) -> None:
    browser, _answer = enter(invitation.code)
    job = browser.next()
    browser.post(f"jobs/{job['id']}/end", {"attempt": job["attempt"], "outcome": "failed", "why": "rude words"})
    assert Benchmark.objects.get(pk=job["id"]).error == "The browser could not measure it."


def test_an_agent_gets_no_job_of_a_browser_and_no_browser_one_of_an_agent(invitation: Invitation) -> None:
    browser, _answer = enter(invitation.code)
    agent = FakeAgent()
    agent.join(tokens.new_code(by=None), "b" * 32)
    job = browser.next()
    assert agent.get(f"files/{job['model']['sha256']}").status_code == 404
    assert agent.post(f"jobs/{job['id']}/beat", {"attempt": 1, "progress": 0}).status_code == 404
    assert tasks.benchmark_next() is None
    assert Benchmark.objects.get(pk=job["id"]).attempt == 1
