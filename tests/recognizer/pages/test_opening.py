"""Files opened as pages: pictures of every kind, PDF, HEIC, and what is none of them."""

import io

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from recognizer.pages import opening
from recognizer.pages.errors import PageError, PageFileError, PageTooLargeError
from tests.recognizer.pages import made


def pdf(pages: int) -> bytes:
    file = io.BytesIO()
    document = pypdfium2.PdfDocument.new()
    for _number in range(pages):
        document.new_page(595, 842)
    document.save(file)
    return file.getvalue()


def test_every_kind_of_picture_becomes_greys_on_white() -> None:
    greys = np.full((200, 300), 255, np.uint8)
    greys[50:150, 100:200] = 0
    for kind, mode in (("PNG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("TIFF", "I;16"), ("BMP", "RGB"), ("WEBP", "RGB")):
        file = io.BytesIO()
        picture = Image.fromarray(greys)
        if mode == "I;16":
            picture = Image.fromarray(greys.astype(np.uint16) * 200)
        elif mode != "L":
            picture = picture.convert(mode)
        if mode == "RGBA":
            picture.putalpha(Image.fromarray(255 - greys))
        picture.save(file, kind)
        page = opening.open_page(file.getvalue())
        assert page.greys.shape == (200, 300)
        assert page.greys[10, 10] > 200, (kind, mode)
        assert page.greys[100, 150] < 50, (kind, mode)


def test_a_heic_of_a_phone_is_opened() -> None:
    page = opening.open_page(made.HEIC.read_bytes())
    assert page.greys.shape == (page.height, page.width) == (1000, 707)
    assert page.greys[10, 10] > 200
    with pytest.raises(PageFileError, match="damaged"):
        opening.open_page(made.HEIC.read_bytes()[:2000])


def test_a_large_photograph_is_reduced_while_boxes_keep_its_coordinates() -> None:
    file = io.BytesIO()
    Image.new("L", (6000, 5000), 255).save(file, "JPEG")
    page = opening.open_page(file.getvalue())
    assert max(page.greys.shape) <= opening.WORKING_SIDE
    assert (page.width, page.height) == (6000, 5000)
    assert page.scale == pytest.approx(6000 / page.greys.shape[1])


def test_pages_of_a_pdf_are_opened_one_by_one() -> None:
    data = pdf(3)
    assert opening.count_pages(data) == 3
    assert [page.number for page in opening.open_pages(data)] == [1, 2, 3]
    with pytest.raises(PageError, match="no such page; it has 3"):
        opening.open_page(data, 4)


def test_what_cannot_be_opened_is_refused_in_a_sentence() -> None:
    too_large = io.BytesIO()
    Image.new("1", (8000, 5001)).save(too_large, "PNG")
    moving = io.BytesIO()
    Image.new("L", (99, 99)).save(moving, "GIF", save_all=True, append_images=[Image.new("L", (99, 99), 9)])
    cases: list[tuple[bytes, type[PageError], str]] = [
        (b"", PageFileError, "empty"),
        (b"no picture", PageFileError, "not a picture or PDF"),
        (made.png(np.zeros((99, 99), np.uint8))[:60], PageFileError, "damaged"),
        (b"%PDF-1.7 and nothing more", PageFileError, "PDF is damaged"),
        (too_large.getvalue(), PageTooLargeError, "40 million"),
        (moving.getvalue(), PageFileError, "several pages"),
        (pdf(501), PageTooLargeError, "500 pages"),
        (made.png(np.zeros((20, 20), np.uint8)), PageError, "too small"),
    ]
    for data, kind, sentence in cases:
        with pytest.raises(kind, match=sentence):
            opening.open_page(data)
