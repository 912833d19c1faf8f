"""The API: what it answers, and how it refuses."""

import base64
import io
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw
from pytest_django import Settings

from recognizer import active_model, loading, services
from recognizer.core.alphabet import RUSSIAN
from recognizer.core.ink import specification
from recognizer.core.model_card import ModelCard
from recognizer.core.network import Network
from recognizer.lanes import HEAVY, LANE, OTHER_LANE, PICTURES
from recognizer.models import ModelOrigin, StoredModel
from tests.rates import allow_in_an_hour
from tests.recognizer.conftest import make_card, make_network

POINT = "is not a point: [x, y] or [x, y, t] with finite numbers, x and y between ±1,000,000, t from 0."
LINE: list[list[list[float]]] = [[[10, 10], [60, 90]], [[60.5, 10, 17], [10, 90, 20]]]


@pytest.fixture(autouse=True)
def model(db: None, network: Network, card: ModelCard) -> StoredModel:
    """A model in service."""
    stored = services.add_model(network, card, source=ModelOrigin.TRAINED)
    services.activate(stored)
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
    assert answer["picture"] == answer["input"]
    assert answer["shape"] == [28, 28]
    assert answer["ink_bright"] is True
    assert answer["model"] == {
        "id": model.pk,
        "name": "random",
        "url": f"/models/{model.pk}/",
        "letters": RUSSIAN,
    }


@pytest.mark.parametrize("name", ["directions-1", "directions-1-coarse", "directions-1-fine"])
def test_a_model_of_directions_answers_with_them_and_with_their_picture(client: Client, name: str) -> None:
    ink = specification(name)
    network = make_network(inputs=ink.length)
    services.activate(services.add_model(network, make_card(network, name, ink=name), source=ModelOrigin.TRAINED))
    answer = post(client, {"strokes": LINE}).json()
    picture = np.frombuffer(base64.b64decode(answer["picture"]), np.uint8)
    values = np.frombuffer(base64.b64decode(answer["input"]), np.uint8)
    assert picture.tolist() == specification("moments-2").from_strokes(LINE).tolist()
    assert values.tolist() == ink.of_pictures(picture[np.newaxis])[0].tolist()
    assert (answer["shape"], answer["ink_specification"]) == (list(ink.shape), name)
    assert send(client, png()).json()["shape"] == list(ink.shape)


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
    assert "larger than 2 MB" in answer.json()["error"]


def test_a_missing_file_is_refused(client: Client) -> None:
    answer = client.post("/api/recognize/image", {})
    assert answer.status_code == 422
    assert "image" in answer.json()["error"]


def test_too_many_readings_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from recognizer.web import limits

    allow_in_an_hour(monkeypatch, 2, limits.READING_RATE)
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
    monkeypatch.setattr(active_model, "_current", active_model._Current())
    loading.shipped.cache_clear()
    answer = post(client, {"strokes": LINE})
    assert answer.status_code == 503
    assert "No shipped model" in answer.json()["error"]


def test_a_large_picture_is_asked_for_again_in_a_lane_of_its_own(client: Client) -> None:
    buffer = io.BytesIO()
    picture = Image.new("L", (2001, 2000), 255)
    ImageDraw.Draw(picture).line((200, 200, 1500, 1500), fill=0, width=90)
    picture.save(buffer, "PNG")
    lane: Any = {LANE: PICTURES}
    refused = Client(**lane).post("/api/recognize/image", {"image": SimpleUploadedFile("x.png", buffer.getvalue())})
    assert refused.wsgi_request.META[OTHER_LANE] == HEAVY
    read = send(client, buffer.getvalue())
    assert read.status_code == 200
    assert OTHER_LANE not in read.wsgi_request.META


def test_the_description_is_made_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get("/api/openapi.json").json()
    monkeypatch.setattr("ninja.main.get_schema", lambda **_options: 1 / 0)
    assert client.get("/api/openapi.json").json() == first
    assert "/api/recognize" in first["paths"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "“strokes” is missing."),
        ({"strokes": []}, "“strokes” is too short: it needs 1 entries at least."),
        ({"strokes": [[[0, 0]] * 5001]}, "“strokes.0” is too long: it may have 5000 entries at most."),
        ({"strokes": "no"}, "“strokes” is not a list."),
        ({"strokes": [[["a", 0]]]}, f"“strokes.0.0” {POINT}"),
        ({"strokes": [[{"x": 1}]]}, f"“strokes.0.0” {POINT}"),
        ({"strokes": LINE, "stroke": 1}, "“stroke” is not known here; /api/docs shows what is expected."),
    ],
)
def test_what_is_wrong_is_said_in_our_words(client: Client, body: Any, words: str) -> None:
    response = post(client, body)
    assert response.status_code == 422
    assert response.json() == {"error": words}
