"""What people enter: lines of chips and values of meters, checked, apart from what devices measured, never lost."""

import csv
import io
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from recognizer.models import StoredModel
from tests.training.devices.conftest import MakeModel
from training.devices.chip_line import ChipLine
from training.devices.entered import ChipResult, MeterReading
from training.devices.models import Benchmark, Device
from training.devices.services import new_benchmark
from training.jobs import lifecycle
from training.jobs.models import State

pytestmark = pytest.mark.django_db(transaction=True)
METER = {"value": "2.5", "unit": "W", "images": "10000", "subject": "the whole board at its plug", "corrects": ""}


@pytest.fixture
def admin(client: Client) -> Client:
    """An administrator."""
    client.force_login(get_user_model().objects.create_superuser("admin", password="x"))
    return client


@pytest.fixture
def benchmark(model: StoredModel, woken: list[str]) -> Benchmark:
    """A benchmark of 8 seconds for 10,000 images."""
    device = Device.objects.create(key="a" * 32, name="Our Pi", sheet={})
    seconds = {"median": 8.0, "min": 8.0, "max": 8.0, "p50": 8.0, "p90": 8.0, "all": [8.0]}
    results = {
        "seconds": seconds, "seconds_for_10000": 8.0, "scaled": False, "microseconds_per_image": 800.0,
        "accuracy": None, "environment": {},
    }  # fmt: skip
    return Benchmark.objects.create(model=model, device=device, state=State.SUCCEEDED, results=results)


def pasted(model: StoredModel, **changes: Any) -> dict[str, str]:
    """What somebody fills in."""
    line = ChipLine(model.file_sha256[:16], 330, 327, 20_479_000, 68_033, 8_580, 1_149)
    return {"line": str(line), "chip": "Arduino Uno", **changes}


def test_a_line_is_pasted_once(admin: Client, model: StoredModel) -> None:
    assert admin.post("/devices/chips/new/", pasted(model)).status_code == 302
    result = ChipResult.objects.get()
    assert (result.model, result.is_simulated, result.correct) == (model, False, 327)
    page = admin.get("/devices/").content.decode()
    assert "Arduino Uno" in page
    assert "on the chip" in page
    again = admin.post("/devices/chips/new/", pasted(model))
    assert (again.status_code, ChipResult.objects.count()) == (422, 1)
    assert "entered before" in again.content.decode()


def test_a_line_of_another_model_or_damaged_is_refused(admin: Client, model: StoredModel) -> None:
    other = ChipLine("0" * 16, 330, 327, 20_479_000, 68_033, 8_580, 1_149)
    answers = [
        admin.post("/devices/chips/new/", pasted(model, line=line))
        for line in (str(other), pasted(model)["line"].replace("327", "329"), "x" * 501)
    ]
    assert [answer.status_code for answer in answers] == [422] * 3
    assert "of another model" in answers[0].content.decode()
    assert "damaged on the way" in answers[1].content.decode()
    assert ChipResult.objects.count() == 0


def test_kinds_are_told_apart(admin: Client, client: Client, model: StoredModel, make_model: MakeModel) -> None:
    admin.post("/devices/chips/new/", pasted(model))
    admin.post("/devices/chips/new/", pasted(make_model("other", seed=2), chip="simavr", is_simulated="on"))
    rows = list(csv.DictReader(io.StringIO(client.get("/devices/chips.csv").getvalue().decode("utf-8-sig"))))
    kinds = {row["chip"]: row["kind"] for row in rows}
    assert kinds["Arduino Uno"] == "measured"
    assert kinds["simavr"] == kinds["ATmega328P, 16 MHz"] == "simulated"
    board = client.get("/devices/board.json").json()
    assert {(row["chip"], row["kind"]) for row in board["chips"]} >= {
        ("Arduino Uno", "measured"),
        ("simavr", "simulated"),
    }
    assert not any("Arduino" in row["device"] for row in board["times"]), "on no table of devices"


def test_what_was_pasted_by_mistake_is_deleted(admin: Client, model: StoredModel) -> None:
    admin.post("/devices/chips/new/", pasted(model))
    answer = admin.post(f"/devices/chips/{ChipResult.objects.get().pk}/delete/", follow=True)
    assert ChipResult.objects.count() == 0
    assert pasted(model)["line"] in answer.content.decode(), "it can be pasted again"


@pytest.mark.parametrize(
    ("changes", "joules"),
    [({}, 20.0), ({"value": "30", "unit": "J", "images": "50000"}, 6.0), ({"value": "10", "unit": "mWh"}, 36.0)],
)
def test_energy_follows_from_what_the_meter_shows(
    admin: Client, benchmark: Benchmark, changes: dict[str, str], joules: float
) -> None:
    assert admin.post(f"/devices/benchmarks/{benchmark.pk}/meter/", METER | changes).status_code == 302
    assert MeterReading.objects.get().joules_for_10000 == pytest.approx(joules)
    page = admin.get(benchmark.get_absolute_url()).content.decode()
    assert f"{joules:.1f}, measured by hand" in page
    assert "the whole board at its plug" in page
    [row] = [each for each in admin.get("/devices/board.json").json()["times"] if each["source"] == "measured"]
    assert (row["meter"]["kind"], row["meter"]["by_hand"]) == ("measured", True)


def test_a_correction_stands_beside_what_it_corrects(admin: Client, benchmark: Benchmark) -> None:
    address = f"/devices/benchmarks/{benchmark.pk}/meter/"
    admin.post(address, METER)
    blind = admin.post(address, METER | {"value": "3"})
    assert (blind.status_code, MeterReading.objects.count()) == (422, 1), (
        "whoever did not see the first overwrites nothing"
    )
    assert "another value was entered: 2.5 W" in blind.content.decode()
    first = MeterReading.objects.get()
    assert f'value="{first.pk}"' in blind.content.decode(), "having seen it, one can save again"
    assert admin.post(address, METER | {"value": "3", "corrects": first.pk}).status_code == 302
    page = admin.get(benchmark.get_absolute_url()).content.decode()
    assert "24.0, measured by hand" in page
    assert "corrected" in page
    assert list(MeterReading.objects.values_list("value", flat=True)) == [3.0, 2.5]


@pytest.mark.parametrize(
    "changes",
    [{"value": "nan"}, {"value": "inf"}, {"value": "-1"}, {"value": "0"}, {"value": "1e300"}, {"unit": "V"},
     {"images": "0"}, {"images": "-5"}, {"subject": ""}, {"subject": "x" * 201}],
)  # fmt: skip
def test_values_that_make_no_sense(admin: Client, benchmark: Benchmark, changes: dict[str, str]) -> None:
    assert admin.post(f"/devices/benchmarks/{benchmark.pk}/meter/", METER | changes).status_code == 422
    assert MeterReading.objects.count() == 0


def test_without_a_result_there_is_nothing_to_measure(admin: Client, model: StoredModel, woken: list[str]) -> None:
    waiting = lifecycle.enqueue(new_benchmark(model))
    answer = admin.post(f"/devices/benchmarks/{waiting.pk}/meter/", METER)
    assert answer.status_code == 422
    assert "no result yet" in answer.content.decode()
