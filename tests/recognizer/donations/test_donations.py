"""Drawings that people donate: kept only with consent, nothing kept that tells who, deleted by their code at once."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from recognizer import services
from recognizer.core.ink import specification
from recognizer.core.model_card import ModelCard
from recognizer.core.network import Network
from recognizer.donations import services as donations
from recognizer.donations.export import json_lines, svg_zip
from recognizer.models import Drawing, ModelOrigin, Review, StoredModel
from recognizer.pictures import decode
from recognizer.stroke_pictures import SIDE, to_png, to_svg
from recognizer.web import limits
from tests.rates import allow_in_an_hour

CROSS: list[list[list[float]]] = [[[10, 10, 0], [60.123, 90, 40]], [[60.5, 10, 170], [10, 90, 200]]]
CHANGES = "/admin/recognizer/drawing/"


@pytest.fixture(autouse=True)
def model(db: None, network: Network, card: ModelCard) -> StoredModel:
    """A model in service."""
    stored = services.add_model(network, card, source=ModelOrigin.TRAINED)
    services.activate(stored)
    return stored


def donate(client: Client, **changes: Any) -> Any:
    body = {"strokes": CROSS, "letter": "Х", "consent": True, **changes}
    return client.post("/api/drawings", json.dumps(body), content_type="application/json")


def kept(letter: str = "Х", **fields: Any) -> Drawing:
    drawing, _code = donations.keep(CROSS, letter)
    Drawing.objects.filter(pk=drawing.pk).update(**fields)
    drawing.refresh_from_db()
    return drawing


# --- Donating ---


def test_a_drawing_is_kept_with_its_claimed_and_predicted_letter(client: Client, model: StoredModel) -> None:
    before = timezone.now()

    response = donate(client)

    assert response.status_code == 201
    drawing = Drawing.objects.get(pk=response.json()["id"])
    assert drawing.strokes == [[[10, 10, 0], [60.12, 90, 40]], [[60.5, 10, 170], [10, 90, 200]]]
    assert (drawing.claimed, drawing.letter, drawing.state, drawing.versions) == ("Х", "Х", Review.PENDING, [])
    assert (drawing.predicted, drawing.best[0][0], len(drawing.best)) == (drawing.best[0][0], drawing.predicted, 5)
    assert (drawing.model_name, drawing.model_sha256) == (model.name, model.weights_sha256)
    assert drawing.ink_specification == "moments-1"
    assert before <= drawing.consented_at <= timezone.now()


def test_nothing_is_kept_that_tells_who(client: Client) -> None:
    response = donate(client)

    row = json.dumps(Drawing.objects.values().get(), default=str)
    assert response.json()["code"] not in row
    assert "127.0.0.1" not in row
    assert not response.cookies


def test_one_code_for_all_drawings_of_a_browser(client: Client) -> None:
    code = donate(client).json()["code"]

    again = donate(client, code=code.lower().replace("-", " ")).json()["code"]

    assert again == code
    assert donate(client).json()["code"] != code
    assert Drawing.objects.values("code_sha256").distinct().count() == 2


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"consent": False}, 422, "consent"),
        ({"consent": None}, 422, "consent"),
        ({"consent": 1}, 422, "“consent” must be true"),
        ({"consent": "true"}, 422, "“consent” must be true"),
        ({"letter": "Q"}, 422, "Choose the letter"),
        ({"letter": ""}, 422, "letter"),
        ({"letter": "ЖЖ"}, 422, "letter"),
        ({"code": "abc"}, 422, "not a deletion code"),
        ({"code": "K7QM-2XPA-9RTC-HW40"}, 422, "not a deletion code"),
        ({"code": "K7QM-2XPA-9RTC-HW4E"}, 422, "was not given out here"),
        ({"strokes": []}, 422, "strokes"),
        ({"strokes": [[[0]]]}, 422, "strokes"),
        ({"strokes": [[[0, 1e9]]]}, 422, "between ±1,000,000"),
        ({"strokes": [[[0.12345, 1.5, number] for number in range(4900)]] * 2}, 413, "larger than 100 kB"),
    ],
)
def test_what_is_not_taken(client: Client, changes: dict[str, Any], status: int, words: str) -> None:
    response = donate(client, **changes)

    assert response.status_code == status
    assert words in response.json()["error"]
    assert not Drawing.objects.exists()


@pytest.mark.parametrize("body", ["", "no json", "[]", '{"strokes": "x"}', b"\xff"])
def test_a_body_that_is_no_drawing(client: Client, body: str | bytes) -> None:
    kind_even_of_nothing: dict[str, Any] = {"CONTENT_TYPE": "application/json"}
    response = client.generic("POST", "/api/drawings", body, **kind_even_of_nothing)

    assert response.status_code in (400, 422)
    assert response.json()["error"]


@pytest.mark.parametrize("address", ["/api/drawings", "/api/drawings/delete", "/api/recognize"])
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_that_a_form_of_another_site_could_send(client: Client, address: str, kind: str) -> None:
    body = json.dumps({"strokes": CROSS, "letter": "Х", "consent": True, "code": "K7QM-2XPA-9RTC-HW4E"})

    response = client.generic("POST", address, body, content_type=kind)

    assert response.status_code == 415
    assert response.json()["error"] == "Send the body as application/json."
    assert not Drawing.objects.exists()


def test_a_body_may_name_its_encoding(client: Client) -> None:
    body = json.dumps({"strokes": CROSS, "letter": "Х", "consent": True})

    assert client.post("/api/drawings", body, content_type="application/json; charset=utf-8").status_code == 201


def test_a_code_is_ours_after_its_drawings_are_deleted_and_under_another_secret(
    client: Client, settings: Settings
) -> None:
    code = donate(client).json()["code"]
    donations.delete(code)
    assert donate(client, code=code).json()["code"] == code
    settings.SECRET_KEY = "another"
    assert donate(client, code=code).json()["code"] == code


def test_without_consent_named_nothing_is_kept(client: Client) -> None:
    body = json.dumps({"strokes": CROSS, "letter": "Х"})

    assert client.post("/api/drawings", body, content_type="application/json").status_code == 422
    assert not Drawing.objects.exists()


def test_not_too_often_from_one_address(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    allow_in_an_hour(monkeypatch, 2, limits.DONATION_RATE)

    assert [donate(client).status_code for _time in range(3)] == [201, 201, 429]
    assert Drawing.objects.count() == 2


def test_no_more_than_can_be_reviewed(client: Client, settings: Settings) -> None:
    settings.PROPIS_LIMITS = {**settings.PROPIS_LIMITS, "drawings_waiting": 1}
    kept()

    assert donate(client).status_code == 503
    Drawing.objects.update(state=Review.REJECTED)
    assert donate(client).status_code == 201


# --- Deleting ---


def test_the_code_deletes_all_its_drawings_and_no_others(client: Client) -> None:
    code = donate(client).json()["code"]
    donate(client, code=code)
    other = kept(versions=["theirs"])
    mine = Drawing.objects.exclude(pk=other.pk)
    mine.filter(pk=mine[0].pk).update(state=Review.ACCEPTED, versions=["letters 2"])

    response = client.post("/api/drawings/delete", json.dumps({"code": code}), content_type="application/json")

    assert (response.status_code, response.json()) == (200, {"deleted": 2, "versions": ["letters 2"]})
    assert list(Drawing.objects.all()) == [other]


def test_the_page_deletes_with_neither_script_nor_cookie(client: Client) -> None:
    code = donate(client).json()["code"]
    address = reverse("recognizer:delete_drawings")
    strict = Client(enforce_csrf_checks=True)

    assert strict.get(address).status_code == 200
    strict.cookies.clear()
    response = strict.post(address, {"code": f" {code.lower()} "})

    assert "1 drawing is deleted." in response.content.decode()
    assert not Drawing.objects.exists()
    assert "No drawings are kept under this code" in strict.post(address, {"code": code}).content.decode()


def test_the_page_is_honest_about_versions(client: Client) -> None:
    code = donate(client).json()["code"]
    Drawing.objects.update(versions=["letters 2"])

    page = client.post(reverse("recognizer:delete_drawings"), {"code": code}).content.decode()

    assert "are in the data sets letters 2. These were made before" in page


def test_the_page_refuses_what_is_no_code_and_too_many_tries(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = reverse("recognizer:delete_drawings")
    assert client.post(address, {"code": "<script>"}).status_code == 422
    assert "&lt;script&gt;" in client.post(address, {"code": "<script>"}).content.decode()
    assert client.post(address).status_code == 422
    allow_in_an_hour(monkeypatch, 0, limits.DELETION_RATE)
    response = client.post(address, {"code": donations.new_code()})
    assert response.status_code == 429
    assert "Wait a little" in response.content.decode()


def test_codes_are_long_and_never_the_same() -> None:
    codes = {donations.new_code() for _time in range(200)}

    assert len(codes) == 200
    assert all(donations.checked_code(code.lower()) == code and len(code) == 19 for code in codes)


def test_it_is_published_only_under_a_licence_that_was_agreed_to(client: Client) -> None:
    donate(client)
    donate(client, licence="CC0-1.0")

    assert list(Drawing.objects.order_by("pk").values_list("licence", flat=True)) == ["", "CC0-1.0"]
    refused = donate(client, licence="mine")
    assert (refused.status_code, "“licence”" in refused.json()["error"]) == (422, True)


# --- Reviewing ---


def act(client: Client, action: str, *drawings: Drawing) -> Any:
    return client.post(CHANGES, {"action": action, "_selected_action": [each.pk for each in drawings]}, follow=True)


@pytest.mark.parametrize(
    ("action", "state"),
    [("accept", "accepted"), ("reject", "rejected"), ("wait_again", "pending"), ("accept_as_predicted", "accepted")],
)
def test_marked_ones_are_decided_together(admin_client: Client, action: str, state: str) -> None:
    first, second, third = kept(state="rejected"), kept(predicted="Ж"), kept("А")

    page = act(admin_client, action, first, second)

    assert "2 drawings decided." in page.content.decode()
    for drawing in (first, second, third):
        drawing.refresh_from_db()
    assert (first.state, second.state, third.state) == (state, state, "pending")
    assert second.letter == ("Ж" if action == "accept_as_predicted" else "Х")
    assert (second.claimed, third.letter) == ("Х", "А")


def test_a_letter_is_mended_in_the_list(admin_client: Client) -> None:
    drawing = kept()
    form = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": drawing.pk, "form-0-letter": "К"}

    assert admin_client.post(CHANGES, {**form, "_save": "Save"}).status_code == 302

    drawing.refresh_from_db()
    assert (drawing.letter, drawing.claimed) == ("К", "Х")


def test_list_and_page_show_the_strokes(admin_client: Client) -> None:
    drawing = kept(predicted="Ж")
    agreed = kept(predicted="Х")

    listed = admin_client.get(CHANGES).content.decode()
    assert listed.count("<polyline") == 4
    assert "<polyline" in admin_client.get(f"{CHANGES}{drawing.pk}/change/").content.decode()
    doubtful = admin_client.get(f"{CHANGES}?agree=no")
    assert list(doubtful.context["cl"].queryset) == [drawing]
    assert list(admin_client.get(f"{CHANGES}?agree=yes").context["cl"].queryset) == [agreed]
    assert admin_client.get(f"{CHANGES}add/").status_code == 403


def test_nobody_else_reviews(client: Client) -> None:
    assert client.get(CHANGES).status_code == 302


# --- Handing on ---


def test_json_lines_have_every_point_and_not_the_code(admin_client: Client) -> None:
    drawing, code = donations.keep([[[1, 2], [3, 4]], [[5, 6, 7]]], "Ж")

    response = act(admin_client, "export_json_lines", drawing)

    (line,) = b"".join(response.streaming_content).decode().splitlines()
    record = json.loads(line)
    assert record["name"] == "Ж"
    assert record["points"] == [
        {"stroke": 0, "x": 1, "y": 2},
        {"stroke": 0, "x": 3, "y": 4},
        {"stroke": 1, "x": 5, "y": 6, "t": 7},
    ]
    assert {"claimed", "predicted", "best", "model", "donated", "state", "ink_specification"} <= set(record)
    assert drawing.code_sha256 not in line
    assert code not in line
    assert list(json_lines([drawing])) == [line + "\n"]


def test_svg_of_each_in_a_folder_of_its_letter(admin_client: Client) -> None:
    first, second = kept("Ж"), kept("Я")

    response = act(admin_client, "export_svg", first, second)

    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.namelist() == [f"Я/{second.pk:06d}.svg", f"Ж/{first.pk:06d}.svg"]
        assert archive.read(f"Ж/{first.pk:06d}.svg").decode() == to_svg(first.strokes, title="Ж")
    assert response.content == svg_zip([second, first])


@pytest.mark.parametrize("strokes", [CROSS, [[[5, 5]]], [[[0, 0], [1000, 0]]], [[[0, 0], [0.001, 0.002]], []]])
def test_pictures_of_strokes_lie_whole_in_the_middle(strokes: Any) -> None:
    pixels = decode(to_png(strokes))
    rows, columns = (pixels < 128).nonzero()

    assert pixels.shape == (SIDE, SIDE)
    assert 0 < rows.min() <= rows.max() < SIDE - 1
    assert abs((rows.min() + rows.max()) / 2 - SIDE / 2) <= 2
    assert abs((columns.min() + columns.max()) / 2 - SIDE / 2) <= 2
    assert to_svg(strokes).count("<polyline") == sum(bool(stroke) for stroke in strokes)


def test_picture_and_strokes_make_nearly_the_same_input() -> None:
    ink = specification("moments-1")

    from_picture = ink.from_picture(decode(to_png(CROSS))).astype(int)

    assert abs(from_picture - ink.from_strokes(CROSS)).mean() < 12
