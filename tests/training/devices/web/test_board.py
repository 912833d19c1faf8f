"""The board as data, the history of a device, and the form that queues many benchmarks."""

import csv
import io

import pytest
from django.test import Client

from accounts.models import User
from recognizer.models import StoredModel
from tests.training.devices.conftest import MakeModel
from tests.training.devices.web.test_views import measured
from training.devices import services
from training.devices.models import Benchmark, Device
from training.devices.sheet import DeviceSheet
from training.devices.web import history, tables
from training.jobs.models import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def device() -> Device:
    """A device of ours."""
    return Device.objects.create(key="a" * 32, name="Our Pi", sheet={"cpu_model": "BCM2712", "cores": 4})


def spread(benchmark: Benchmark, low: float, high: float) -> None:
    """Let its repeats differ."""
    assert benchmark.results is not None
    benchmark.results["seconds"] |= {"min": low, "max": high}
    benchmark.save()


def test_table_4_as_csv(client: Client, device: Device) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/devices/sheets.csv").getvalue().decode("utf-8-sig"))))
    assert [row["source"] for row in rows] == ["thesis"] * 5 + ["measured"]
    assert (rows[1]["cpu_model"], rows[-1]["cpu_model"]) == ("Broadcom BCM2711", "BCM2712")


def test_the_board_as_json(client: Client, model: StoredModel, device: Device) -> None:
    measured(model, device, 0.5)
    told = client.get("/devices/board.json").json()
    assert len(told["devices"]) == 6
    assert [each["seconds"] for each in told["times"] if each["source"] == "measured"] == [0.5]
    assert told["times"][0] == {
        "device": "Lenovo Ideapad", "source": "thesis", "precision": "fp32", "seconds": 2.7978, "accuracy": 0.9623,
        "spread": None, "ratio_to_fp32": None, "ratio_range": None,
    }  # fmt: skip


def test_a_speed_up_has_its_spread(client: Client, model: StoredModel, device: Device) -> None:
    spread(measured(model, device, 2.0), 1.9, 2.1)
    spread(measured(model, device, 1.0, precision="fp16"), 0.95, 1.2)
    [_fp32, line] = sorted(tables.lines(tables.newest(), with_thesis=False), key=lambda each: -each.seconds)
    assert line.ratio == pytest.approx(0.5)
    assert line.ratio_range == pytest.approx((0.95 / 2.1, 1.2 / 1.9))
    assert line.is_noisy
    assert "(0.45\u00a0… 0.63)" in client.get("/devices/").content.decode()


@pytest.mark.parametrize("change", [{"invalid": "It computed something else."}, {"sustained_seconds": 60}])
def test_what_is_on_no_table(client: Client, model: StoredModel, device: Device, change: dict[str, object]) -> None:
    benchmark = measured(model, device, 0.1234, **change)
    assert "0.1234" not in client.get("/devices/").content.decode()
    assert client.get(benchmark.get_absolute_url()).status_code == 200
    own = client.get(device.get_absolute_url()).content.decode()
    assert "0.1234" in own, "its history has it"


def test_a_result_that_became_slower_is_marked(client: Client, model: StoredModel, device: Device) -> None:
    for seconds in (1.0, 1.02, 0.98, 1.3, 1.04):
        measured(model, device, seconds)
    measured(model, device, 9.0, batch_size=10)
    found = history.of(device)
    assert [line.is_regression for line in found] == [False, False, True, False, False, False]
    assert found[2].change == pytest.approx(0.3)
    assert (found[0].change, found[-1].change) == (None, None), "the first ones of their workloads"
    page = client.get(device.get_absolute_url()).content.decode()
    assert page.count("badge-failed") == 1
    assert "+30.0%" in page


def test_many_benchmarks_by_one_form(
    client: Client, make_model: MakeModel, device: Device, admin_user: User, woken: list[str]
) -> None:
    first, second = make_model("first"), make_model("second", seed=2)
    other = Device.objects.create(key="b" * 32, name="Other", sheet={})
    client.force_login(admin_user)
    assert "Start measuring" in client.get("/devices/benchmarks/new/").content.decode()
    chosen = {
        "models": [first.pk, second.pk], "precisions": ["fp32", "fp16-native"], "devices": [device.pk, other.pk],
        "modes": ["single", "sustained"],
    }  # fmt: skip
    assert client.post("/devices/benchmarks/new/", chosen).status_code == 302
    assert Benchmark.objects.filter(state=State.QUEUED, created_by=admin_user).count() == 16
    assert set(Benchmark.objects.values_list("sustained_seconds", flat=True)) == {0, 60}


@pytest.mark.parametrize(
    ("change", "words"),
    [({"precisions": ["int8"]}, "None of these models"), ({"devices": []}, "required"), ({"models": [99]}, "99")],
)
def test_forms_that_ask_for_nothing(
    client: Client, model: StoredModel, device: Device, admin_user: User, change: dict[str, object], words: str
) -> None:
    client.force_login(admin_user)
    chosen = {"models": [model.pk], "precisions": ["fp32"], "devices": [device.pk], "modes": ["single"]}
    answer = client.post("/devices/benchmarks/new/", {**chosen, **change})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Benchmark.objects.exists()


def test_a_device_is_added_by_a_code_that_is_shown_once(client: Client, admin_user: User) -> None:
    client.force_login(admin_user)
    page = client.post("/devices/add/", headers={"Host": "localhost"})
    text = page.content.decode()
    assert "curl -fsS http://localhost/devices/agent.sh | sh -s -- " in text
    assert "data:image/svg+xml" in text
    assert "no-store" in page["Cache-Control"]
    assert "LAN=1" in text, "no other device reaches localhost"


def test_the_agent_and_its_script(client: Client) -> None:
    script = client.get("/devices/agent.sh", headers={"Host": "localhost"})
    assert script["Content-Type"] == "text/plain; charset=utf-8"
    assert "site='http://localhost'" in script.content.decode()
    archive = client.get("/devices/agent.pyz").content
    assert archive.startswith(b"#!/usr/bin/env python3\nPK")


def test_a_page_of_many_devices_shows_those_seen_last(client: Client, model: StoredModel, device: Device) -> None:
    for number in range(12):
        measured(model, Device.objects.create(key=f"{number:032}", name=f"node {number}", sheet={"cores": 1}), 1.0)
    page = client.get("/devices/").content.decode()
    assert "node 11" in page
    assert "Our Pi" not in page
    assert "3 devices more are in the files" in page
    files = client.get("/devices/times.csv").getvalue().decode(), client.get("/devices/board.json").content.decode()
    assert all("node 0" in file for file in files)


def test_a_corrected_row_stays_when_the_machine_is_read_anew(client: Client, device: Device, admin_user: User) -> None:
    client.force_login(admin_user)
    url = f"/devices/{device.pk}/sheet/"
    shown = client.get(url).context["form"]
    sent = {name: value for name, value in shown.initial.items() if value is not None}
    answer = client.post(url, {**sent, "cpu_model": "Broadcom BCM2712", "ram_type": "LPDDR4X", "clock_ghz": "2.4"})
    assert answer.status_code == 302
    services.register({"key": device.key, "name": "pi"}, DeviceSheet(cpu_model="brcm bcm2712", cores=4, ram_gb=7.8))
    device.refresh_from_db()
    assert device.corrections == {"cpu_model": "Broadcom BCM2712", "ram_type": "LPDDR4X", "clock_ghz": 2.4}
    rows = device.rows
    assert (rows.cpu_model, rows.ram_type, rows.cores, rows.ram_gb) == ("Broadcom BCM2712", "LPDDR4X", 4, 7.8)
    refused = client.post(url, {**sent, "cores": "-1"})
    assert refused.status_code == 422
