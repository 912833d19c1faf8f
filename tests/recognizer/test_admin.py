"""Models in the admin: upload, put in service, roll back, delete."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from recognizer import active_model, loading, services
from recognizer.core import model_file
from recognizer.core.model_card import ModelCard
from recognizer.core.network import Network
from recognizer.models import ModelOrigin, StoredModel
from tests.recognizer.conftest import make_card, make_network

pytestmark = pytest.mark.django_db
ADD, LIST = "admin:recognizer_storedmodel_add", "admin:recognizer_storedmodel_changelist"


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    """Folder of all state."""
    settings.PROPIS_VAR = tmp_path
    return tmp_path


@pytest.fixture
def models() -> list[StoredModel]:
    """Two models; the second is in service, the first was before."""
    stored = []
    for seed, name in enumerate(("first", "second")):
        network = make_network(seed)
        stored.append(services.add_model(network, make_card(network, name), source=ModelOrigin.TRAINED))
        services.activate(stored[-1])
    return stored


def upload(client: Client, data: bytes, **fields: str) -> Any:
    """Send the upload form."""
    file = SimpleUploadedFile("model.npz", data)
    return client.post(reverse(ADD), {"file": file, "wanted_name": "", "note": "", **fields})


def button(name: str, *arguments: object) -> str:
    """Address of a button of the admin."""
    return reverse(f"admin:recognizer_storedmodel_{name}", args=arguments)


def press(client: Client, address: str) -> Any:
    """Press a button and confirm."""
    assert client.get(address).status_code == 200
    return client.post(address, {"_form_submitted": "on"})


def test_an_uploaded_file_is_in_the_catalogue(admin_client: Client, network: Network, card: ModelCard) -> None:
    response = upload(admin_client, model_file.to_bytes(network, card), wanted_name="from home", note="a gift")
    assert response.status_code == 302
    stored = StoredModel.objects.get()
    assert (stored.name, stored.note, stored.source, stored.is_active) == ("from home", "a gift", "uploaded", False)
    assert loading.load_stored(stored).network.weights_sha256() == network.weights_sha256()


def pickled(network: Network, card: ModelCard) -> bytes:
    """A file that would run code if it were unpickled."""
    buffer = io.BytesIO()
    np.savez(buffer, weights=np.array([print], dtype=object))
    return buffer.getvalue()


def not_a_number(network: Network, card: ModelCard) -> bytes:
    """A file with one weight overwritten."""
    data = model_file.to_bytes(network, card)
    first = network.weights[0].tobytes()
    return data.replace(first, np.array([np.nan], "<f4").tobytes() + first[4:])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda network, card: b"", "empty"),
        (lambda network, card: b"not a model", ""),
        (lambda network, card: model_file.to_bytes(network, card)[:-400], ""),
        (pickled, ""),
        (not_a_number, ""),
    ],
    ids=["empty", "text", "truncated", "pickled", "not a number"],
)
def test_a_bad_file_is_one_sentence_at_its_field(
    admin_client: Client, network: Network, card: ModelCard, make: Callable[[Network, ModelCard], bytes], words: str
) -> None:
    response = upload(admin_client, make(network, card))
    assert response.status_code == 200
    errors = response.context["adminform"].form.errors
    assert list(errors) == ["file"]
    (sentence,) = errors["file"]
    assert words in sentence
    assert sentence.endswith(".")
    assert StoredModel.objects.count() == 0
    assert list(loading.folder().iterdir()) == []


def test_a_file_that_is_too_large_is_not_read(
    admin_client: Client, settings: Settings, network: Network, card: ModelCard
) -> None:
    settings.PROPIS_LIMITS = settings.PROPIS_LIMITS | {"model_bytes": 2**14}
    response = upload(admin_client, model_file.to_bytes(network, card))
    assert response.context["adminform"].form.errors == {"file": ["The file is larger than 0 MB."]}


def test_a_file_that_is_there_already_is_named(admin_client: Client, models: list[StoredModel]) -> None:
    response = upload(admin_client, loading.file_of(models[0]).read_bytes())
    assert response.context["adminform"].form.errors == {
        "file": ["This model is in the catalogue already, as “first”."]
    }


def test_a_model_is_put_in_service_after_a_question(
    admin_client: Client, admin_user: User, models: list[StoredModel]
) -> None:
    response = press(admin_client, button("put_in_service", models[0].pk))
    assert response.headers["HX-Redirect"] == reverse(LIST)
    assert active_model.get().name == "first"
    assert models[0].activations.latest("pk").by == admin_user
    assert "“first” is in service." in admin_client.get(reverse(LIST)).content.decode()


def test_looking_at_the_question_changes_nothing(admin_client: Client, models: list[StoredModel]) -> None:
    html = admin_client.get(button("put_in_service", models[0].pk)).content.decode()
    assert "Put this model in service?" in html
    assert active_model.get().name == "second"


def test_a_damaged_model_is_not_put_in_service(admin_client: Client, models: list[StoredModel]) -> None:
    loading.file_of(models[0]).write_bytes(b"damaged")
    press(admin_client, button("put_in_service", models[0].pk))
    assert active_model.get().name == "second"
    html = admin_client.get(reverse(LIST)).content.decode()
    assert "The file of model “first” cannot be used" in html


def test_rolling_back_goes_to_the_one_before(admin_client: Client, models: list[StoredModel]) -> None:
    press(admin_client, button("roll_back"))
    assert active_model.get().name == "first"


def test_there_may_be_nothing_to_roll_back_to(admin_client: Client) -> None:
    press(admin_client, button("roll_back"))
    assert "No other model was in service before." in admin_client.get(reverse(LIST)).content.decode()


@pytest.mark.parametrize("name", ["put_in_service", "roll_back"])
def test_nobody_else_may_press(client: Client, models: list[StoredModel], name: str) -> None:
    client.force_login(User.objects.create_user("anna", is_staff=True))
    address = button(name, *([models[0].pk] if name == "put_in_service" else []))
    assert client.post(address, {"_form_submitted": "on"}).status_code == 403
    assert active_model.get().name == "second"


def test_the_file_is_downloaded(admin_client: Client, models: list[StoredModel]) -> None:
    response: Any = admin_client.get(button("download", models[0].pk), follow=True)
    content = b"".join(response.streaming_content)
    assert content == loading.file_of(models[0]).read_bytes()


def test_evaluating_leads_to_its_form(admin_client: Client, models: list[StoredModel]) -> None:
    response = admin_client.get(button("evaluate", models[0].pk), follow=True)
    assert response.status_code == 200
    assert response.context["adminform"].form["model"].value() == str(models[0].pk)


def test_name_and_note_are_changed(admin_client: Client, models: list[StoredModel]) -> None:
    address = reverse("admin:recognizer_storedmodel_change", args=[models[0].pk])
    assert admin_client.post(address, {"name": "renamed", "note": "good"}).status_code == 302
    stored = StoredModel.objects.get(pk=models[0].pk)
    assert (stored.name, stored.note) == ("renamed", "good")


def test_a_model_is_deleted_with_its_file(
    admin_client: Client, models: list[StoredModel], django_capture_on_commit_callbacks: Any
) -> None:
    path = loading.file_of(models[0])
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(reverse("admin:recognizer_storedmodel_delete", args=[models[0].pk]), {"post": "yes"})
    assert not path.exists()
    assert list(StoredModel.objects.all()) == [models[1]]


def test_history_is_neither_added_nor_changed_nor_deleted_by_hand(
    admin_client: Client, models: list[StoredModel]
) -> None:
    key = models[0].activations.get().pk
    assert admin_client.get(reverse("admin:recognizer_activation_changelist")).status_code == 200
    assert admin_client.get(reverse("admin:recognizer_activation_add")).status_code == 403
    assert admin_client.post(reverse("admin:recognizer_activation_change", args=[key]), {}).status_code == 403
    delete = reverse("admin:recognizer_activation_delete", args=[key])
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403


def test_the_one_in_service_is_not_deleted(admin_client: Client, models: list[StoredModel]) -> None:
    address = reverse("admin:recognizer_storedmodel_delete", args=[models[1].pk])
    sentence = "“second” is in service: put another model in service first."
    assert sentence in admin_client.post(address, {"post": "yes"}, follow=True).content.decode()
    data = {"action": "delete_selected", "_selected_action": [model.pk for model in models], "post": "yes"}
    assert sentence in admin_client.post(reverse(LIST), data, follow=True).content.decode()
    assert list(StoredModel.objects.all()) == [models[1]]
