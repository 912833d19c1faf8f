"""The API: what it answers, and how it refuses."""

import base64
import io
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw
from pytest_django import Settings

from recognizer import catalog, loading, service
from recognizer.core.alphabet import RUSSIAN
from recognizer.core.model_card import ModelCard
from recognizer.core.network import Network
from recognizer.models import Source, StoredModel

LINE = [[[10, 10], [60, 90]], [[60.5, 10, 17], [10, 90, 20]]]


@pytest.fixture(autouse=True)
def model(db: None, network: Network, card: ModelCard) -> StoredModel:
    """A model in service."""
    cache.clear()
    stored = catalog.add_model(network, card, source=Source.TRAINED)
    catalog.activate(stored)
    return stored


def post(client: Client, body: Any) -> Any:
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post("/api/recognize", data, content_type="application/json")


def png() -> bytes:
    image = Image.new("L", (64, 64), 255)
    ImageDraw.Draw(image).line((16, 16, 32, 32), fill=0, width=5)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A small PNG whose header gives another size."""
    header = b"IHDR" + struct.pack(">II", width, height) + b"\x08\0\0\0\0"
    return png()[:12] + header + struct.pack(">I", zlib.crc32(header)) + png()[33:]


def send(client: Client, data: bytes, name: str = "letter.png") -> Any:
    return client.post("/api/recognize/image", {"image": SimpleUploadedFile(name, data)})


def test_strokes_are_read(client: Client, model: StoredModel) -> None:
    answer = post(client, {"strokes": LINE}).json()
    assert next(guess["letter"] for guess in answer["best"]) == answer["letter"]
    assert len({guess["letter"] for guess in answer["best"]}) == 5
    assert sorted((guess["probability"] for guess in answer["best"]), reverse=True) == [
        g["probability"] for g in answer["best"]
    ]
    assert len(base64.b64decode(answer["input"])) == 784
    assert answer["ink_bright"] is True
    assert answer["model"] == {
        "id": model.pk,
        "name": "random",
        "url": f"/models/{model.pk}/",
        "letters": RUSSIAN,
    }


def test_a_picture_is_read(client: Client) -> None:
    answer = send(client, png())
    assert answer.status_code == 200
    assert answer.json()["model"]["name"] == "random"


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ("{", 400, "JSON"),
        ({}, 422, "strokes"),
        ({"strokes": []}, 422, "strokes"),
        ({"strokes": [[]]}, 422, "strokes"),
        ({"strokes": [[[1]]]}, 422, "strokes"),
        ({"strokes": [[["a", 2]]]}, 422, "strokes"),
        ('{"strokes": [[[NaN, 1], [2, 2]]]}', 422, "strokes"),
        ('{"strokes": [[[1e999, 1], [2, 2]]]}', 422, "strokes"),
        ({"strokes": [[[1e300, 1], [-1e300, 2]]]}, 422, ""),
        ({"strokes": [[[1, 1]]] * 201}, 422, "strokes"),
        ({"strokes": [[[1, 1]] * 5001]}, 422, "strokes"),
        ("[" * 100_000, 400, "JSON"),
    ],
)
def test_bad_strokes_are_refused(client: Client, body: Any, status: int, words: str) -> None:
    answer = post(client, body)
    assert answer.status_code == status, answer.content
    assert words in answer.json()["error"]


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (b"", 415, "empty"),
        (b"not an image", 415, "not a picture"),
        (png()[:60], 415, "damaged"),
        (png_that_claims(50_000, 50_000), 415, "million pixels"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, 415, "picture"),
        (b"GIF89a", 415, "picture"),
    ],
    ids=["empty", "text", "truncated", "50,000×50,000", "bad header", "short GIF"],
)
def test_bad_pictures_are_refused(client: Client, data: bytes, status: int, words: str) -> None:
    answer = send(client, data)
    assert answer.status_code == status, answer.content
    assert words in answer.json()["error"]


def test_paper_without_ink_is_refused(client: Client) -> None:
    buffer = io.BytesIO()
    Image.new("L", (40, 40), 255).save(buffer, "PNG")
    answer = send(client, buffer.getvalue())
    assert answer.status_code == 422
    assert "no ink" in answer.json()["error"]


def test_a_large_file_is_refused(client: Client, settings: Settings) -> None:
    settings.PROPIS_LIMITS = settings.PROPIS_LIMITS | {"picture_bytes": 2**20}
    answer = send(client, b"\0" * (2**20 + 1))
    assert answer.status_code == 413
    assert "larger than 1 MB" in answer.json()["error"]


def test_a_large_body_is_refused(client: Client) -> None:
    answer = post(client, b" " * (2 * 2**20 + 1))
    assert answer.status_code == 413
    assert "too large" in answer.json()["error"]


def test_a_missing_file_is_refused(client: Client) -> None:
    answer = client.post("/api/recognize/image", {})
    assert answer.status_code == 422
    assert "image" in answer.json()["error"]


def test_too_many_readings_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from recognizer import api

    throttle = api.RATE[0]
    monkeypatch.setattr(throttle, "num_requests", 2)
    codes = [post(client, {"strokes": LINE}).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    answer = post(client, {"strokes": LINE})
    assert int(answer.headers["Retry-After"]) > 0
    assert "Wait" in answer.json()["error"]


def test_no_model_is_said_plainly(
    client: Client, model: StoredModel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    StoredModel.objects.update(is_active=False)
    monkeypatch.setattr(loading, "PRETRAINED", tmp_path)
    monkeypatch.setattr(service, "_current", service._Current())
    loading.shipped.cache_clear()
    answer = post(client, {"strokes": LINE})
    assert answer.status_code == 503
    assert "No shipped model" in answer.json()["error"]
