"""Letters from pictures and inputs, many at once, and what they cost."""

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw
from pydantic import BaseModel

from recognizer import active_model, services
from recognizer.core.ink import InkSpecification, specification
from recognizer.models import ModelOrigin
from recognizer.web import limits
from recognizer.web.api.letters import BatchAnswer, InputAnswer, ModelInService, RecognitionAnswer
from tests.recognizer.conftest import make_card, make_network

STROKES: list[list[list[float]]] = [[[10, 10, 0], [60, 90, 80]], [[60.5, 10, 170], [10, 90, 200]]]

SHARE = 100.0


@pytest.fixture(autouse=True, params=["moments-1", "raw-28", "directions-1"])
def ink(request: pytest.FixtureRequest, db: None) -> InkSpecification:
    """What the model in service reads."""
    ink = specification(request.param)
    network = make_network(inputs=ink.length)
    card = make_card(network, request.param, ink=request.param)
    services.activate(services.add_model(network, card, source=ModelOrigin.TRAINED))
    return ink


def png() -> bytes:
    image = Image.new("L", (64, 64), 255)
    ImageDraw.Draw(image).line((16, 16, 32, 32), fill=0, width=5)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def post(client: Client, address: str, body: Any) -> Any:
    answer = client.post(address, json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_picture_is_read_from_a_body_as_from_a_form(client: Client) -> None:
    in_a_form = client.post("/api/recognize/image", {"image": SimpleUploadedFile("x.png", png())}).json()
    itself = client.generic("POST", "/api/recognize/image", png(), content_type="image/png").json()
    assert {**in_a_form, "milliseconds": 0} == {**itself, "milliseconds": 0}


def test_an_input_is_read_as_the_drawing_that_it_was_made_of(client: Client, ink: InkSpecification) -> None:
    drawn = post(client, "/api/recognize", {"strokes": STROKES})
    data = ink.from_strokes(STROKES).tobytes()
    answer = post(client, "/api/recognize/input", {"input": encoded(data)})
    assert drawn["input"] == encoded(data)
    assert (answer["letter"], answer["best"], answer["model"]) == (drawn["letter"], drawn["best"], drawn["model"])
    itself = client.generic("POST", "/api/recognize/input", data, content_type="application/octet-stream").json()
    assert itself["best"] == answer["best"]


def test_the_model_says_what_it_takes(client: Client, ink: InkSpecification) -> None:
    answer = client.get("/api/model").json()
    assert answer["input_bytes"] == ink.length == np.prod(answer["shape"])
    assert (answer["ink_specification"], answer["ink_bright"]) == (ink.name, ink.ink_bright)
    assert answer["name"] == ink.name


def test_a_batch_is_read_as_each_of_its_letters(client: Client, ink: InkSpecification) -> None:
    letters = [
        {"strokes": STROKES},
        {"image": encoded(png())},
        {"strokes": [[[5, 5]]]},
        {"input": encoded(ink.from_strokes(STROKES).tobytes())},
    ]
    answer = post(client, "/api/recognize/batch", {"letters": letters})
    drawn = post(client, "/api/recognize", {"strokes": STROKES})
    pictured = client.generic("POST", "/api/recognize/image", png(), content_type="image/png").json()
    first, second, third, fourth = answer["letters"]
    assert [first["letter"], second["letter"], fourth["letter"]] == [
        drawn["letter"], pictured["letter"], drawn["letter"],
    ]  # fmt: skip
    assert [guess["letter"] for guess in first["best"]] == [guess["letter"] for guess in drawn["best"]]
    for one, other in zip(first["best"], drawn["best"], strict=True):
        assert one["probability"] == pytest.approx(other["probability"], abs=2e-6)
    assert list(third) == ["error"]
    assert answer["model"] == drawn["model"]


def test_a_batch_of_a_thousand_inputs(client: Client, ink: InkSpecification) -> None:
    inputs = np.random.default_rng(1).integers(0, 255, (1000, ink.length), np.uint8)
    letters = [{"input": encoded(each.tobytes())} for each in inputs]
    answer = post(client, "/api/recognize/batch", {"letters": letters})
    network = active_model.get().network
    expected = network.read(inputs).argmax(axis=1)
    assert [each["letter"] for each in answer["letters"]] == [active_model.get().letters[number] for number in expected]


def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow a reading every SHARE seconds, ten at once."""
    monkeypatch.setattr(limits.READING_RATE[0], "num_requests", 10)
    monkeypatch.setattr(limits.READING_RATE[0], "duration", 10 * SHARE)


def cost(client: Client, letters: list[dict[str, Any]]) -> float:
    """How many readings a batch counts as."""
    counters = limits.shared_counters()
    assert counters is not None
    counters.clear()
    post(client, "/api/recognize/batch", {"letters": letters})
    [time] = counters._times[counters._keys != 0]
    return float(time - counters._clock()) / SHARE


def test_a_batch_counts_by_its_size(client: Client, monkeypatch: pytest.MonkeyPatch, ink: InkSpecification) -> None:
    slow(monkeypatch)
    data = ink.from_strokes(STROKES).tobytes()
    drawn, given = {"strokes": STROKES}, {"input": encoded(data)}
    assert cost(client, [drawn] * 5) == pytest.approx(5, abs=0.1)
    assert cost(client, [given] * 64) == pytest.approx(2, abs=0.1)
    assert cost(client, [given]) == pytest.approx(1, abs=0.1)


def test_after_a_batch_that_counts_for_more_than_there_is_one_waits_for_all_of_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow(monkeypatch)
    post(client, "/api/recognize/batch", {"letters": [{"strokes": STROKES}] * 20})
    refused = client.post("/api/recognize", json.dumps({"strokes": STROKES}), content_type="application/json")
    assert refused.status_code == 429
    assert 1000 < int(refused.headers["Retry-After"]) <= 1100


def test_answers_are_as_their_classes_say(client: Client, ink: InkSpecification) -> None:
    drawn = client.post("/api/recognize", json.dumps({"strokes": STROKES}), content_type="application/json")
    given = {"input": drawn.json()["input"]}
    read = client.post("/api/recognize/input", json.dumps(given), content_type="application/json")
    letters = {"letters": [given, {"strokes": STROKES}, {"strokes": [[[5, 5]]]}]}
    many = client.post("/api/recognize/batch", json.dumps(letters), content_type="application/json")
    model = client.get("/api/model")
    kinds: tuple[type[BaseModel], ...] = (RecognitionAnswer, InputAnswer, BatchAnswer, ModelInService)
    for answer, kind in zip((drawn, read, many, model), kinds, strict=True):
        assert kind.model_validate_json(answer.content).model_dump() == answer.json()
    assert many.json()["letters"][0] == {key: read.json()[key] for key in ("letter", "best", "refused", "twin")}


def test_a_form_has_one_picture_and_nothing_else(client: Client) -> None:
    picture = SimpleUploadedFile("x.png", png())
    other = client.post("/api/recognize/image", {"image": picture, "picture": "x"})
    assert (other.status_code, other.json()["error"].split(";")[0]) == (422, "“picture” is not known here")
    twice = [SimpleUploadedFile("x.png", png()), SimpleUploadedFile("y.png", png())]
    two = client.post("/api/recognize/image", {"image": twice})
    assert two.status_code == 413
    assert "more than this address accepts" in two.json()["error"]
