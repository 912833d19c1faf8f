"""Pages of browsers: who may invite, what a wrong code says, when the board stops asking, what the files have."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from recognizer.models import StoredModel
from tests.training.devices.conftest import MakeModel
from training.devices.fleet import invitations
from training.devices.models import Benchmark, Device, DeviceKind, Invitation
from training.jobs.models import State

pytestmark = pytest.mark.django_db
SHEET = {"engine": "Safari", "engine_version": "18.1", "os_family": "iOS", "touch_points": 5, "simd": True}


@pytest.fixture
def invitation(model: StoredModel, woken: list[str]) -> Invitation:
    """An open one."""
    return invitations.invite(model, minutes=45, most=3, by=None)


def measured(invitation: Invitation, backend: str, seconds: float, invalid: str = "") -> Benchmark:
    """A result of one phone."""
    device, _new = Device.objects.get_or_create(
        key="c" * 32, defaults={"kind": DeviceKind.BROWSER, "name": "Safari 18 · iOS · 7", "sheet": SHEET}
    )
    results = {
        "seconds": {"median": seconds, "min": seconds, "max": seconds, "p90": seconds, "all": [seconds]},
        "spread": 0.0, "seconds_for_10000": seconds, "scaled": False, "microseconds_per_image": 100 * seconds,
        "mode": "batch", "slowdown": None, "load_seconds": 0.01,
        "environment": {"clock_seconds": 1e-3, "isolated": False, "hidden": True},
        "accuracy": {"images": 66, "correct": 60, "share": 60 / 66, "dataset": "letters", "made": False},
    }  # fmt: skip
    return Benchmark.objects.create(
        model=invitation.model, precision="fp32", backend=backend, batch_size=1000, invitation=invitation,
        wanted_device=device, device=device, state=State.SUCCEEDED, results=results, invalid=invalid,
        finished_at=timezone.now(),
    )  # fmt: skip


def test_a_visitor_types_a_code_and_invites_nobody(client: Client, invitation: Invitation) -> None:
    page = client.get("/devices/this/").content.decode()
    assert "Invite a class" not in page
    typed = client.get("/devices/this/", {"code": f" {invitation.code.lower()} "})
    assert (typed.status_code, typed["Location"]) == (302, invitation.get_absolute_url())
    for wrong in ("ZZZZ-ZZZZ", "\x00", "Ж" * 300):
        answer = client.get("/devices/this/", {"code": wrong})
        assert answer.status_code == 404
        assert "There is no such code here" in answer.content.decode()
    assert client.get("/devices/class/ZZZZ-ZZZZ/").status_code == 404


def test_an_administrator_invites_and_closes(
    client: Client, make_model: MakeModel, admin_user: User, woken: list[str]
) -> None:
    model = make_model()
    client.force_login(admin_user)
    for wrong in ({"minutes": 0}, {"most": 100_000}, {"model": 0}, {"minutes": "long"}):
        form = {"model": model.pk, "minutes": 45, "most": 30} | wrong
        assert client.post("/devices/this/invite/", form).status_code == 422
    assert not Invitation.objects.exists()
    answer = client.post("/devices/this/invite/", {"model": model.pk, "minutes": 45, "most": 30})
    made = Invitation.objects.get()
    assert (answer["Location"], made.is_open, made.created_by) == (made.get_absolute_url(), True, admin_user)
    shown = client.get(answer["Location"])
    assert made.code in shown.content.decode()
    assert "'wasm-unsafe-eval'" in shown["Content-Security-Policy"]
    client.post(f"{made.get_absolute_url()}close/")
    made.refresh_from_db()
    assert not made.is_open
    own = client.post("/devices/this/measure/")
    assert own["Location"] == f"{Invitation.objects.get(most=1).get_absolute_url()}#measure"


def test_the_board_asks_until_the_end(client: Client, invitation: Invitation) -> None:
    measured(invitation, "javascript", 4.0)
    address, asked = invitation.get_absolute_url(), {"HX-Request": "true"}
    first = client.get(address, headers=asked)
    assert first.status_code == 200
    assert "hx-get" in first.content.decode()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    last = client.get(address, headers=asked)
    assert (last.status_code, "hx-get" in last.content.decode()) == (286, False)


def test_what_does_not_count_is_marked_and_has_no_figure(client: Client, invitation: Invitation) -> None:
    measured(invitation, "javascript", 4.0)
    measured(invitation, "wasm", 0.1234, invalid="It computed something else.")
    page = client.get(invitation.get_absolute_url()).content.decode()
    assert "4.000" in page
    assert "not valid" in page
    assert "0.123" not in page
    rows = b"".join(client.get("/devices/browsers.csv").streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert len(rows) == 2
    assert rows[1].startswith("Safari 18 · iOS · 7,browser,Safari,18.1,iOS")
    assert client.get("/devices/browsers.json?invitation=ZZZZ-ZZZZ").json()["times"] == []


def test_browsers_stand_beside_browsers_only(client: Client, invitation: Invitation) -> None:
    job = measured(invitation, "wasm", 0.4)
    assert client.get("/devices/board.json").json()["times"][-1]["source"] == "thesis"
    for address in ("/devices/", "/devices/times.csv", "/devices/sheets.csv", "/devices/board.json"):
        answer = client.get(address)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert "Safari" not in text.decode(), address
    page = client.get(job.get_absolute_url()).content.decode()
    assert "The page was in the background meanwhile." in page
    assert "WebAssembly" in page
    assert "Fingers" in client.get(f"/devices/{job.device_id}/").content.decode()
