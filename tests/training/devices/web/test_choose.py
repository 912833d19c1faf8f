"""Choosing a model: the page of a fresh install, its question and answer, bad questions, downloads."""

import csv
import io
import json
import re

import pytest
from django.test import Client

from recognizer import loading, services
from recognizer.core import model_file
from recognizer.core.c_header import to_header
from recognizer.models import StoredModel
from training.devices.choice import catalogue_times, measured
from training.devices.choice.points import points
from training.devices.models import Benchmark, Device
from training.jobs.models import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shipped_models() -> None:
    services.add_shipped()


def page_of(client: Client, status: int = 200, **asked: str) -> str:
    response = client.get("/models/choose/", asked)
    assert response.status_code == status
    return response.content.decode()


def charts_of(page: str) -> dict[str, dict[str, list[dict[str, list[list[object]]]]]]:
    found = re.search(r'<script id="choice" type="application/json">(.*?)</script>', page)
    assert found is not None
    charts: dict[str, dict[str, list[dict[str, list[list[object]]]]]] = json.loads(found[1])["charts"]
    return charts


def test_a_fresh_install_shows_measured_figures(client: Client) -> None:
    page = page_of(client)
    for name in loading.shipped_names():
        assert f'data-point="{name}"' in page
    charts = charts_of(page)
    drawn = {each[2] for series in charts["size"]["series"] for each in series["points"]}
    assert set(loading.shipped_names()) <= drawn
    assert "/models/choose/" in client.get("/models/").content.decode()


def test_the_figures_of_the_project_are_those_of_the_shipped_files() -> None:
    known = {each.file_sha256: each for each in measured.shipped().models if each.file_sha256}
    devices = {each.key for each in measured.shipped().devices}
    for row in StoredModel.objects.filter(file_sha256__in=known):
        found = known[row.file_sha256]
        assert (found.name, found.file_bytes, found.precision) == (row.name, row.file_bytes, row.precision)
        assert found.test == pytest.approx({name: row.accuracy[name] for name in found.test}, abs=1e-4)
        assert set(found.microseconds) <= devices


def test_the_best_under_a_size_can_be_downloaded(client: Client) -> None:
    page = page_of(client, limit="15", unit="kb")
    assert 'data-answer="small int4"' in page
    model = StoredModel.objects.get(name="small int4")
    assert f"/models/{model.pk}/export/npz/" in page
    sent = client.get(f"/models/{model.pk}/export/npz/")
    assert b"".join(sent) == loading.file_of(model).read_bytes()
    assert sent["Content-Disposition"] == 'attachment; filename="small-int4.npz"'


def test_a_chip_gets_a_header(client: Client) -> None:
    page = page_of(client, limit="80", unit="ms", device="atmega328p")
    assert 'data-answer="tiny int4"' in page
    model = StoredModel.objects.get(name="tiny int4")
    sent = client.get(f"/models/{model.pk}/export/c/")
    assert b"".join(sent).decode() == to_header(model_file.read(loading.file_of(model).read_bytes()))
    assert f"/models/{model.pk}/export/npz/" not in page


def test_what_no_model_keeps_to(client: Client) -> None:
    page = page_of(client, limit="1")
    assert 'data-answer=""' in page
    assert "“tiny int4”: 5.0 KB" in page


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"limit": "many"}, "Write a number, such as 60."),
        ({"limit": "-3"}, "The limit must be above 0."),
        ({"limit": "nan"}, "Write a number, such as 60."),
        ({"limit": "1e12"}, "less than or equal to"),
        ({"device": "abacus"}, "There is no “abacus”: choose one of the list."),
        ({"on": "nothing"}, "There is no “nothing”: choose one of the list."),
    ],
)
def test_bad_questions_get_a_sentence_and_the_page(client: Client, asked: dict[str, str], words: str) -> None:
    page = page_of(client, 400, **asked)
    assert words in page
    assert 'data-answer="' not in page
    assert charts_of(page)["size"]["series"]


def test_times_of_a_device_of_ours(client: Client) -> None:
    device = Device.objects.create(key="b" * 32, name="Our Pi", sheet={})
    model = StoredModel.objects.get(name="tiny")
    results = {"microseconds_per_image": 7.5}
    Benchmark.objects.create(
        model=model, precision="fp16", device=device, state=State.SUCCEEDED, results=results, batch_size=1
    )
    assert next(each for each in points() if each.model == model).microseconds[f"device-{device.pk}"] == 7.5
    page = page_of(client, device=f"device-{device.pk}", limit="10", unit="us")
    assert 'data-answer="tiny"' in page
    assert "Accuracy against time: Our Pi" in page


def test_a_header_of_floats_is_refused(client: Client) -> None:
    model = StoredModel.objects.get(name="tiny")
    refused = client.get(f"/models/{model.pk}/export/c/")
    assert refused.status_code == 400
    assert "computes in floating point" in refused.content.decode()
    assert client.get(f"/models/{model.pk}/export/tape/").status_code == 404


def test_charts_as_files_and_the_table(client: Client) -> None:
    assert client.get("/models/choose/size.svg").content.startswith(b"<?xml")
    assert client.get("/models/choose/time.png?device=atmega328p").content.startswith(b"\x89PNG")
    sent = b"".join(client.get("/models/choose/time.csv?device=atmega328p"))
    rows = list(csv.DictReader(io.StringIO(sent.decode("utf-8-sig"))))
    tiny = next(row for row in rows if row["model"] == "tiny int4")
    assert (tiny["bytes"], tiny["device"]) == ("5076", "ATmega328P, 16 MHz")
    assert float(tiny["microseconds"]) > 10_000


def test_the_list_of_models_has_the_times_of_a_device(client: Client) -> None:
    known = measured.shipped().models[0]
    device = next(iter(known.microseconds))
    row = StoredModel.objects.get(file_sha256=known.file_sha256) if known.file_sha256 else None
    assert row is not None
    page = client.get(f"/models/?device={device}&sort=time").content.decode()
    assert re.search(r'aria-sort="ascending"><a class="sort" href="[^"]*sort=-time', page)
    ours = Device.objects.create(key="k" * 32, name="ours", sheet={})
    for microseconds in (11.0, 12.5):
        Benchmark.objects.create(
            model=row, device=ours, state=State.SUCCEEDED, images=10, batch_size=1, precision=row.precision,
            results={"microseconds_per_image": microseconds},
        )  # fmt: skip
    assert catalogue_times.times(f"device-{ours.pk}") == {row.pk: 12.5}
    assert catalogue_times.times("device-999999") == catalogue_times.times("device-x") == {}
    assert '<td class="number">12.5</td>' in client.get(f"/models/?device=device-{ours.pk}").content.decode()
