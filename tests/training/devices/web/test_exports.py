"""A model's page offers the formats that fit it; each is sent with its name, type and bytes."""

import re

import pytest
from django.test import Client

from recognizer import loading, services
from recognizer.core.model_file import to_bytes
from recognizer.models import ModelOrigin, StoredModel
from tests.recognizer.exports.models import CLASS_SETS, exported
from training.devices import exports
from training.devices.exports import FORMATS

pytestmark = pytest.mark.django_db


def stored(precision: str, ink: str = "directions-1-coarse", letters: str = CLASS_SETS[1]) -> StoredModel:
    model = exported(precision, ink=ink, letters=letters, name=f"{precision} {len(letters)} Ж")
    return services.add_file(to_bytes(model.network, model.card), source=ModelOrigin.UPLOADED)


def offered(client: Client, model: StoredModel) -> list[str]:
    page = client.get(f"/models/{model.pk}/").content.decode()
    return re.findall(rf"/models/{model.pk}/export/(\w+)/", page)


@pytest.mark.parametrize(
    ("precision", "ink", "names"),
    [
        ("fp16", "directions-1-coarse", ["onnx", "json", "html"]),
        ("int4", "directions-1-coarse", ["onnx", "json", "html", "c"]),
        ("int8", "moments-1", ["onnx", "json", "html"]),
        ("fp32", "raw-28", ["onnx", "json"]),
    ],
)
def test_formats_that_fit(client: Client, precision: str, ink: str, names: list[str]) -> None:
    assert offered(client, stored(precision, ink)) == names


@pytest.mark.parametrize("letters", CLASS_SETS, ids=len)
def test_every_format_of_every_class_set(client: Client, letters: str) -> None:
    model = stored("int4", letters=letters)
    content = loading.file_of(model).read_bytes()
    for name, wanted in FORMATS.items():
        sent = client.get(f"/models/{model.pk}/export/{name}/")
        assert b"".join(sent) == wanted.write(content)
        assert sent["Content-Type"] == wanted.content_type
        assert f"filename*=utf-8''int4-{len(letters)}-%D0%B6{wanted.ending}" in sent["Content-Disposition"]
        assert sent["Content-Disposition"].startswith("attachment")


def test_what_does_not_fit_is_refused_in_one_sentence(client: Client) -> None:
    model = stored("fp32", "raw-28")
    for name, sentence in (("html", "reads raw-28, and a page knows"), ("c", "computes in floating point")):
        refused = client.get(f"/models/{model.pk}/export/{name}/")
        assert refused.status_code == 400
        assert sentence in refused.content.decode()


def test_a_model_that_is_too_large(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_PARAMETERS", 1000)
    model = stored("fp32")
    assert client.get(f"/models/{model.pk}/export/npz/").status_code == 200
    refused = client.get(f"/models/{model.pk}/export/json/")
    assert refused.status_code == 400
    assert "more than 1,000 parameters" in refused.content.decode()


def test_a_file_that_is_gone_or_cut_short(client: Client) -> None:
    model = stored("int4")
    path = loading.file_of(model)
    path.write_bytes(path.read_bytes()[:-5])
    assert client.get(f"/models/{model.pk}/export/json/").status_code == 400
    path.unlink()
    assert client.get(f"/models/{model.pk}/export/json/").status_code == 404
