"""The page of what takes room: what can go is asked for once more, and goes with those who may delete it."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from recognizer.filestore import objects
from recognizer.filestore.choice import chosen_store
from recognizer.models import StoredModel
from tests.keeping.conftest import write
from tests.product import free_port
from training.datasets.models import Dataset

PAGE = "/admin/keeping/backup/disk-use/"


@pytest.fixture
def head(installed: Path, client: Client) -> Client:
    """An administrator, and something to delete."""
    dataset = Dataset.objects.order_by("pk")[0]
    write(installed, f"datasets/{dataset.pk}/exports/csv.zip", bytes(300_000))
    write(installed, "set-aside/20261129-010203/models/a.npz", bytes(500_000))
    client.force_login(User.objects.create_superuser("head"))
    return client


def test_each_thing_leads_to_what_deletes_it(head: Client, installed: Path) -> None:
    dataset = Dataset.objects.order_by("pk")[0]
    model = StoredModel.objects.all()[0]
    write(installed, f"models/{model.file_sha256}.npz", bytes(700_000))
    page = head.get(PAGE).text
    assert f"/admin/datasets/dataset/{dataset.pk}/delete/" in page
    assert f"/admin/recognizer/storedmodel/{model.pk}/delete/" in page
    assert f"{PAGE}exports/" in page
    assert f"{PAGE}orphans/" not in page


def test_what_can_go_is_asked_for_and_then_goes(head: Client, installed: Path) -> None:
    dataset = Dataset.objects.order_by("pk")[0]
    exports = installed / "datasets" / str(dataset.pk) / "exports"
    assert "Delete it for good?" in head.get(f"{PAGE}exports/").text
    assert (exports / "csv.zip").exists()
    answer = head.post(f"{PAGE}exports/", follow=True)
    assert "are free again" in answer.text
    assert not (exports / "csv.zip").exists()
    assert (installed / "datasets" / str(dataset.pk) / "pictures.bin").exists()
    assert (installed / "set-aside").exists()
    head.post(f"{PAGE}set-aside/")
    assert list((installed / "set-aside").iterdir()) == []


def test_a_store_that_does_not_answer_is_named_and_the_rest_shown(
    head: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    settings.STORAGES = settings.STORAGES | {"files": chosen_store("s3://bucket/prefix")}
    objects.store.cache_clear()
    try:
        page = head.get(PAGE)
        assert (page.status_code, "The store of files does not answer" in page.text) == (200, True)
        assert f"{PAGE}exports/" in page.text
    finally:
        objects.store.cache_clear()


def test_nothing_else_can_be_cleared(head: Client, installed: Path) -> None:
    for name in ("orphans", "database", "models", "secret_key"):
        assert head.post(f"{PAGE}{name}/").status_code == 404
    assert (installed / "secret_key").exists()


def test_who_may_only_look_sees_no_way_to_delete(head: Client, client: Client) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_backup"))
    client.force_login(clerk)
    assert "/delete/" not in client.get(PAGE).text
    assert client.post(f"{PAGE}exports/").status_code == 403
