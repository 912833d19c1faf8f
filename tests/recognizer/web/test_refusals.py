"""What looks like no letter is refused by the API, the page and the command line, with the two nearest letters."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from recognizer import services
from recognizer.core.doubt import Doubt
from recognizer.models import ModelOrigin, StoredModel
from recognizer.recognition import recognize_strokes
from recognizer.stroke_pictures import to_png
from tests.recognizer.conftest import make_card, make_network

STROKES = [[[0, 0], [50, 80], [100, 0]], [[20, 50], [80, 50]]]


def serve(threshold: float | None) -> StoredModel:
    """Put a model in service that refuses what scores below this."""
    network = make_network()
    card = make_card(network, f"refuses below {threshold}").with_doubt(Doubt(0.5, threshold))
    stored = services.add_model(network, card, source=ModelOrigin.TRAINED)
    services.activate(stored)
    return stored


def post(client: Client, address: str, body: Any) -> Any:
    """The answer to JSON."""
    response = client.post(address, json.dumps(body), content_type="application/json")
    assert response.status_code == 200, response.content
    return response.json()


@pytest.mark.django_db
@pytest.mark.parametrize(("threshold", "refused"), [(1000.0, True), (-1000.0, False), (None, False)])
def test_every_answer_of_the_api_says_whether_it_is_refused(
    client: Client, threshold: float | None, *, refused: bool
) -> None:
    serve(threshold)
    drawn = post(client, "/api/recognize", {"strokes": STROKES})
    batch = post(client, "/api/recognize/batch", {"letters": [{"strokes": STROKES}, {"input": drawn["input"]}]})
    assert [answer["refused"] for answer in (drawn, *batch["letters"])] == [refused] * 3
    assert drawn["letter"] == drawn["best"][0]["letter"]


@pytest.mark.django_db
def test_probabilities_are_those_at_the_cards_temperature(client: Client) -> None:
    serve(None)
    reading = recognize_strokes(STROKES)
    network = reading.model.network
    calibrated = reading.model.doubt.probabilities(network.read_layers(reading.input[None])[1])
    assert reading.best[0][1] == pytest.approx(float(calibrated.max()), rel=1e-6)
    assert reading.best[0][1] > float(network.read(reading.input[None]).max())  # at temperature ½


@pytest.mark.django_db
def test_a_digit_that_is_written_like_the_letter_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(None)
    letter = recognize_strokes(STROKES).letter
    monkeypatch.setattr("recognizer.reading.TWINS", {letter: "3"})
    assert post(client, "/api/recognize", {"strokes": STROKES})["twin"] == "3"
    serve(1000.0)
    assert post(client, "/api/recognize", {"strokes": STROKES})["twin"] is None


@pytest.mark.django_db
def test_the_page_without_javascript_and_the_command_say_it(client: Client, tmp_path: Path) -> None:
    serve(1000.0)
    reading = recognize_strokes(STROKES)
    first, second = reading.nearest
    png = tmp_path / "letter.png"
    png.write_bytes(to_png(STROKES))
    with png.open("rb") as file:
        page = client.post("/", {"image": file}).content.decode()
    assert "This does not look like a letter. Nearest: " in page
    assert 'data-certainty="refused"' in page
    out = io.StringIO()
    call_command("recognize", str(png), stdout=out)
    assert "this does not look like a letter (nearest: " in out.getvalue()
    out = io.StringIO()
    call_command("recognize", str(png), json=True, stdout=out)
    assert json.loads(out.getvalue())["images"][0]["refused"] is True
    assert first != second


@pytest.mark.django_db
def test_a_models_row_keeps_the_kinds_and_not_their_weights(client: Client) -> None:
    kind = {"bias": 0.0, "scale": 1.0, "weights": base64.b64encode(bytes(16)).decode()}
    doubt = Doubt.of({"temperature": 2.0, "threshold": 0.0, "non_letters": {"line": kind, "dot": kind}})
    network = make_network()
    stored = services.add_model(network, make_card(network).with_doubt(doubt), source=ModelOrigin.TRAINED)
    assert stored.card["recipe"]["doubt"] == {"temperature": 2.0, "threshold": 0.0, "non_letters": ["dot", "line"]}
    page = client.get(stored.get_absolute_url()).content.decode()
    assert "kinds of non-letters" in page
    assert "AAAA" not in page
