"""Every kind of bad input at every address of the API: the right status, and one clear line in both languages."""

import base64
import io
import json
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw

from recognizer import services
from recognizer.core.model_card import ModelCard
from recognizer.core.network import Network
from recognizer.models import Drawing, ModelOrigin

JSON, BYTES = "application/json", "application/octet-stream"
POSTED = [
    *(f"/api/recognize{part}" for part in ("", "/image", "/input", "/batch")), "/api/drawings", "/api/drawings/delete",
]  # fmt: skip
INPUT = bytes(range(256)) * 3 + bytes(16)
LINE = "[[[0, 0, 0], [40, 90, 200]], [[40, 90, 400], [80, 0, 600]]]"


@pytest.fixture(autouse=True)
def model(db: None, network: Network, card: ModelCard) -> None:
    """A model in service, whose inputs have 784 bytes."""
    services.activate(services.add_model(network, card, source=ModelOrigin.TRAINED))


def check(answer: Any, status: int, words: str, *, language: str = "en") -> None:
    """The status, and one line in the language."""
    assert answer.status_code == status, answer.content[:500]
    said = answer.json()["error"]
    assert "\n" not in said
    assert len(said) < 250
    if language == "ru":
        assert re.search("[а-я]{2}", said), said
    else:
        assert words in said


def ask(address: str, body: str | bytes, kind: str, language: str) -> Any:
    kind_even_of_nothing: dict[str, Any] = {"CONTENT_TYPE": kind}
    client = Client(headers={"accept-language": language})
    return client.generic("POST", address, body, content_type=kind, **kind_even_of_nothing)


# --- Strokes ---

STROKES = {
    "NaN": ("[[[NaN, 1], [2, 2]]]", 422, "“strokes.0.0” is not a point"),
    "infinite": ("[[[0, 0], [1e999, 1]]]", 422, "“strokes.0.1” is not a point"),
    "outside": ("[[[0, 0], [2000000, 1]]]", 422, "±1,000,000"),
    "a number that no float holds": (f"[[[0, 0], [{10**400}, 1]]]", 422, "not a point"),
    "1,000,000 points": (f"[[{', '.join(['[0, 0]'] * 1_000_000)}]]", 413, "larger than"),
    "a stroke that is too long": (f"[[{', '.join(['[0, 0]'] * 5_001)}]]", 422, "“strokes.0” is too long"),
    "201 strokes": (f"[{', '.join(['[[0, 0]]'] * 201)}]", 422, "“strokes” is too long"),
    "no strokes": ("[]", 422, "“strokes” is too short"),
    "no points": ("[[]]", 422, "“strokes.0” is too short"),
    "negative time": ("[[[0, 0, 0], [40, 90, -1]]]", 422, "t from 0"),
    "a text": ('[[["0", "0"], ["1", "2"]]]', 422, "not a point"),
    "true": ("[[[true, false], [1, 2]]]", 422, "not a point"),
    "null": ("null", 422, "“strokes” is not a list"),
    "one number": ("[[[1]]]", 422, "not a point"),
    "four numbers": ("[[[1, 2, 3, 4]]]", 422, "not a point"),
    "an object": ('[[{"x": 1, "y": 2}]]', 422, "not a point"),
}
DRAWN: dict[str, Callable[[str], str]] = {
    "/api/recognize": lambda strokes: f'{{"strokes": {strokes}}}',
    "/api/recognize/batch": lambda strokes: f'{{"letters": [{{"strokes": {LINE}}}, {{"strokes": {strokes}}}]}}',
    "/api/drawings": lambda strokes: f'{{"strokes": {strokes}, "letter": "Л", "consent": true}}',
}


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("address", DRAWN)
@pytest.mark.parametrize("kind", STROKES)
def test_strokes(kind: str, address: str, language: str) -> None:
    strokes, status, words = STROKES[kind]
    words = words.replace("“strokes", "“letters.1.strokes") if address.endswith("batch") else words
    check(ask(address, DRAWN[address](strokes), JSON, language), status, words, language=language)
    assert not Drawing.objects.exists()


DOTS = {"one point": "[[[5, 5]]]", "the same point": "[[[5, 5, 0], [5, 5, 9]]]"}
LINES = f"[{', '.join(['[[0, 0], [100, 100]]'] * 100)}]"


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    ("strokes", "words"), [*((dot, "Only a dot") for dot in DOTS.values()), (LINES, "too many long lines")]
)
def test_what_is_no_letter(strokes: str, words: str, language: str) -> None:
    for address in ("/api/recognize", "/api/drawings"):
        check(ask(address, DRAWN[address](strokes), JSON, language), 422, words, language=language)
    answer = ask("/api/recognize/batch", DRAWN["/api/recognize/batch"](strokes), JSON, language)
    assert answer.status_code == 200
    read, refused = answer.json()["letters"]
    assert read["letter"] == read["best"][0]["letter"]
    assert list(refused) == ["error"]
    assert (words in refused["error"]) == (language == "en")


@pytest.mark.parametrize("address", DRAWN)
def test_fifty_fingers_are_fifty_strokes(address: str) -> None:
    strokes = json.dumps([[[n, 0, n], [n, 50, n + 9]] for n in range(50)])
    assert ask(address, DRAWN[address](strokes), JSON, "en").status_code in (200, 201)


# --- Pictures ---


def png(size: tuple[int, int] = (64, 64), *, blank: bool = False) -> bytes:
    image = Image.new("L", size, 255)
    if not blank:
        ImageDraw.Draw(image).line((16, 16, 32, 32), fill=0, width=5)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def claiming(width: int, height: int) -> bytes:
    """A small PNG whose header gives another size."""
    header = b"IHDR" + struct.pack(">II", width, height) + b"\x08\0\0\0\0"
    return png()[:12] + header + struct.pack(">I", zlib.crc32(header)) + png()[33:]


PICTURES = {
    "empty": (b"", 415, "empty"),
    "text": (b"not an image", 415, "not a picture"),
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "not a picture"),
    "cut short": (png()[:60], 415, "damaged"),
    "claims 50,000²": (claiming(50_000, 50_000), 415, "million pixels"),
    "claims 0²": (claiming(0, 0), 415, ""),
    "blank": (png(blank=True), 422, "no ink"),
}


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("kind", PICTURES)
def test_pictures(kind: str, language: str) -> None:
    data, status, words = PICTURES[kind]
    form = {"image": SimpleUploadedFile("x.png", data)}
    client = Client(headers={"accept-language": language})
    check(client.post("/api/recognize/image", form), status, words, language=language)
    check(ask("/api/recognize/image", data, "image/png", language), status, words, language=language)
    letters = [{"image": base64.b64encode(each).decode()} for each in (png(), data)]
    answer = ask("/api/recognize/batch", json.dumps({"letters": letters}), JSON, language)
    if not data:
        check(answer, 422, "“letters.1.image”", language=language)
        return
    assert answer.status_code == 200
    assert answer.json()["letters"][0]["letter"]
    assert (words in answer.json()["letters"][1]["error"]) == (language == "en" or not words)


def test_a_picture_of_too_many_bytes() -> None:
    data = png() + b"\0" * (8 * 2**20)
    check(ask("/api/recognize/image", data, "image/png", "en"), 413, "larger than 8 MB")


# --- Inputs ---

INPUTS = {
    "short": (INPUT[1:], "has 784 bytes"),
    "long": (INPUT + b"1", "has 784 bytes"),
    "paper": (bytes(784), "no ink"),
}


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("kind", INPUTS)
def test_inputs(kind: str, language: str) -> None:
    data, words = INPUTS[kind]
    check(ask("/api/recognize/input", data, BYTES, language), 422, words, language=language)
    encoded = {"input": base64.b64encode(data).decode()}
    check(ask("/api/recognize/input", json.dumps(encoded), JSON, language), 422, words, language=language)
    answer = ask("/api/recognize/batch", json.dumps({"letters": [encoded]}), JSON, language)
    assert answer.status_code == 200
    assert (words in answer.json()["letters"][0]["error"]) == (language == "en")


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("text", ["не base64", "AAA", "AA=A", "A A="])
def test_what_is_not_base64(text: str, language: str) -> None:
    answer = ask("/api/recognize/input", json.dumps({"input": text}), JSON, language)
    check(answer, 422, "“input” is not base64.", language=language)
    for name in ("input", "image"):
        answer = ask("/api/recognize/batch", json.dumps({"letters": [{name: text}]}), JSON, language)
        check(answer, 422, f"“letters.0.{name}” is not base64.", language=language)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    ("letters", "words"),
    [
        ([], "“letters” is too short"),
        ([{"input": "AAAA"}] * 1001, "“letters” is too long"),
        ([{}], "“letters.0” needs one of"),
        ([{"inputs": "AAAA"}], "“letters.0” needs one of"),
        ([{"input": "AAAA", "image": "AAAA"}], "“letters.0” needs one of"),
        ([{"input": 5}], "“letters.0.input” is not a text"),
        (["AAAA"], "“letters.0”"),
        ("AAAA", "“letters” is not a list"),
        ([{"strokes": [[[None]] * 50]}] * 1000, "“letters.0.strokes.0.0” is not a point"),
    ],
)
def test_batches(letters: Any, words: str, language: str) -> None:
    answer = ask("/api/recognize/batch", json.dumps({"letters": letters}), JSON, language)
    check(answer, 422, words, language=language)


# --- Every address ---


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
@pytest.mark.parametrize("address", POSTED)
def test_an_unknown_kind_of_body(address: str, kind: str, language: str) -> None:
    check(ask(address, "{}", kind, language), 415, "Send ", language=language)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("address", [each for each in POSTED if not each.endswith("image")])
@pytest.mark.parametrize("body", ["", "{", "[" * 100_000, b"\xff\xfe", '{"strokes": [[[1, 2]]]} x'])
def test_a_body_that_is_not_json(body: str | bytes, address: str, language: str) -> None:
    check(ask(address, body, JSON, language), 400, "not valid JSON", language=language)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("address", [each for each in POSTED if not each.endswith("image")])
@pytest.mark.parametrize("body", ["[]", "5", "null", '"strokes"'])
def test_json_that_is_no_object(body: str, address: str, language: str) -> None:
    check(ask(address, body, JSON, language), 422, "body is not an object", language=language)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("body", [b"", b"--b\r\n", b"x" * 100])
def test_a_form_that_is_damaged(body: bytes, language: str) -> None:
    answer = ask("/api/recognize/image", body, "multipart/form-data; boundary=b", language)
    check(answer, 422, "“image” is missing", language=language)
    check(ask("/api/recognize/image", body, "multipart/form-data", language), 400, "form", language=language)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("address", POSTED)
def test_a_name_that_is_not_known(address: str, language: str) -> None:
    if address.endswith("image"):
        return
    fields = {"strokes": [[[0, 0], [1, 1]]], "letter": "Л", "consent": True, "input": "AAAA", "code": "", "letters": []}
    check(ask(address, json.dumps({**fields, "stroke": 1}), JSON, language), 422, "“", language=language)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("address", POSTED)
def test_a_method_that_is_not_taken(address: str, method: str, language: str) -> None:
    answer = Client().generic(method, address, headers={"accept-language": language})
    check(answer, 405, "does not accept such requests", language=language)
    assert answer.headers["Allow"] == "POST"


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("address", ["/api/nothing", "/api/recognize/", "/api/recognize/word", "/api/model/1"])
def test_an_address_that_does_not_exist(address: str, language: str) -> None:
    answer = Client().post(address, "{}", JSON, headers={"accept-language": language})
    check(answer, 404, "nothing at this address", language=language)
