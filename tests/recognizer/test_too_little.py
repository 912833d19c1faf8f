"""Too little to read: a small letter on a large picture, a tap, pixels that are no numbers; each says what is wrong."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from PIL import Image, ImageDraw

from recognizer import pictures
from recognizer.core.ink.size import overlooked_share

pytestmark = pytest.mark.django_db


def photograph(height: int, *, noise: float = 0.0, side: int = 800, ink: int = 20, paper: int = 230) -> bytes:
    """A cross of this height, px, on a large sheet."""
    image = Image.new("L", (side, side), paper)
    draw = ImageDraw.Draw(image)
    left, top, right = side // 2, side // 2, side // 2 + height * 0.6
    for line in ((left, top, right, top + height), (right, top, left, top + height)):
        draw.line(line, fill=ink, width=max(1, height // 8))
    pixels = np.asarray(image) + np.random.default_rng(0).normal(0, noise, (side, side))
    file = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def tiff(bad: float) -> bytes:
    """A letter in numbers, one of which is none."""
    pixels = np.ones((40, 40), np.float32)
    pixels[8:32, 18:22] = 0
    pixels[3, 3] = bad
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "TIFF")
    return file.getvalue()


SMALL, NO_NUMBER = "of the picture's height: crop the picture around it.", "pixels that are not numbers"
BAD = {
    "small": (photograph(22), 422, SMALL),
    "small, noisy": (photograph(22, noise=4), 422, SMALL),
    "small, light on dark": (photograph(22, noise=4, ink=240, paper=30), 422, SMALL),
    "NaN": (tiff(np.nan), 415, NO_NUMBER),
    "infinite": (tiff(np.inf), 415, NO_NUMBER),
}


@pytest.mark.parametrize("what", BAD)
def test_page_api_and_command_say_what_is_wrong(client: Client, tmp_path: Path, what: str) -> None:
    data, status, words = BAD[what]
    page: Any = client.post("/", {"image": SimpleUploadedFile("letter.png", data)})
    assert page.status_code == status
    assert words.replace("'", "&#x27;") in page.text
    answer = client.post("/api/recognize/image", {"image": SimpleUploadedFile("letter.png", data)})
    assert answer.status_code == status
    assert words in answer.json()["error"]
    (tmp_path / "letter.png").write_bytes(data)
    with pytest.raises(CommandError, match=words):
        call_command("recognize", str(tmp_path / "letter.png"))


@pytest.mark.parametrize("strokes", [[[[5, 5]]], [[[5, 5], [5, 5], [5, 5]]], [[[0, 0, 1]], [[0, 0, 2]]]])
def test_a_tap_is_no_letter(client: Client, strokes: Any) -> None:
    answer = client.post("/api/recognize", {"strokes": strokes}, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json() == {"error": "Only a dot is drawn, and no letter is one: draw a letter."}


def test_two_dots_are_read(client: Client) -> None:
    answer = client.post("/api/recognize", {"strokes": [[[5, 5]], [[9, 5]]]}, content_type="application/json")
    assert answer.status_code == 200


@pytest.mark.parametrize("noise", [0, 4])
@pytest.mark.parametrize("height", [60, 200, 600])
def test_a_letter_of_some_size_is_not_overlooked(height: int, noise: float) -> None:
    assert overlooked_share(pictures.decode(photograph(height, noise=noise))) is None


def test_dust_is_no_letter() -> None:
    """A faint letter beside a few black pixels is read as before."""
    pixels = pictures.decode(photograph(300, ink=150)).copy()
    pixels[100:102, 100:103] = 0
    assert overlooked_share(pixels) is None
    empty = np.full((800, 800), 230, np.uint8)
    empty[::97, ::89] = 0
    assert overlooked_share(empty) is None
