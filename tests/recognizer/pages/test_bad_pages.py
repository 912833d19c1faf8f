"""What people send by mistake, through each door (page, API, command line): read right, or refused in words."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from benchmarks.paper.filled_sheets import printed
from tests.recognizer.pages import made

pytestmark = pytest.mark.django_db
RIGHT = 0.7
"""Of the letters of a page; the rest is the model's."""


@dataclass(frozen=True)
class SentPage:
    """What is sent: its bytes, and the words of its refusal with their status; none where it is read."""

    data: Callable[[], bytes]
    refusal: str = ""
    status: int = 422


def jpeg(greys: made.Greys, **options: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(greys).save(file, "JPEG", **options)
    return file.getvalue()


@cache
def small() -> made.Greys:
    return np.asarray(Image.fromarray(made.sheet().greys).resize((1000, 1414)), np.uint8)


def large() -> bytes:
    """Thirty megapixels, as a phone's camera takes them."""
    return jpeg(np.asarray(Image.fromarray(small()).resize((4600, 6504)), np.uint8), quality=60)


def too_large() -> bytes:
    file = io.BytesIO()
    Image.new("1", (8000, 5001)).save(file, "PNG")
    return file.getvalue()


def turned_by_exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return jpeg(np.ascontiguousarray(np.rot90(small())), exif=exif)


def pdf(pages: int) -> bytes:
    file = io.BytesIO()
    document = pypdfium2.PdfDocument.new()
    for _number in range(pages):
        document.new_page(595, 842)
    document.save(file)
    return file.getvalue()


def pdf_with_password() -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, encrypt=StandardEncryption("secret"))
    canvas.drawString(100, 100, "page")
    canvas.save()
    return file.getvalue()


def something_else() -> bytes:
    """A made landscape: soft spots of all sizes."""
    rng, seen = np.random.default_rng(3), np.zeros((1200, 900), np.float32)
    for size in (4, 16, 60, 200):
        spots = rng.normal(0, 1, (1200 // size + 2, 900 // size + 2)).astype(np.float32)
        seen += cv2.resize(spots, (900, 1200), interpolation=cv2.INTER_CUBIC) * size**0.5
    return jpeg(np.clip(128 + 12 * seen, 0, 255).astype(np.uint8))


def two_sheets() -> bytes:
    """Two pages on a dark desk, in one photograph."""
    desk = np.full((1000, 1500), 60, np.uint8)
    page = np.asarray(Image.fromarray(small()).resize((640, 905)), np.uint8)
    desk[50:955, 60:700] = page
    desk[50:955, 800:1440] = page
    return jpeg(desk)


SENT: dict[str, SentPage] = {
    "thirty megapixels": SentPage(large),
    "forty-one megapixels": SentPage(too_large, "40 million", 413),
    "an empty page": SentPage(lambda: made.png(np.full((900, 700), 240, np.uint8)), "empty"),
    "upside down": SentPage(lambda: made.png(np.ascontiguousarray(small()[::-1, ::-1]))),
    "mirrored": SentPage(lambda: made.png(np.ascontiguousarray(small()[:, ::-1])), "mirrored"),
    "HEIC": SentPage(made.HEIC.read_bytes),
    "turned by its EXIF": SentPage(turned_by_exif),
    "a PDF with 501 pages": SentPage(lambda: pdf(501), "500 pages", 413),
    "a PDF with a password": SentPage(pdf_with_password, "password", 415),
    "a photograph of something else": SentPage(something_else, "No letters"),
    "two sheets": SentPage(two_sheets, "Two sheets"),
    "a collection sheet": SentPage(lambda: made.png(printed(123_456)), "collection sheet"),
}


@pytest.mark.parametrize("name", SENT)
def test_what_is_sent_by_mistake_is_read_right_or_refused_in_words(name: str, client: Client, tmp_path: Path) -> None:
    sent, data = SENT[name], SENT[name].data()
    answer = client.post("/api/pages", {"image": SimpleUploadedFile("page", data)})
    page = client.post("/paper/", {"image": SimpleUploadedFile("page", data)})
    (tmp_path / "page").write_bytes(data)
    out = StringIO()
    command = ("recognize", str(tmp_path / "page"), "--as", "page", "--json")
    if sent.refusal:
        assert (answer.status_code, page.status_code) == (sent.status, sent.status), answer.json()
        assert sent.refusal in answer.json()["error"]
        assert sent.refusal in page.content.decode()
        with pytest.raises(CommandError, match=sent.refusal):
            call_command(*command, stdout=out)
        return
    call_command(*command, stdout=out)
    [told] = json.loads(out.getvalue())["images"]
    for text in (answer.json()["text"], page.context["page"]["text"], told["text"]):
        read = "".join(text.split())
        assert len(read) == len(made.TEXT)
        assert sum(one == other for one, other in zip(read, made.TEXT, strict=True)) >= RIGHT * len(read), text


def test_the_last_of_five_hundred_pages_is_read(client: Client) -> None:
    answer = client.post("/api/pages?page=500", pdf(500), content_type="application/pdf")
    assert (answer.status_code, "empty" in answer.json()["error"]) == (422, True)
