"""Requests that are answered together have the answers that they have alone."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from benchmarks.materials.drawings import DRAWINGS
from hwrsite.web_server import wsgi
from hwrsite.wsgi import application
from recognizer import reading
from recognizer.lanes import LANE, OTHER_LANE, PICTURES, READING
from recognizer.web.limits import shared_counters

pytestmark = pytest.mark.django_db
Environ = dict[str, Any]


def request(path: str, body: bytes, content_type: str) -> Environ:
    """A request as the web server hands it on."""
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        LANE: READING,
    }


def drawn(strokes: object) -> Environ:
    """A request for strokes."""
    return request("/api/recognize", json.dumps({"strokes": strokes}).encode(), "application/json")


def pictured(pixels: "np.ndarray[Any, np.dtype[np.uint8]]") -> Environ:
    """A request for a picture."""
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG")
    return request("/api/recognize/image", data.getvalue(), "image/png")


def bar(width: int, height: int) -> Environ:
    """A request for a picture of an upright bar."""
    pixels = np.full((height, width), 255, np.uint8)
    pixels[height // 4 : 3 * height // 4, width // 2 : width // 2 + 1 + width // 12] = 0
    return pictured(pixels)


def requests() -> list[Environ]:
    """Letters as strokes and as pictures of several sizes, and what is refused: a dot, an empty sheet, no strokes."""
    letters = [drawn(strokes) for strokes in DRAWINGS.values()]
    refused = [drawn([[[5, 5]]]), drawn("none"), pictured(np.full((60, 60), 255, np.uint8))]
    return [letters[0], refused[0], bar(278, 278), *letters[1:], refused[1], bar(28, 28), refused[2], bar(40, 90)]


def said(answer: wsgi.Answer | Exception) -> tuple[int, dict[bytes, bytes], dict[str, Any]]:
    """Status, headers and content, without what differs from time to time."""
    assert isinstance(answer, wsgi.Answer)
    content: dict[str, Any] = json.loads(answer.body)
    content.pop("milliseconds", None)
    for guess in content.get("best", ()):  # products of one row and of many are added up in another order
        guess["probability"] = pytest.approx(guess["probability"], abs=2e-6)
    headers = dict(answer.headers)
    assert int(headers.pop(b"content-length")) == len(answer.body)
    assert headers.pop(b"x-request-id")
    return answer.status, headers, content


@pytest.fixture(autouse=True)
def _nobody_has_asked() -> None:
    counters = shared_counters()
    assert counters is not None
    counters.clear()


def test_together_as_alone(tmp_path: Path) -> None:
    alone = [said(wsgi.respond(application, each, tmp_path)) for each in requests()]

    together = [said(each) for each in wsgi.respond_together(application, tmp_path, requests())]

    assert alone == together
    assert [status for status, _headers, _content in alone] == [200, 422, 200, 200, 200, 422, 200, 422, 200]


def test_the_network_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, verdicts = [], reading.verdicts

    def counted(model: Any, inputs: Any) -> Any:
        asked.append(len(inputs))
        return verdicts(model, inputs)

    monkeypatch.setattr(reading, "verdicts", counted)

    wsgi.respond_together(application, tmp_path, requests())

    assert asked == [6]


def test_where_the_joint_part_fails_each_is_answered_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    given = [drawn(strokes) for strokes in DRAWINGS.values()]
    monkeypatch.setattr(reading, "verdicts", failing_for_several(reading.verdicts))

    answers = wsgi.respond_together(application, tmp_path, given)

    assert [said(each)[0] for each in answers] == [200] * len(given)
    assert "at once failed" in caplog.text


def failing_for_several(verdicts: Callable[..., Any]) -> Callable[..., Any]:
    """A network that reads one letter only."""

    def read(model: Any, inputs: Any) -> Any:
        if len(inputs) > 1:
            raise MemoryError
        return verdicts(model, inputs)

    return read


def test_a_larger_picture_is_brought_again(tmp_path: Path) -> None:
    large = bar(800, 800)

    answers = wsgi.respond_together(application, tmp_path, [large, bar(278, 278)])

    assert [answer.lane for answer in answers if isinstance(answer, wsgi.Answer)] == [PICTURES, None]
    assert OTHER_LANE not in large
