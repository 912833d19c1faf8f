"""Pages of paper over HTTP: the page in the browser, the API, the command line."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from recognizer.pages import extra, turns
from tests.recognizer.pages import made

pytestmark = pytest.mark.django_db


def posted(client: Client, data: bytes, kind: str = "image/jpeg") -> tuple[int, dict[str, object]]:
    response = client.post("/api/pages", data, content_type=kind)
    return response.status_code, response.json()


def test_the_api_reads_a_photograph_and_says_where_each_letter_is(client: Client) -> None:
    data = made.photographed(seed=4).data
    response = client.post("/api/pages?preview=true", {"image": SimpleUploadedFile("page.jpg", data)})
    answer = response.json()
    assert response.status_code == 200, answer
    assert len(answer["letters"]) == len(made.TEXT)
    assert [letter["line"] for letter in answer["letters"]] == [0] * 8 + [1] * 8 + [2] * 8
    assert answer["text"].replace("\n", "").replace(" ", "") == "".join(each["letter"] for each in answer["letters"])
    assert (answer["width"], answer["height"], answer["page"], answer["pages"]) == (2400, 3200, 1, 1)
    assert answer["preview"].startswith("data:image/jpeg;base64,")
    assert all(0 < each["box"][0] < 2400 and len(each["best"]) == 5 for each in answer["letters"])


def test_the_api_refuses_in_a_sentence_with_the_right_status(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert posted(client, b"no page")[0] == 415
    assert posted(client, b"{}", "application/json")[0] == 415
    response = client.post("/api/pages?page=two", b"", content_type="image/png")
    assert (response.status_code, "query.page" in response.json()["error"]) == (422, True)
    status, answer = posted(client, made.png(made.sheet().greys * 0 + 255), "image/png")
    assert (status, "empty" in str(answer["error"])) == (422, True)
    with monkeypatch.context() as patch:
        patch.setattr(extra, "is_there", lambda: False)
        status, answer = posted(client, b"page")
        assert (status, "make paper" in str(answer["error"])) == (503, True)
        assert "make paper" in client.get("/paper/").content.decode()
    monkeypatch.setattr(turns, "WAIT_SECONDS", 0.01)
    with turns.turn():
        assert posted(client, b"page")[0] == 503


def test_a_browser_without_javascript_gets_the_text(client: Client) -> None:
    data = made.photographed(seed=4).data
    page = client.post("/paper/", {"image": SimpleUploadedFile("page.jpg", data)})
    assert page.status_code == 200
    assert page.context["page"]["text"] in page.content.decode()
    assert client.post("/paper/", {}).status_code == 400
    assert client.post("/paper/", {"image": SimpleUploadedFile("page.jpg", b"none")}).status_code == 415


def test_the_command_reads_pages(tmp_path: Path) -> None:
    (tmp_path / "page.jpg").write_bytes(made.photographed(seed=4).data)
    out = StringIO()
    call_command("recognize", str(tmp_path / "page.jpg"), "--as", "page", "--json", "--model", "small", stdout=out)
    [page] = json.loads(out.getvalue())["images"]
    assert len(page["letters"]) == len(made.TEXT)
    with pytest.raises(CommandError, match="No such file"):
        call_command("recognize", str(tmp_path / "none.jpg"), "--as", "page", stdout=out)
