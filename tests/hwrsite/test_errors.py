"""Refused requests get our own page, with the right status and no inline style."""

import logging
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError, transaction
from django.test import Client
from pytest_django import Settings

from hwrsite.observing.logs import RefusalFilter
from hwrsite.web_server.refusals import REFUSAL
from training.datasets.models import InputsFile


def test_a_form_without_its_token_is_refused_with_our_page() -> None:
    page = Client(enforce_csrf_checks=True).post("/i18n/setlang/", {"language": "ru"})
    assert page.status_code == 403
    assert "Not allowed" in page.text
    assert "style=" not in page.text


def test_a_form_that_is_too_large_is_refused(client: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    page = client.post("/i18n/setlang/", "x" * 2000, content_type="application/x-www-form-urlencoded")
    assert page.status_code == 413
    assert "more than this address accepts" in page.text


def test_a_form_with_too_many_fields_is_refused(client: Client) -> None:
    assert client.post("/i18n/setlang/", {f"x{n}": "" for n in range(1001)}).status_code == 413


def test_an_unknown_host_is_a_bad_request(client: Client) -> None:
    page = client.get("/", headers={"host": "elsewhere.example"})
    assert page.status_code == 400
    assert "Bad request" in page.text


@pytest.mark.parametrize(("status", "lines"), [(403, 1), (404, 1), (500, 2)])
def test_a_refusal_is_one_line_in_the_log(status: int, lines: int, settings: Settings) -> None:
    error = PermissionError("no")
    record = logging.makeLogRecord({"msg": "Said", "status_code": status, "exc_info": (type(error), error, None)})
    assert RefusalFilter().filter(record)
    assert len(logging.Formatter().format(record).splitlines()) == lines
    assert settings.LOGGING["handlers"]["console"]["filters"][0] == "refusals"


@pytest.mark.django_db
def test_guessing_passwords_is_slowed_down(client: Client, settings: Settings) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    get_user_model().objects.create_superuser("head", "head@example.org", "a long password")
    codes = [client.post("/admin/login/", {"username": "head", "password": f"guess {n}"}).status_code for n in range(3)]
    assert codes[-1] == 429
    page = client.post("/admin/login/", {"username": "head", "password": "a long password"})
    assert page.status_code == 429
    assert "Wait a little" in page.text


@pytest.mark.django_db
class TestApi:
    """Errors of the API are JSON, whoever made them."""

    @pytest.mark.parametrize(
        ("method", "path", "status"), [("get", "/api/nothing", 404), ("delete", "/api/recognize", 405)]
    )
    def test_what_does_not_exist(self, client: Client, method: str, path: str, status: int) -> None:
        answer = getattr(client, method)(path)
        assert answer.status_code == status
        assert answer.json()["error"]

    def test_another_host(self, client: Client) -> None:
        answer = client.get("/api/nothing", headers={"host": "elsewhere.example"})
        assert answer.status_code == 400
        assert answer.json()["error"]

    def test_our_own_mistakes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("recognizer.web.api.readings.begin_strokes", lambda _strokes: 1 / 0)
        client = Client(raise_request_exception=False)
        answer = client.post("/api/recognize", {"strokes": [[[0, 0], [1, 1]]]}, "application/json")
        assert answer.status_code == 500
        assert "the log has the details" in answer.json()["error"]

    def test_a_database_that_is_away(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def away(*_arguments: Any) -> None:
            raise OperationalError("connection refused")

        monkeypatch.setattr("recognizer.web.api.readings.begin_strokes", away)
        monkeypatch.setattr("recognizer.web.views.draw_context", away)
        answer = Client().post("/api/recognize", {"strokes": [[[0, 0], [1, 1]]]}, "application/json")
        assert answer.status_code == 503
        assert "Try again" in answer.json()["error"]
        signed_in = Client()
        signed_in.cookies["sessionid"] = "which the database knows"
        page = signed_in.get("/")
        assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
        assert "Try again" in page.text

    @pytest.mark.django_db(transaction=True)
    def test_a_row_whose_data_set_is_deleted_while_it_is_saved(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def saved_with_a_data_set_that_is_gone(*_arguments: Any) -> None:
            with transaction.atomic():
                InputsFile.objects.create(dataset_id=1_000_000, split="train", ink_specification="x", file_bytes=1)

        monkeypatch.setattr("recognizer.web.api.readings.begin_strokes", saved_with_a_data_set_that_is_gone)
        monkeypatch.setattr("recognizer.web.views.draw_context", saved_with_a_data_set_that_is_gone)
        answer = Client().post("/api/recognize", {"strokes": [[[0, 0], [1, 1]]]}, "application/json")
        assert answer.status_code == 409
        assert "Nothing was saved" in answer.json()["error"]
        page = Client().get("/")
        assert page.status_code == 409
        assert "Nothing was saved" in page.text

    def test_what_the_web_server_refuses(self) -> None:
        too_large, busy = (dict[str, Any]({REFUSAL: status}) for status in (413, 503))
        answer = Client(**too_large).post("/api/recognize", {})
        assert answer.status_code == 413
        assert "more than this address accepts" in answer.json()["error"]
        page = Client(**busy).post("/", {}, headers={"accept-language": "ru"})
        assert page.status_code == 503
        assert page.headers["Retry-After"]
        assert "\u0437\u0430\u043d\u044f\u0442" in page.text
