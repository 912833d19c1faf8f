"""Refused requests get our own page, with the right status and no inline style."""

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings


def test_a_form_without_its_token_is_refused_with_our_page() -> None:
    page = Client(enforce_csrf_checks=True).post("/i18n/setlang/", {"language": "ru"})
    assert page.status_code == 403
    assert "Not allowed" in page.text
    assert "style=" not in page.text


def test_a_form_that_is_too_large_is_refused(client: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    page = client.post("/i18n/setlang/", "x" * 2000, content_type="application/x-www-form-urlencoded")
    assert page.status_code == 413
    assert "larger than this site takes" in page.text


def test_a_form_with_too_many_fields_is_refused(client: Client) -> None:
    assert client.post("/i18n/setlang/", {f"x{n}": "" for n in range(1001)}).status_code == 413


def test_an_unknown_host_is_a_bad_request(client: Client) -> None:
    page = client.get("/", headers={"host": "elsewhere.example"})
    assert page.status_code == 400
    assert "Bad request" in page.text


@pytest.mark.django_db
def test_guessing_passwords_is_slowed_down(client: Client, settings: Settings) -> None:
    cache.clear()
    settings.AXES_FAILURE_LIMIT = 2
    get_user_model().objects.create_superuser("head", "head@example.org", "a long password")
    codes = [client.post("/admin/login/", {"username": "head", "password": f"guess {n}"}).status_code for n in range(3)]
    assert codes[-1] == 429
    page = client.post("/admin/login/", {"username": "head", "password": "a long password"})
    assert page.status_code == 429
    assert "Wait a little" in page.text
    cache.clear()
