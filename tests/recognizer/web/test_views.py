"""The pages of the recognizer: without a browser."""

import hashlib
import io
import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from PIL import Image, ImageDraw
from pytest_django import Settings

from accounts.models import User
from recognizer import active_model, loading, services
from recognizer.core.model_card import ModelCard
from recognizer.core.network import Network
from recognizer.loading import CatalogueError
from recognizer.models import ModelOrigin, StoredModel
from tests.rates import allow_in_an_hour
from tests.recognizer.conftest import make_card, make_network

INLINE = re.compile(r"""\sstyle=|\son[a-z]+=|<script(?![^>]*(\ssrc=|type="application/json"))[^>]*>|<style""")


@pytest.fixture(autouse=True)
def model(db: None, network: Network) -> StoredModel:
    """A model in service with a full card, and a second one."""
    card = ModelCard.of(
        network,
        name="standard",
        title="Reads both hands",
        ink_specification="moments-1",
        accuracy={"paper": 0.9571, "screen": 0.92},
        data_sets={"paper": {"images": 12000}},
        recipe={"hidden_layers": [8], "augmentation": True},
        licence="CC BY-NC-SA 4.0",
        credits=("Drawn by many, https://example.org",),
        seed=7,
    )
    stored = services.add_model(network, card, source=ModelOrigin.SHIPPED)
    services.activate(stored)
    other = make_network(seed=1, hidden=4)
    second = ModelCard.of(other, name="second", ink_specification="raw-28", accuracy={"paper": 0.97})
    services.add_model(other, second, source=ModelOrigin.TRAINED)
    return stored


def png(*, ink: bool = True) -> bytes:
    image = Image.new("L", (64, 64), 255)
    if ink:
        ImageDraw.Draw(image).line((16, 16, 40, 48), fill=0, width=5)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def send(client: Client, data: bytes) -> Any:
    return client.post("/", {"image": SimpleUploadedFile("letter.png", data)})


def test_the_sheet_waits_for_a_letter(client: Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert 'data-state="ready"' in page.text
    assert 'data-strokes-url="/api/recognize"' in page.text
    assert page.context["model"]["ink"] == "moments-1"
    sent = client.get(page.context["model"]["file"])
    assert hashlib.sha256(sent.getvalue()).hexdigest() == page.context["model"]["sha256"]
    assert "immutable" in sent["Cache-Control"]
    assert page.text.count('class="guess-letter"') == 5


def test_the_sheet_is_there_without_a_model(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise CatalogueError("no model")

    monkeypatch.setattr(active_model, "get", refuse)
    page = client.get("/")
    assert page.status_code == 200
    assert page.context["model"] == {"ink": ""}


def test_a_posted_picture_is_read_without_javascript(client: Client, model: StoredModel) -> None:
    page = send(client, png())
    assert page.status_code == 200
    assert 'data-state="read"' in page.text
    assert 'data-model="standard"' in page.text
    assert f'href="/models/{model.pk}/"' in page.text
    letter = re.search(r'data-letter="(.)"', page.text)
    assert letter
    assert letter[1] in active_model.get().letters
    assert page.text.count("<rect ") > 30
    assert "map-frame" not in page.text


def test_directions_are_shown_without_javascript(client: Client) -> None:
    """The picture, and behind a click a map for each direction."""
    network = make_network(inputs=392)
    card = make_card(network, "directions", ink="directions-1")
    services.activate(services.add_model(network, card, source=ModelOrigin.TRAINED))
    page = send(client, png())
    assert 'data-model="directions"' in page.text
    assert page.text.count('class="map-frame"') == 8
    pictured, mapped = page.text.split('data-part="map-cells"')
    assert pictured.count("<rect ") > 30
    assert mapped.count('width="1"') > 30
    assert '<details class="reading-maps" data-part="maps">' in page.text


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (b"not an image", 415, "not a picture"),
        (b"", 415, "empty"),
        (png()[:60], 415, "damaged"),
        (png(ink=False), 422, "no ink"),
    ],
    ids=["text", "empty", "truncated", "blank"],
)
def test_a_bad_posted_picture_is_refused(client: Client, data: bytes, status: int, words: str) -> None:
    page = send(client, data)
    assert page.status_code == status
    assert 'data-state="error"' in page.text
    assert words in page.text


def test_a_form_without_a_picture_is_refused(client: Client) -> None:
    page = client.post("/", {})
    assert page.status_code == 400
    assert "Choose a picture first." in page.text


def test_a_large_posted_picture_is_refused(client: Client, settings: Settings) -> None:
    settings.PROPIS_LIMITS = settings.PROPIS_LIMITS | {"picture_bytes": 2**20}
    page = send(client, b"\0" * (2**20 + 1))
    assert page.status_code == 413
    assert "larger than 1 MB" in page.text


def test_posted_pictures_count_as_readings(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from recognizer.web import limits

    allow_in_an_hour(monkeypatch, 1, limits.READING_RATE)
    assert [send(client, png()).status_code for _ in range(2)] == [200, 429]


def test_a_posted_picture_needs_its_token() -> None:
    assert send(Client(enforce_csrf_checks=True), png()).status_code == 403


def test_no_model_is_said_in_a_sentence(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise loading.CatalogueError("No model is here.")

    monkeypatch.setattr(active_model, "get", none)
    page = send(client, png())
    assert page.status_code == 503
    assert "No model is here." in page.text


def test_models_are_listed_the_active_first(client: Client) -> None:
    page = client.get("/models/")
    assert re.findall(r'data-model="([^"]+)"', page.text) == ["standard", "second"]
    assert page.text.count("in service</span>") == 1
    assert re.findall(r'best">([^<]+)<', page.text) == ["92.00%", "97.00%"]


def test_an_empty_catalogue_says_what_to_do(client: Client) -> None:
    StoredModel.objects.all().delete()
    assert "upload a model file" in client.get("/models/").text


def test_a_page_of_the_list_that_is_not_there_is_the_last_one(client: Client) -> None:
    assert client.get("/models/?page=99").status_code == 200
    assert client.get("/models/?page=x").status_code == 200


def test_who_put_a_model_in_service_is_not_on_its_page(client: Client, model: StoredModel, admin_user: User) -> None:
    admin_user.username = "Anna Petrovna"
    admin_user.save()
    services.activate(model, by=admin_user)
    page = client.get(model.get_absolute_url()).content.decode()
    assert 'class="history"' in page
    assert "Anna" not in page


def test_a_model_shows_its_card(client: Client, model: StoredModel) -> None:
    page = client.get(f"/models/{model.pk}/")
    for words in ("95.71%", "moments-1", model.file_sha256, "CC BY-NC-SA 4.0", "Reads both hands", "<dd>12000</dd>"):
        assert words in page.text
    assert page.text.count("<li>") >= 1


def test_a_hostile_card_is_only_text(client: Client, network: Network) -> None:
    card = ModelCard.of(
        network,
        name="<b>x</b>",
        ink_specification="moments-1",
        recipe={"<script>": ["<img src=x>"]},
        credits=("<i>",),
        seed=1,
    )
    stored = services.add_model(network, card, source=ModelOrigin.UPLOADED)
    page = client.get(stored.get_absolute_url()).text
    assert "<b>x" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


def test_the_file_is_the_one_in_the_catalogue(client: Client, model: StoredModel) -> None:
    answer = client.get(f"/models/{model.pk}/file/")
    assert hashlib.sha256(answer.getvalue()).hexdigest() == model.file_sha256
    assert answer.headers["Content-Disposition"] == 'attachment; filename="standard.npz"'


def test_what_is_not_there_is_not_found(client: Client, model: StoredModel) -> None:
    loading.file_of(model).unlink()
    for address in ("/models/999/", "/models/999/file/", f"/models/{model.pk}/file/", "/nowhere/"):
        page = client.get(address)
        assert page.status_code == 404
        assert "Page not found" in page.text


@pytest.mark.parametrize("address", ["/", "/models/", "/models/{pk}/", "/nowhere/"])
def test_pages_keep_to_the_strict_policy(client: Client, model: StoredModel, address: str) -> None:
    page = client.get(address.format(pk=model.pk))
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert not INLINE.search(page.text)


@pytest.mark.parametrize(
    ("cookie", "attribute"), [("dark", 'data-theme="dark"'), ("light", 'data-theme="light"'), ('"><b>', ""), ("", "")]
)
def test_the_theme_is_remembered(client: Client, cookie: str, attribute: str) -> None:
    client.cookies["theme"] = cookie
    tag = re.search(r"<html[^>]*>", client.get("/").text)
    assert tag
    assert tag[0] == f'<html lang="en"{" " if attribute else ""}{attribute}>'


def test_the_language_can_be_switched(client: Client) -> None:
    answer = client.post("/i18n/setlang/", {"language": "ru", "next": "/models/"})
    assert answer.headers["Location"] == "/models/"
    assert '<html lang="ru"' in client.get("/").text


def test_our_mistake_needs_neither_request_nor_database() -> None:
    page = render_to_string("500.html")
    assert "Our mistake" in page
    assert not INLINE.search(page)


@pytest.mark.parametrize("code", [400, 403, 413, 429])
def test_error_pages_can_be_drawn(code: int) -> None:
    page = render_to_string(f"{code}.html")
    assert str(code) in page
    assert not INLINE.search(page)


@pytest.mark.parametrize("name", ["0" * 64, "..", "secret_key", "é"])
def test_no_other_file_is_sent_as_a_models(client: Client, name: str) -> None:
    assert client.get(f"/models/{name}.npz").status_code == 404


def test_the_kept_pages_are_those_of_the_release_in_service(client: Client) -> None:
    script = client.get("/service-worker.js")
    assert script["Content-Type"] == "text/javascript"
    release = json.loads(script.text.splitlines()[0].removeprefix("const RELEASE = ").removesuffix(";"))
    assert set(release["pages"]) == {"en", "ru"}
    for language, pages in release["pages"].items():
        for address in pages.values():
            page = client.get(address)
            assert page.status_code == 200
            assert f'<html lang="{language}">' in page.text
            assert set(re.findall(r'"(/static/[^"]+)"', page.text)) <= set(release["files"])
            assert client.get(address.replace(release["name"], "another")).status_code == 404
    modules = [name for name in release["files"] if name.endswith(".js")]
    assert "/static/js/network/zip.js" in modules  # which the worker imports, by way of others
    assert "/static/css/tokens.css" in release["files"]  # which the page's style sheet imports
    assert release["files"][-1].endswith(".npz")
