"""A page of paper in the browser: a photograph uploaded, its letters corrected by tapping, its text copied."""

import io
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tests.browser.conftest import PATIENCE
from tests.browser.pages import Pages
from tests.browser.test_axe import DESKTOP, PHONE, violations
from tests.recognizer.pages import made

pytestmark = [pytest.mark.xdist_group("pages"), pytest.mark.processor_seconds(600)]  # a product is started
LEAST_TARGET = 24
SIZES = "all => all.map(each => each.getBoundingClientRect()).map(box => Math.min(box.width, box.height))"


@pytest.fixture
def paper(browser: Browser, pages: Pages) -> Iterator[Page]:
    """The page that reads paper, on a phone."""
    context = browser.new_context(
        viewport=PHONE, has_touch=True, locale="en", permissions=["clipboard-read", "clipboard-write"]
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(pages.addresses["recognizer:paper"])
    page.wait_for_selector("#paper[data-listening]")
    yield page
    context.close()


def send(page: Page, data: bytes, name: str = "page.jpg", kind: str = "image/jpeg") -> None:
    page.set_input_files("#page-file", FilePayload(name=name, mimeType=kind, buffer=data))


def read(page: Page, data: bytes, *file: str) -> Locator:
    """Send a page; its letters, once they are there."""
    send(page, data, *file)
    expect(page.locator("#paper")).to_have_attribute("data-phase", "read")
    return page.locator(".paper-letter")


def copied(page: Page) -> str:
    page.locator("[data-part=copy]").tap()
    expect(page.locator("[data-part=copied]")).to_have_text("Copied.")
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_a_photograph_is_read_corrected_by_tapping_and_copied(paper: Page) -> None:
    photograph = made.photographed(seed=4)
    letters = read(paper, photograph.data)
    expect(letters).to_have_count(len(made.TEXT))
    assert min(letters.evaluate_all(SIZES)) >= LEAST_TARGET
    before = copied(paper)
    assert [len(line.replace(" ", "")) for line in before.split("\n")] == [8, 8, 8]

    letters.nth(2).tap()  # in the text
    expect(paper.locator("dialog")).to_be_visible()
    expect(paper.locator("[data-part=likely] button")).to_have_count(5)
    paper.locator("[data-part=other]").select_option("Ё")
    expect(letters.nth(2)).to_have_attribute("data-state", "corrected")
    tap_on_picture(paper, photograph, 5)
    paper.locator("[data-part=remove]").tap()
    expect(letters.nth(5)).to_have_attribute("data-state", "removed")
    expect(paper.locator("[data-part=status]")).to_contain_text("Letters: 23.")
    after = copied(paper).replace(" ", "")
    assert after == before.replace(" ", "")[:2] + "Ё" + before.replace(" ", "")[3:5] + before.replace(" ", "")[6:]


def tap_on_picture(page: Page, photograph: Any, number: int) -> None:
    """Tap where a letter of the sheet is in its photograph, and see that its box lies there."""
    left, top, right, bottom = (float(edge) for edge in np.asarray(made.sheet(seed=4).boxes)[number])
    middle = photograph.placed(np.array([[(left + right) / 2, (top + bottom) / 2]]))[0]
    picture = page.locator("[data-part=boxes]")
    picture.scroll_into_view_if_needed()
    frame, box = picture.bounding_box(), page.locator(".paper-box").nth(number).bounding_box()
    assert frame
    assert box
    x, y = (frame["width"] * float(place) / 2400 for place in middle)
    assert box["x"] - frame["x"] < x < box["x"] - frame["x"] + box["width"]
    assert box["y"] - frame["y"] < y < box["y"] - frame["y"] + box["height"]
    picture.tap(position={"x": x, "y": y})
    expect(page.locator("dialog")).to_be_visible()


def test_a_keyboard_does_it_too_and_without_a_clipboard_the_text_is_selected(paper: Page) -> None:
    paper.set_viewport_size(DESKTOP)
    letters = read(paper, made.png(made.sheet().greys), "page.png", "image/png")
    letters.first.focus()
    expect(paper.locator(".paper-box").first).to_have_attribute("data-pointed", "")
    paper.keyboard.press("Enter")
    paper.locator("[data-part=likely] button").nth(1).press("Enter")
    expect(letters.first).to_have_attribute("data-state", "corrected")
    expect(letters.first).to_be_focused()
    paper.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    paper.locator("[data-part=copy]").click()
    expect(paper.locator("[data-part=text]")).to_be_visible()
    assert paper.evaluate("getSelection().toString().replaceAll(/\\s/g, '').length") == len(made.TEXT)


def test_what_a_browser_cannot_show_is_shown_by_the_server(paper: Page) -> None:
    for data, name, kind in (
        (made.HEIC.read_bytes(), "page.heic", "image/heic"),
        (pdf_of(made.sheet().greys), "page.pdf", "application/pdf"),
    ):
        expect(read(paper, data, name, kind)).to_have_count(len(made.TEXT))
        picture = paper.locator("[data-part=picture]")
        assert picture.evaluate("picture => picture.src.startsWith('data:image/jpeg') && picture.naturalWidth") > 500
    paper.locator("[data-part=after]").tap()  # the second page is empty
    expect(paper.locator("[data-part=status]")).to_contain_text("empty")


def test_a_page_that_is_read_has_no_fault_in_any_look(paper: Page) -> None:
    read(paper, made.photographed(seed=4).data)
    found = violations(paper)
    paper.locator(".paper-letter").first.click()
    assert found + violations(paper) == []


def pdf_of(greys: made.Greys) -> bytes:
    """A PDF with a scan, and an empty page."""
    file = io.BytesIO()
    Image.fromarray(greys).save(file, "PDF", save_all=True, append_images=[Image.new("L", (600, 800), 255)])
    return file.getvalue()


@cache
def refused() -> dict[str, tuple[bytes, str, str]]:
    """What cannot be read: the file, its kind, and a part of the sentence about it."""
    large, locked, long = io.BytesIO(), io.BytesIO(), io.BytesIO()
    Image.new("1", (8000, 5001)).save(large, "PNG")
    Canvas(locked, encrypt=StandardEncryption("word", "owner")).save()
    with pypdfium2.PdfDocument.new() as document:
        for _page in range(501):
            document.new_page(595, 842)
        document.save(long)
    noise = np.random.default_rng(1).integers(0, 256, (900, 700), np.uint8)
    return {
        "empty": (made.png(np.full((900, 700), 240, np.uint8)), "image/png", "empty"),
        "large": (large.getvalue(), "image/png", "more than 40 million pixels"),
        "locked": (locked.getvalue(), "application/pdf", "asks for a password"),
        "long": (long.getvalue(), "application/pdf", "more than 500 pages"),
        "heic": (made.HEIC.read_bytes()[:2000], "image/heic", "damaged"),
        "else": (made.png(noise), "image/png", "No letters"),
        "mirrored": (made.png(np.ascontiguousarray(made.sheet().greys[:, ::-1])), "image/png", "mirrored"),
        "text": (b"a letter", "text/plain", "not a picture or PDF"),
    }


def test_what_cannot_be_read_is_said_in_words_and_the_next_page_is_read(paper: Page) -> None:
    status = paper.locator("[data-part=status]")
    for name, (data, kind, words) in refused().items():
        send(paper, data, name, kind)
        expect(status).to_contain_text(words)
        expect(status).to_have_attribute("data-error", "")
        expect(paper.locator("[data-part=result]")).to_be_hidden()
    expect(read(paper, made.photographed(seed=4).data)).to_have_count(len(made.TEXT))
    expect(status).not_to_have_attribute("data-error", "")
