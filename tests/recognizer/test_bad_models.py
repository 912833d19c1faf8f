"""Models that would break a page or a reading, through the real views and commands: refused in words, or shown cut."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageDraw
from pytest_django import Settings

from recognizer import active_model, loading, services
from recognizer.core import model_file
from recognizer.core.alphabet import RUSSIAN
from recognizer.core.model_card import ModelCard
from recognizer.core.network import Network
from recognizer.loading import CatalogueError
from recognizer.models import ModelOrigin, StoredModel
from tests.recognizer.conftest import make_card, make_network

pytestmark = pytest.mark.django_db
LIST = "admin:recognizer_storedmodel_changelist"
PAGE_BYTES = 120_000
DRAWING = {"strokes": [[[0, 0], [40, 90], [80, 0]]]}


@pytest.fixture(autouse=True)
def good(settings: Settings, tmp_path: Path) -> StoredModel:
    """A model in service."""
    settings.PROPIS_VAR = tmp_path
    network = make_network()
    stored = services.add_model(network, make_card(network, "good"), source=ModelOrigin.TRAINED)
    services.activate(stored)
    return stored


def upload(client: Client, data: bytes) -> Any:
    """Send the upload form."""
    fields = {"file": SimpleUploadedFile("model.npz", data), "wanted_name": "", "note": ""}
    return client.post(reverse("admin:recognizer_storedmodel_add"), fields)


def with_card(**changes: Any) -> bytes:
    """A model file whose card was changed by hand."""
    network = make_network(1)
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(model_file.to_bytes(network, make_card(network, "bad")))) as archive,
        zipfile.ZipFile(buffer, "w") as changed,
    ):
        for name in archive.namelist():
            content = archive.read(name)
            if name == "card.json":
                content = json.dumps({**json.loads(content), **changes}).encode()
            changed.writestr(name, content)
    return buffer.getvalue()


def deep(levels: int) -> Any:
    """Lists in lists."""
    value: Any = "end"
    for _ in range(levels):
        value = [value]
    return value


BAD_CARDS: dict[str, tuple[dict[str, Any], str]] = {
    "half a surrogate pair": ({"data_sets": {"paper": {"note": "\ud800"}}}, "U+D800"),
    "NUL": ({"recipe": {"note": "a\0b"}}, "U+0000"),
    "the year 1": ({"created": "0001-01-01T00:00:00+23:59"}, "“created”"),
    "deep": ({"recipe": {"a": deep(400)}}, "nested more than 8 deep"),
    "many keys": ({"recipe": {str(number): number for number in range(8000)}}, "more than 5,000 values"),
    "many data sets": ({"accuracy": {str(number): 0.5 for number in range(8000)}}, "“accuracy”"),
}


@pytest.mark.parametrize("what", BAD_CARDS)
def test_a_card_that_pages_cannot_show_is_refused_in_words(admin_client: Client, what: str) -> None:
    changes, words = BAD_CARDS[what]
    response = upload(admin_client, with_card(**changes))
    assert response.status_code == 200
    (sentence,) = response.context["adminform"].form.errors["file"]
    assert words in sentence
    assert StoredModel.objects.count() == 1


@pytest.mark.parametrize("what", BAD_CARDS)
def test_a_card_that_is_kept_already_breaks_no_page(
    client: Client, admin_client: Client, good: StoredModel, what: str
) -> None:
    """As versions before kept it."""
    StoredModel.objects.filter(pk=good.pk).update(card={**good.card, **BAD_CARDS[what][0]})
    for page in (
        client.get("/models/"),
        client.get(good.get_absolute_url()),
        admin_client.get(reverse(LIST)),
        admin_client.get(reverse("admin:recognizer_storedmodel_change", args=[good.pk])),
    ):
        assert page.status_code == 200
        assert len(page.content) < PAGE_BYTES


def test_the_largest_card_makes_no_large_page(admin_client: Client, client: Client) -> None:
    words = "x" * 9_000
    data = with_card(
        name="x" * 100,
        title=words,
        licence=words,
        seed=-(2**63),
        credits=[words] * 3,
        recipe={f"key {number}": "y" * 20 for number in range(2_000)},
        data_sets={f"{number}{'z' * 190}": {str(key): "v" * 5 for key in range(20)} for number in range(100)},
        accuracy={f"{number}{'z' * 190}": 0.5 for number in range(100)},
        versions={f"{number}{'v' * 150}": "1" for number in range(100)},
    )
    assert upload(admin_client, data).status_code == 302
    stored = StoredModel.objects.get(name__startswith="xxx")
    for page in (client.get("/models/"), client.get(stored.get_absolute_url()), admin_client.get(reverse(LIST))):
        assert page.status_code == 200
        assert len(page.content) < PAGE_BYTES
        assert words not in page.text
    assert "1940 more" in client.get(stored.get_absolute_url()).text


def network_of(size: float, letters: str, activation: str = "relu") -> Network:
    """A network all of whose weights are alike."""
    weights = tuple(np.full(shape, size, np.float32) for shape in [(4, 784), (len(letters), 4)])
    return Network(weights, (np.zeros(4, np.float32), np.zeros(len(letters), np.float32)), activation)


def only_at_a_corner() -> Network:
    """A network that overflows only where the first pixel is not paper: no trial drawing shows it."""
    network = make_network(2)
    weights = network.weights[0].copy()
    weights[:, 0] = 3e38
    return Network((weights, np.full_like(network.weights[1], 1e10)), network.biases, "relu")


UNFIT: dict[str, tuple[Network, str, str]] = {
    "one letter": (network_of(0.1, "А"), "А", "knows one letter only"),
    "weights of 1e30": (network_of(1e30, RUSSIAN), RUSSIAN, "with probabilities"),
    "weights of 3e38": (network_of(3e38, RUSSIAN, "gelu"), RUSSIAN, "with probabilities"),
    "weights of -3e38 after a sigmoid": (network_of(-3e38, RUSSIAN, "sigmoid"), RUSSIAN, "with probabilities"),
    "overflow at one pixel": (only_at_a_corner(), RUSSIAN, "with probabilities"),
}


def unfit_model(what: str) -> StoredModel:
    network, letters, _words = UNFIT[what]
    card = ModelCard.of(network, name="unfit", ink_specification="moments-1", letters=letters)
    return services.add_model(network, card, source=ModelOrigin.UPLOADED)


def assert_good_reads(client: Client) -> None:
    """A letter is read by the model that was in service before, on the page and by the API."""
    answer = client.post("/api/recognize", DRAWING, content_type="application/json")
    assert answer.status_code == 200
    assert json.loads(answer.text, parse_constant=pytest.fail)["model"]["name"] == "good"
    page = client.post("/", {"image": SimpleUploadedFile("letter.png", picture())})
    assert page.status_code == 200
    assert 'data-model="good"' in page.text


def picture() -> bytes:
    """A letter on paper."""
    image = Image.new("L", (64, 64), 255)
    ImageDraw.Draw(image).line((16, 16, 40, 48), fill=0, width=5)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("what", UNFIT)
def test_a_model_that_cannot_read_is_not_put_in_service(admin_client: Client, client: Client, what: str) -> None:
    stored = unfit_model(what)
    response = admin_client.post(
        reverse("admin:recognizer_storedmodel_put_in_service", args=[stored.pk]), {"_form_submitted": "on"}
    )
    assert response.headers["HX-Redirect"] == reverse(LIST)
    assert UNFIT[what][2] in admin_client.get(reverse(LIST)).text
    assert StoredModel.objects.get(is_active=True).name == "good"
    assert_good_reads(client)


@pytest.mark.parametrize("what", UNFIT)
def test_a_model_that_came_into_service_another_way_does_not_read(
    client: Client, good: StoredModel, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Its row was written by an earlier version, by another program, or by hand."""
    active_model.get()
    stored = unfit_model(what)
    StoredModel.objects.filter(pk=good.pk).update(is_active=False)
    StoredModel.objects.filter(pk=stored.pk).update(is_active=True)
    active_model.forget()
    assert_good_reads(client)
    assert UNFIT[what][2] in caplog.text


@pytest.mark.parametrize("what", [what for what in UNFIT if what != "one letter"])
def test_it_is_refused_by_name_too(tmp_path: Path, what: str) -> None:
    (tmp_path / "letter.png").write_bytes(picture())
    unfit_model(what)
    with pytest.raises(CommandError, match="with probabilities"):
        call_command("recognize", str(tmp_path / "letter.png"), model="unfit")
    with pytest.raises(CatalogueError, match="with probabilities"):
        loading.find("unfit")


def test_a_command_names_the_shipped_one_where_none_is_in_service(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    StoredModel.objects.update(is_active=False)
    (tmp_path / "letter.png").write_bytes(picture())
    call_command("recognize", str(tmp_path / "letter.png"))
    assert capsys.readouterr().err == "Read by “best”, which comes with Propis.\n"


def test_the_shipped_models_pass() -> None:
    for stored in services.add_shipped():
        services.activate(stored)
        assert active_model.get().name == stored.name
        assert active_model.get().network.bound() < 1e6
