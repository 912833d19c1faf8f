"""Pages and charts: the thesis's figures as it printed them, ours beside them."""

import csv
import io

import pytest
from django.test import Client
from django.utils import translation

from recognizer import plotting
from recognizer.models import StoredModel
from training.devices import tasks
from training.devices.models import Benchmark, Device
from training.devices.services import new_benchmark
from training.devices.web import charts, tables, thesis_tables
from training.jobs import lifecycle
from training.jobs.models import State

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def device() -> Device:
    """A device of ours."""
    return Device.objects.create(key="a" * 32, name="Our Pi", sheet={"cpu_model": "BCM2712", "cores": 4, "ram_gb": 7.8})


def measured(model: StoredModel, device: Device, seconds: float, **fields: object) -> Benchmark:
    """A benchmark with results."""
    results = {
        "seconds": {
            "median": seconds,
            "min": seconds,
            "max": seconds,
            "p50": seconds,
            "p90": seconds,
            "all": [seconds],
        },
        "seconds_for_10000": seconds,
        "scaled": False,
        "microseconds_per_image": seconds * 100,
        "accuracy": {"images": 50, "correct": 47, "share": 0.94, "dataset": "fonts", "made": True},
        "environment": {"python": "3.9", "numpy": "2", "blas": "OpenBLAS", "blas_kernel": "Zen", "blas_threads": "1"},
    }
    return Benchmark.objects.create(model=model, device=device, state=State.SUCCEEDED, results=results, **fields)


def test_the_thesis_alone(client: Client) -> None:
    page = client.get("/devices/").content.decode()
    for each in thesis_tables.DEVICES:
        assert each.name in page
        assert each.sheet.cpu_model in page
        assert f"{each.seconds['fp32']:.4f}" in page
        assert f"{each.seconds['fp16']:.4f}" in page
    assert page.count("96.23%") == page.count("96.19%") == 5
    assert "python manage.py benchmark" in page


def test_gains_are_those_of_the_thesis() -> None:
    gains = {line.device: 100 * (1 - line.ratio) for line in tables.lines([]) if line.ratio is not None}
    assert gains["Raspberry Pi 4"] == pytest.approx(9.0, abs=0.05)
    assert gains["Lenovo Ideapad"] == pytest.approx(6.6, abs=0.1)
    assert gains["PC 2"] == pytest.approx(0.3, abs=0.05)


def test_ours_beside_it(client: Client, model: StoredModel, device: Device) -> None:
    measured(model, device, 9.0)
    measured(model, device, 0.5)
    native = measured(model, device, 8.0, precision="fp16-native")
    measured(model, device, 0.1, batch_size=100)
    page = client.get("/devices/").content.decode()
    assert "0.5000" in page
    assert "9.0000" not in page, "only the newest of one kind"
    assert "× 16.0".replace(" ", "\u00a0") in page
    assert "synthetic letters" in page
    assert native.get_absolute_url() in page
    own = client.get(device.get_absolute_url()).content.decode()
    assert "BCM2712" in own
    assert "7.8" in own
    assert "Raspberry Pi 4" not in own


def test_a_compressed_model_is_compared_with_its_parent(model: StoredModel, device: Device) -> None:
    half = StoredModel.objects.create(
        name="half", file_sha256="0" * 64, precision="fp16", parent=model, source="compressed",
        file_bytes=1, sizes=[784, 33], parameters=1, card={"letters": ""},
    )  # fmt: skip
    measured(model, device, 2.0)
    measured(half, device, 1.0, precision="fp16")
    ratios = [line.ratio for line in tables.lines(tables.newest(), with_thesis=False)]
    assert sorted(ratios, key=str) == [0.5, None]


def test_chart_has_a_row_for_each_device(model: StoredModel, device: Device) -> None:
    measured(model, device, 0.5)
    measured(model, device, 0.1, batch_size=100)
    chart = charts.page_chart(tables.lines(tables.newest()), of_one_device=False)
    assert list(chart["labels"]) == [f"{each.name} (2024)" for each in thesis_tables.DEVICES] + ["Our Pi"]
    values = {series["label"]: series["values"] for series in chart["series"]}
    assert values["fp32"][-1] == 0.5
    assert chart["kind"] == "dots", "a bar has no beginning on a logarithmic axis"
    assert "s for 10,000 images" in chart["y"]["label"]
    ranges = {series["label"]: series["ranges"] for series in chart["series"]}
    low, high = ranges["fp32"][-1]
    assert low <= 0.5 <= high
    assert ranges["fp32"][0] is None, "the thesis says nothing of its repeats"
    assert values["fp16, stored"][-1] is None
    own = charts.page_chart(tables.lines(tables.newest([device]), with_thesis=False), of_one_device=True)
    assert list(own["labels"]) == ["random · one by one", "random · by 100"]


@pytest.mark.parametrize(("name", "start"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_chart_files(client: Client, name: str, start: bytes) -> None:
    answer = client.get(f"/devices/times.{name}")
    assert answer["Content-Type"] == plotting.FORMATS[name]
    assert answer.content.startswith(start)
    assert answer.content == client.get(f"/devices/times.{name}").content or name == "svg"


def test_csv(client: Client, model: StoredModel, device: Device) -> None:
    measured(model, device, 0.5)
    rows = list(csv.DictReader(io.StringIO(client.get("/devices/times.csv").getvalue().decode("utf-8-sig"))))
    assert len(rows) == 11
    assert (rows[-1]["device"], rows[-1]["seconds_for_10000"], rows[-1]["accuracy"]) == ("Our Pi", "0.5", "0.94")
    StoredModel.objects.update(name="=1+1")
    guarded = client.get("/devices/times.csv").getvalue().decode("utf-8-sig")
    assert list(csv.DictReader(io.StringIO(guarded)))[-1]["model"] == "'=1+1"
    own = client.get(f"/devices/{device.pk}/times.csv").getvalue().decode()
    assert len(own.splitlines()) == 2


@pytest.mark.parametrize(
    "path", ["/devices/99/", "/devices/benchmarks/99/", "/devices/99/times.svg", "/devices/times.exe"]
)
def test_what_is_not_there(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_nothing_measured_on_a_device_has_no_chart(client: Client, device: Device) -> None:
    assert client.get(device.get_absolute_url()).status_code == 200
    assert client.get(f"/devices/{device.pk}/times.svg").status_code == 404


def test_benchmark_is_asked_for_until_it_has_ended(client: Client, model: StoredModel) -> None:
    job = lifecycle.enqueue(new_benchmark(model, images=5, repeats=1))
    page = client.get(job.get_absolute_url())
    assert b"hx-get" in page.content
    headers = {"HX-Request": "true"}
    assert client.get(job.get_absolute_url(), headers=headers).status_code == 200
    assert job.get_absolute_url() in client.get("/devices/").content.decode(), "under way"
    tasks.benchmark_next()
    live = client.get(job.get_absolute_url(), headers=headers)
    assert live.status_code == 286
    assert b"hx-get" not in live.content
    assert "scaled from 5" in live.content.decode()


def test_numbers_are_written_in_the_readers_language(client: Client, device: Device) -> None:
    with translation.override("ru"):
        page = client.get("/devices/", headers={"Accept-Language": "ru"}).content.decode()
    assert "2,7978" in page
