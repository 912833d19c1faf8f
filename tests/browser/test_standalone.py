"""The exported page, opened from the disk in a real Chromium without a network, reads letters as Python does."""

import base64
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from recognizer import loading
from recognizer.core import model_file
from recognizer.exports.errors import ExportError
from recognizer.exports.page import to_page
from tests.browser.ink_drawings import traced_letters
from tests.browser.writing import Strokes, written
from tests.recognizer.core.drawings import Drawing
from tests.recognizer.exports.models import CLASS_SETS, exported

MARGIN = 0.1
HOW_TO = Path(__file__).parents[2] / "docs" / "web-page.md"
RECORD = """() => {
  window.seen = [];
  new MutationObserver(() => {
    const reading = document.getElementById("reading");
    const { state, certainty, letter } = reading.dataset;
    if (state === "read") {
      window.seen.push([letter, certainty, btoa(String.fromCharCode(...document.getElementById("draw").ink))]);
    }
  }).observe(document.getElementById("reading"), { attributes: true, attributeFilter: ["data-state"] });
}"""


def on_sheet(drawing: Drawing) -> Strokes:
    """A drawing in the middle of the sheet, as parts of its side."""
    low = np.min([point for stroke in drawing for point in stroke], axis=0)
    size = float((np.max([point for stroke in drawing for point in stroke], axis=0) - low).max()) or 1.0
    return [(MARGIN + (np.array(stroke) - low) / size * (1 - 2 * MARGIN)).tolist() for stroke in drawing]


def opened(context: BrowserContext, folder: Path, content: bytes, language: str = "en") -> Page:
    """The page of a model file, from the disk; every request but for the page itself is a failure."""
    path = folder / "page.html"
    path.write_text(to_page(content), encoding="utf-8")
    context.set_offline(True)
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    asked: list[str] = []
    page.goto(f"{path.as_uri()}#{language}")
    page.wait_for_selector("#draw[data-listening]")
    assert asked == [path.as_uri()]
    return page


@pytest.mark.parametrize("name", ["small", "tiny int4"])
def test_letters_are_read_as_in_python(context: BrowserContext, tmp_path: Path, name: str) -> None:
    content = (loading.PRETRAINED / f"{name}.npz").read_bytes()
    page = opened(context, tmp_path, content)
    letters = [on_sheet(drawing) for drawing in traced_letters(per_letter=1, seed=11)[::4]]
    page.evaluate(RECORD)
    shown = written([page], letters)
    seen = page.evaluate("seen")
    model = model_file.read(content)
    inputs = np.stack([np.frombuffer(base64.b64decode(ink), np.uint8) for _letter, _certainty, ink in seen])
    hidden, logits = model.network.read_layers(inputs)
    best = [model.card.letters[index] for index in logits.argmax(axis=1)]
    assert [letter for letter, _certainty, _ink in seen] == best == [each.letter for each in shown]
    refused = model.card.doubt().refuses(hidden, logits).tolist()
    assert [certainty == "refused" for _letter, certainty, _ink in seen] == refused
    assert len(seen) == len(letters)
    assert any(state == "growing" for each in shown for state, _certainty, _letter in each.growing)


@pytest.mark.parametrize(
    ("width", "height", "scheme", "language"),
    [(390, 844, "light", "ru"), (390, 844, "dark", "en"), (1440, 900, "light", "en"), (1440, 900, "dark", "ru")],
)
def test_it_is_a_page_for_everybody(
    browser: Browser, tmp_path: Path, width: int, height: int, scheme: Any, language: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale="de")
    page = opened(context, tmp_path, (loading.PRETRAINED / "tiny int4.npz").read_bytes(), language)
    canvas = page.locator("canvas").first
    canvas.focus()
    for key in ("Space", "ArrowRight", "ArrowRight", "ArrowDown", "Space"):
        page.keyboard.press(key)
    expect(page.locator("#reading")).to_have_attribute("data-state", "read")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("html").get_attribute("lang") == language
    words = "Ничего из нарисованного" if language == "ru" else "Nothing that you draw"
    expect(page.locator("footer")).to_contain_text(words)
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Control+z")
    expect(page.locator("#reading")).to_have_attribute("data-state", "ready")
    page.get_by_role("button", name="Вернуть" if language == "ru" else "Redo").click()
    page.get_by_role("link", name="English" if language == "ru" else "Русский").click()
    expect(page.locator("html")).to_have_attribute("lang", "en" if language == "ru" else "ru")
    expect(page.locator("#draw")).to_have_attribute("data-strokes", "1")
    context.close()


@pytest.mark.parametrize("letters", CLASS_SETS, ids=len)
@pytest.mark.parametrize("precision", ["fp32", "int2"])
def test_class_sets_without_a_calibration(
    context: BrowserContext, tmp_path: Path, precision: str, letters: str
) -> None:
    model = exported(precision, letters=letters, is_calibrated=False)
    page = opened(context, tmp_path, model_file.to_bytes(model.network, model.card))
    [shown] = written([page], [[[(0.2, 0.2), (0.8, 0.8)], [(0.8, 0.2), (0.2, 0.8)]]])
    assert shown.letter in letters
    expect(page.locator("footer")).to_contain_text(letters)


def test_a_dot_is_no_letter(context: BrowserContext, tmp_path: Path) -> None:
    page = opened(context, tmp_path, (loading.PRETRAINED / "tiny int4.npz").read_bytes())
    page.locator("canvas").first.click()
    expect(page.locator("[data-part=error]")).to_have_text("Only a dot is drawn, and no letter is one: draw a letter.")


def test_the_same_file_gives_the_same_page() -> None:
    content = (loading.PRETRAINED / "tiny int4.npz").read_bytes()
    assert to_page(content) == to_page(content)


def test_ink_that_only_the_server_makes() -> None:
    model = exported("fp32", ink="raw-28")
    with pytest.raises(ExportError, match="“random” reads raw-28, and a page knows only moments-1"):
        to_page(model_file.to_bytes(model.network, model.card))


def test_a_name_that_would_end_the_page(context: BrowserContext, tmp_path: Path) -> None:
    name = "</script></template><b>&amp;</b>"
    model = exported("fp32", name=name)
    page = opened(context, tmp_path, model_file.to_bytes(model.network, model.card))
    expect(page.locator("footer")).to_contain_text(name)


def test_the_page_of_the_how_to(page: Page, live_server: LiveServer) -> None:
    """The example of docs/web-page.md, its modules and its model served as the how-to says."""
    example = re.findall(r"```html\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)[0]
    static, model = f"{live_server.url}/static/js/", (loading.PRETRAINED / "small.npz").read_bytes()
    page.route("**/how-to.html", lambda route: route.fulfill(body=example, content_type="text/html; charset=utf-8"))
    page.route("**/small.npz", lambda route: route.fulfill(body=model))
    page.route("**/own/*/*.js", lambda route: route.continue_(url=static + of_own(route.request.url)))
    page.goto(f"{live_server.url}/own/how-to.html")
    page.wait_for_load_state("networkidle")
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 80, box["y"] + 80)
    page.mouse.down()
    for x, y in ((80, 200), (200, 80), (200, 200)):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=8)
    page.mouse.up()
    expect(page.locator("p")).to_have_text("И")


def of_own(address: str) -> str:
    """The module that an address of the how-to's folder means."""
    return address.partition("/own/")[2]
