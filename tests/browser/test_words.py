"""Words on the wide sheet in a real Chromium: written by pen and by finger, mended, and what is no word."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.conftest import PATIENCE
from tests.browser.pages import Pages
from tests.browser.test_axe import DESKTOP, PHONE, violations
from tests.recognizer.core.words.written import Stroke, word

pytestmark = [pytest.mark.xdist_group("pages"), pytest.mark.processor_seconds(600)]  # a product is started

WIDE = 3.0
"""Sides of a square that the sheet is wide."""
WRITE = """async ([strokes, pointerType]) => {
  const canvas = document.querySelector("#word canvas");
  const box = canvas.getBoundingClientRect();
  canvas.setPointerCapture = () => {};
  const send = (kind, [x, y]) => canvas.dispatchEvent(new PointerEvent(kind, {
    pointerType, pointerId: 7, isPrimary: true, button: 0, buttons: kind === "pointerup" ? 0 : 1, bubbles: true,
    pressure: 0.5, clientX: box.x + x * box.width, clientY: box.y + y * box.width}));
  for (const points of strokes) {
    send("pointerdown", points[0]);
    points.slice(1).forEach((point) => send("pointermove", point));
    send("pointerup", points.at(-1));
    await new Promise(requestAnimationFrame);
  }
}"""


@pytest.fixture
def sheet(browser: Browser, pages: Pages) -> Iterator[Page]:
    """The wide sheet on a phone, ready; nothing may be written to the console as an error."""
    context = browser.new_context(locale="en", service_workers="block", viewport=PHONE)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    open_words(page, pages)
    yield page
    context.close()
    assert problems == []


def open_words(page: Page, pages: Pages) -> None:
    """Open the draw page and switch to words."""
    page.goto(pages.addresses["recognizer:draw"])
    page.wait_for_selector("#draw[data-listening]")
    page.locator("#draw [data-sheet-switch] [value=word]").click()
    page.wait_for_selector("#word")


def placed(strokes: Sequence[Stroke], *, wide: float = 0.85) -> list[list[list[float]]]:
    """Strokes as parts of the sheet's width, no higher than fits."""
    points = [point for stroke in strokes for point in stroke]
    left, right, top = min(x for x, _y in points), max(x for x, _y in points), min(y for _x, y in points)
    scale = min(wide / max(right - left, 1.0), 0.0022)
    return [[[0.05 + (x - left) * scale, 0.1 + (y - top) * scale] for x, y in stroke] for stroke in strokes]


def write(page: Page, strokes: Sequence[Stroke], pointer: str = "touch") -> None:
    """Write strokes and wait until the pen has rested."""
    page.evaluate(WRITE, [placed(strokes), pointer])
    page.wait_for_selector("#word:is([data-state=read], [data-state=error])")


def text(page: Page) -> str:
    return page.locator("#word").get_attribute("data-word") or ""


def letter(page: Page, number: int) -> Any:
    return page.locator(".word-letter").nth(number)


@pytest.mark.parametrize("pointer", ["pen", "touch", "mouse"])
def test_a_word_is_read_as_it_is_written(sheet: Page, pointer: str) -> None:
    write(sheet, word("ГНОМ")[0], pointer)
    assert text(sheet) == "ГНОМ"
    expect(sheet.locator("#word [data-part=live]")).to_contain_text("ГНОМ")
    expect(letter(sheet, 1)).to_have_accessible_name("Letter 2: Н, 100% sure")


def test_a_letter_is_changed_and_stays(sheet: Page) -> None:
    write(sheet, word("ГНОМ")[0])
    letter(sheet, 2).focus()
    sheet.keyboard.press("Enter")
    sheet.locator("#word-letter").select_option("С")
    sheet.locator("#word [data-part=confirm]").click()
    expect(sheet.locator("#word")).to_have_attribute("data-word", "ГНСМ")
    expect(letter(sheet, 2)).to_have_accessible_name("Letter 3: С, chosen by you")
    expect(letter(sheet, 2)).to_be_focused()
    letter(sheet, 2).click()
    sheet.locator("#word [data-part=as-read]").click()
    expect(sheet.locator("#word")).to_have_attribute("data-word", "ГНОМ")


def test_a_wrong_cut_is_mended_by_a_tap(sheet: Page) -> None:
    """Two letters become one, and two again."""
    write(sheet, word("ГНОМ")[0])
    sheet.get_by_role("button", name="О and М are one letter").click()
    expect(sheet.locator(".word-letter")).to_have_count(3)
    letter(sheet, 2).click()
    sheet.get_by_role("button", name="These are two letters").click()
    expect(sheet.locator("#word")).to_have_attribute("data-word", "ГНОМ")
    letter(sheet, 1).click()
    sheet.get_by_role("button", name="These are two letters").click()
    expect(sheet.locator(".word-letter")).to_have_count(5)
    letter(sheet, 1).click()
    sheet.keyboard.press("Escape")
    expect(sheet.locator(".word-choice")).to_be_hidden()
    expect(sheet.locator("#word")).to_have_attribute("data-strokes", str(len(word("ГНОМ")[0])))


def test_the_dictionary_is_fetched_when_it_is_asked_for(sheet: Page) -> None:
    asked: list[str] = []
    sheet.context.on("request", lambda request: asked.append(request.url) if ".lexicon" in request.url else None)
    write(sheet, word("ГНОМ")[0])
    verdict = sheet.locator("#word [data-part=verdict]")
    expect(verdict).not_to_contain_text("dictionary")
    assert asked == []
    sheet.get_by_label("Prefer dictionary words").check()
    expect(verdict).to_contain_text("The dictionary has this word.")
    assert len(asked) == 1
    sheet.reload()
    expect(sheet.get_by_label("Prefer dictionary words")).to_be_checked()
    expect(verdict).to_contain_text("The dictionary has this word.")
    sheet.get_by_label("Prefer dictionary words").uncheck()
    expect(verdict).not_to_contain_text("dictionary")


def test_the_sheet_is_remembered_and_so_is_the_word(sheet: Page) -> None:
    write(sheet, word("МО")[0])
    sheet.reload()
    expect(sheet.locator("#word")).to_have_attribute("data-word", "МО")
    expect(sheet.locator("#draw")).to_be_hidden()
    sheet.locator("#word [data-sheet-switch] [value=letter]").click()
    expect(sheet.locator("#draw")).to_be_visible()
    sheet.reload()
    sheet.wait_for_selector("#draw[data-listening]")
    assert sheet.locator("#word").count() == 0


def test_undo_takes_a_stroke_back_and_clear_all(sheet: Page) -> None:
    write(sheet, word("МОО")[0])
    sheet.locator("#word [data-undo]").click()
    expect(sheet.locator("#word")).to_have_attribute("data-word", "МО")
    sheet.locator("#word canvas").focus()
    sheet.keyboard.press("Escape")
    expect(sheet.locator("#word")).to_have_attribute("data-state", "ready")
    sheet.keyboard.press("Control+z")
    expect(sheet.locator("#word")).to_have_attribute("data-word", "МО")


def test_what_is_no_word_ends_in_an_answer(sheet: Page) -> None:
    on_top = [*word("Ш")[0], *word("А")[0], *word("О")[0]]
    scribble = [[[20.0 * step, 100.0 * (step % 2)] for step in range(40)]]
    for strokes in (word("МОЙ")[0][::-1], on_top, scribble, [[[5.0, 5.0]]], word("О" * 60)[0], word("И" * 61)[0]):
        write(sheet, strokes)
        state = sheet.locator("#word").get_attribute("data-state")
        assert (state == "read") == bool(text(sheet))
        assert state == "read" or sheet.locator("#word [data-part=error]").inner_text()
        sheet.locator("#word [data-clear]").click()
        expect(sheet.locator("#word")).to_have_attribute("data-state", "ready")


def test_the_server_reads_where_the_model_does_not_come(sheet: Page) -> None:
    sheet.route("**/models/*.npz", lambda route: route.fulfill(status=200, body="other bytes"))
    sheet.reload()
    sheet.wait_for_selector("#word")
    with sheet.expect_response("**/api/words") as answered:
        write(sheet, word("МОЙ")[0])
    assert json.loads(answered.value.text())["text"] == "МОЙ"
    expect(sheet.locator("#word")).to_have_attribute("data-word", "МОЙ")
    expect(sheet.locator(".word-join")).to_have_count(0)


def test_nobody_writes_on_the_sheet_before_it_has_its_shape(sheet: Page, pages: Pages) -> None:
    held: list[Route] = []
    sheet.route("**/css/words*.css", lambda route: held.append(route))
    sheet.goto("about:blank")  # (the address was this page's already)
    sheet.goto(pages.addresses["recognizer:draw"])
    while not held:
        sheet.wait_for_timeout(50)
    assert sheet.locator("#word").count() == 0
    held[0].continue_()
    sheet.wait_for_selector("#word")
    write(sheet, word("ГНОМ")[0])
    assert text(sheet) == "ГНОМ"
    sheet.unroute("**/css/words*.css")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_axe_finds_nothing_in_any_state(browser: Browser, pages: Pages, language: str) -> None:
    context: BrowserContext = browser.new_context(locale=language, service_workers="block", viewport=DESKTOP)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    open_words(page, pages)
    assert violations(page) == []
    write(page, [*word("МО")[0], [[300 + 40 * (step * 7 % 10) / 9, 100 * (step * 3 % 8) / 7] for step in range(24)]])
    letter(page, 0).click()
    assert violations(page) == []
    page.locator("#word [data-clear]").click()
    write(page, [[[5.0, 5.0]]])
    assert violations(page) == []
    context.close()
