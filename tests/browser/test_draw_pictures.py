"""Pictures on the draw page: opened, pasted, dropped, and sent by a browser without JavaScript."""

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from recognizer import pictures, services
from recognizer.models import ModelOrigin
from tests.recognizer.conftest import make_card, make_network

HAND_OVER = """([selector, kind, content]) => {
  const bytes = Uint8Array.from(atob(content), character => character.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], "letter.png", {type: "image/png"}));
  const event = kind === "paste"
    ? new ClipboardEvent("paste", {clipboardData: transfer, bubbles: true})
    : new DragEvent("drop", {dataTransfer: transfer, bubbles: true, cancelable: true});
  document.querySelector(selector).dispatchEvent(event);
}"""


@pytest.fixture(autouse=True)
def model(transactional_db: None) -> None:
    """A model in service."""
    network = make_network()
    services.activate(services.add_model(network, make_card(network, "tiny"), source=ModelOrigin.TRAINED))


def picture(side: int = 200) -> bytes:
    image = Image.new("L", (side, side), 255)
    ImageDraw.Draw(image).line((side // 4, side // 4, side // 2, side * 3 // 4), fill=0, width=side // 20)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def sheet(page: Page, live_server: LiveServer) -> Page:
    """The draw page, ready."""
    page.goto(live_server.url)
    page.wait_for_selector("#draw[data-listening]")
    return page


def inked(page: Page) -> bool:
    return bool(
        page.locator("canvas").evaluate(
            "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(value => value)"
        )
    )


def test_a_picture_is_opened_shown_and_taken_back(sheet: Page) -> None:
    sheet.set_input_files("#picture", {"name": "a.png", "mimeType": "image/png", "buffer": picture()})
    expect(sheet.locator("#reading")).to_have_attribute("data-state", "read")
    expect(sheet.locator("#draw")).to_have_attribute("data-empty", "false")
    assert inked(sheet)
    sheet.get_by_role("button", name="Undo").click()
    expect(sheet.locator("#draw")).to_have_attribute("data-empty", "true")
    expect(sheet.locator("#reading")).to_have_attribute("data-state", "ready")


@pytest.mark.parametrize(("selector", "kind"), [("body", "paste"), (".sheet", "drop")])
def test_a_picture_is_pasted_or_dropped(sheet: Page, selector: str, kind: str) -> None:
    with sheet.expect_response("**/api/recognize/image") as response:
        sheet.evaluate(HAND_OVER, [selector, kind, base64.b64encode(picture()).decode()])
    assert response.value.ok
    expect(sheet.locator("#reading")).to_have_attribute("data-state", "read")


def test_a_large_photograph_is_made_smaller_first(sheet: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[tuple[int, int]] = []
    decode = pictures.decode

    def note_size(data: bytes, **options: Any) -> NDArray[np.uint8]:
        sizes.append(Image.open(io.BytesIO(data)).size)
        return decode(data, **options)

    monkeypatch.setattr(pictures, "decode", note_size)
    sheet.set_input_files("#picture", {"name": "a.png", "mimeType": "image/png", "buffer": picture(4000)})
    expect(sheet.locator("#reading")).to_have_attribute("data-state", "read")
    assert sizes == [(2000, 2000)]


def test_what_is_no_picture_gets_a_sentence(sheet: Page) -> None:
    sheet.set_input_files("#picture", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"hello"})
    expect(sheet.locator("#reading")).to_have_attribute("data-state", "error")
    expect(sheet.locator("[data-part=error]")).to_contain_text("not a picture")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("tone", [0, 255])
def test_ink_of_any_tone_on_no_paper_shows_on_any_theme(sheet: Page, theme: Any, tone: int) -> None:
    sheet.emulate_media(color_scheme=theme)
    image = Image.new("LA", (100, 100), 0)
    ImageDraw.Draw(image).line((20, 20, 80, 80), fill=(tone, 255), width=9)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    sheet.set_input_files("#picture", {"name": "a.png", "mimeType": "image/png", "buffer": buffer.getvalue()})
    expect(sheet.locator("#reading")).to_have_attribute("data-state", "read")
    tones = """async canvas => {
      await new Promise(requestAnimationFrame);
      const at = (x, y) => canvas.getContext("2d").getImageData(x * canvas.width, y * canvas.height, 1, 1).data;
      return [...at(0.5, 0.5), ...at(0.8, 0.2)];
    }"""
    ink, paper = np.split(np.array(sheet.locator("canvas").evaluate(tones)), 2)
    assert ink.tolist() == [tone] * 3 + [255]
    assert paper.tolist() == [255 - tone] * 3 + [255]


def test_a_picture_chosen_before_the_script_listens_is_read(page: Page, live_server: LiveServer) -> None:
    held: list[Route] = []
    page.route("**/js/draw*.js", lambda route: held.append(route) if not held else route.continue_())
    with page.expect_request("**/js/draw*.js"):
        page.goto(live_server.url, wait_until="commit")
    page.set_input_files("#picture", {"name": "a.png", "mimeType": "image/png", "buffer": picture()})
    held[0].continue_()
    expect(page.locator("#reading")).to_have_attribute("data-state", "read")
    assert page.locator("#picture").input_value() == ""


def test_a_picture_outlives_a_switch_of_the_language(sheet: Page) -> None:
    sheet.set_input_files("#picture", {"name": "a.png", "mimeType": "image/png", "buffer": picture()})
    sheet.wait_for_function("() => sessionStorage.getItem('propis-drawing')?.includes('base64')")
    sheet.get_by_role("button", name="русский", exact=False).click()
    expect(sheet.locator("html")).to_have_attribute("lang", "ru")
    expect(sheet.locator("#reading")).to_have_attribute("data-state", "read")
    assert inked(sheet)


def test_without_javascript_a_picture_is_read(
    new_context: CreateContextCallback, live_server: LiveServer, tmp_path: Path
) -> None:
    file = tmp_path / "letter.png"
    file.write_bytes(picture())
    page = new_context(java_script_enabled=False).new_page()
    page.goto(live_server.url)
    expect(page.locator("noscript p")).to_be_visible()
    page.set_input_files("#picture", file)
    page.get_by_role("button", name="Read the picture").click()
    expect(page.locator("#reading")).to_have_attribute("data-state", "read")
    expect(page.locator(".reading-letter")).to_be_visible()
    assert page.locator(".guesses li").count() == 5
