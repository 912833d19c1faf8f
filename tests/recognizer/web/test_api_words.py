"""Words in the API and on the command line: what is read, what is refused, what it costs."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from PIL import Image

from recognizer.core.words.reader import LONGEST_WORD
from recognizer.web import limits
from recognizer.web.api.words import LETTERS_OF_A_WORD, WordAnswer
from tests.recognizer.core.words.test_words import picture
from tests.recognizer.core.words.written import word

pytestmark = pytest.mark.django_db
TEXT = "ГНОМ"


def post(client: Client, **body: Any) -> Any:
    return client.post("/api/words", json.dumps(body), content_type="application/json")


def png(text: str = TEXT) -> bytes:
    data = io.BytesIO()
    Image.fromarray(picture(word(text)[0])).save(data, "PNG")
    return data.getvalue()


@pytest.mark.parametrize("lexicon", [True, False])
def test_strokes_are_read(client: Client, *, lexicon: bool) -> None:
    strokes, letters = word(TEXT)
    answer = WordAnswer.model_validate(post(client, strokes=strokes, lexicon=lexicon).json())
    assert answer.text == TEXT
    assert answer.known is (True if lexicon else None)
    assert answer.model.name == "best"
    for number, letter in enumerate(answer.letters):
        assert letter.letter == letter.best[0].letter == TEXT[number]
        assert letter.strokes == [place for place, each in enumerate(letters) if each == number]
        assert letter.box[0] < letter.box[2]


def test_a_picture_is_read_from_a_body_as_from_a_form(client: Client) -> None:
    in_a_form = client.post("/api/words/image", {"image": SimpleUploadedFile("x.png", png())}).json()
    itself = client.generic("POST", "/api/words/image?lexicon=true", png(), content_type="image/png").json()
    assert {**in_a_form, "milliseconds": 0} == {**itself, "milliseconds": 0}
    assert itself["text"] == TEXT
    assert itself["known"] is True
    assert itself["letters"][0]["strokes"] == []


@pytest.mark.parametrize("query", ["lexicon=1", "lexicon=true&lexicon=false", "lexikon=true", "lexicon="])
def test_what_is_said_of_the_lexicon_is_true_or_false(client: Client, query: str) -> None:
    answer = client.generic("POST", f"/api/words/image?{query}", png(), content_type="image/png")
    assert answer.status_code == 422
    assert "lexicon=true" in answer.json()["error"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"strokes": []}, 422),
        ({"strokes": [[[5, 5]]]}, 422),
        ({"strokes": [[[5, "5"]]]}, 422),
        ({"strokes": word(TEXT)[0], "lexicon": "yes"}, 422),
        ({"strokes": word(TEXT)[0], "language": "ru"}, 422),
        ({"strokes": word("О" * (LONGEST_WORD + 1))[0]}, 422),
    ],
)
def test_what_is_no_word_is_refused_in_one_sentence(client: Client, body: dict[str, Any], status: int) -> None:
    answer = post(client, **body)
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]


def test_an_empty_picture_and_what_is_none_are_refused(client: Client) -> None:
    data = io.BytesIO()
    Image.fromarray(np.full((60, 300), 255, np.uint8)).save(data, "PNG")
    for body, status in ((data.getvalue(), 422), (b"no picture", 415)):
        answer = client.generic("POST", "/api/words/image", body, content_type="image/png")
        assert answer.status_code == status


def test_a_word_counts_as_many_letters(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    monkeypatch.setattr(limits, "count_more", lambda _request, count: counted.append(count))
    post(client, strokes=word(TEXT)[0])
    client.generic("POST", "/api/words/image", png(), content_type="image/png")
    assert counted == [LETTERS_OF_A_WORD - 1] * 2


def test_the_command_reads_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, other = tmp_path / "word.png", tmp_path / "none.png"
    file.write_bytes(png())
    call_command("recognize", str(file), "--as", "word", "--json")
    (read,) = json.loads(capsys.readouterr().out)["images"]
    assert (read["text"], read["known"], read["refused"]) == (TEXT, True, False)
    assert [letter["letter"] for letter in read["letters"]] == [*TEXT]
    call_command("recognize", str(file), "--as", "word", "--no-lexicon")
    assert capsys.readouterr().out.strip().endswith(TEXT)
    other.write_bytes(b"")
    with pytest.raises(CommandError, match="empty"):
        call_command("recognize", str(other), "--as", "word")
