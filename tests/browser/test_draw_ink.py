"""Ink on the draw page: layers, pressure, eraser, redo, hands, and input that is not as it should be."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from tests.browser.test_draw import CROSS, INKED, RECOGNIZE, Hand, model, open_sheet, phone, place, sheet, stroke

__all__ = ["model", "phone", "sheet"]  # fixtures

# Sends pointer events to the canvas: [kind, type, id, x, y, button], x and y as parts of the side.
SEND = """(events) => {
  const canvas = document.querySelector("canvas");
  canvas.setPointerCapture = () => {};
  const box = canvas.getBoundingClientRect();
  for (const [kind, pointerType, pointerId, x, y, button] of events) {
    canvas.dispatchEvent(new PointerEvent(kind, {
      pointerType, pointerId, button, buttons: 1, bubbles: true,
      clientX: box.x + x * box.width, clientY: box.y + y * box.height}));
  }
}"""
MILLION = """() => {
  const canvas = document.querySelector("canvas");
  const box = canvas.getBoundingClientRect();
  canvas.setPointerCapture = () => {};
  const send = (kind, parts) => {
    const event = new PointerEvent(kind, {
      pointerType: "touch", pointerId: 7, bubbles: true, clientX: box.x + 9, clientY: box.y + 9});
    event.getCoalescedEvents = () => parts;
    canvas.dispatchEvent(event);
  };
  send("pointerdown", []);
  send("pointermove", Array.from({length: 1e6}, (_, index) => ({
    pointerType: "touch", timeStamp: index,
    clientX: box.x + (index * 7919) % box.width, clientY: box.y + (index * 104729) % box.height})));
  send("pointerup", []);
}"""


def check_strokes(page: Page, count: int) -> None:
    """Hold the number of strokes on the sheet against what is expected."""
    expect(page.locator("#draw")).to_have_attribute("data-strokes", str(count))


def pen(page: Page, y: float, force: float) -> None:
    """Draw a line from left to right with a pen."""
    session = page.context.new_cdp_session(page)
    for step, kind in enumerate(["mousePressed", *["mouseMoved"] * 8, "mouseReleased"]):
        left, top = place(page, 0.1 + 0.1 * min(step, 8), y)
        event: dict[str, Any] = {
            "type": kind,
            "x": left,
            "y": top,
            "button": "left",
            "pointerType": "pen",
            "force": force,
        }
        session.send("Input.dispatchMouseEvent", {**event, "buttons": int(kind != "mouseReleased"), "clickCount": 1})


def test_a_pen_that_presses_writes_wider_and_sends_the_same_points(sheet: Page) -> None:
    inked = []
    for force in (0.1, 1.0):
        with sheet.expect_request(RECOGNIZE) as request:
            pen(sheet, 0.5, force)
        (points,) = json.loads(request.value.post_data or "")["strokes"]
        assert {len(point) for point in points} == {3}
        inked.append(sheet.locator("canvas").evaluate(INKED))
        sheet.keyboard.press("Escape")
    assert inked[1] > 2 * inked[0]


def test_expected_points_are_never_kept(sheet: Page) -> None:
    sheet.evaluate("""() => PointerEvent.prototype.getPredictedEvents = function () {
      return [{clientX: this.clientX + 9, clientY: this.clientY, timeStamp: this.timeStamp + 8, pointerType: "mouse"}];
    }""")
    with sheet.expect_request(RECOGNIZE) as request:
        stroke(sheet, [(0.2, 0.5), (0.6, 0.5)])
    (points,) = json.loads(request.value.post_data or "")["strokes"]
    side = sheet.locator("canvas").evaluate("canvas => canvas.clientWidth")
    assert max(x for x, _y, _t in points) == pytest.approx(0.6 * side, abs=1)


def test_no_style_is_looked_up_while_the_pen_moves(sheet: Page) -> None:
    sheet.evaluate("""() => {
      const look = window.getComputedStyle;
      window.looks = 0;
      window.getComputedStyle = (...words) => { window.looks += 1; return look.apply(window, words); };
    }""")
    stroke(sheet, CROSS[0], steps=10)
    check_strokes(sheet, 1)
    assert sheet.evaluate("looks") == 0


def test_the_eraser_takes_a_stroke_and_undo_brings_it_back(sheet: Page) -> None:
    for points in ([(0.2, 0.2), (0.8, 0.2)], [(0.2, 0.7), (0.8, 0.7)]):
        stroke(sheet, points)
    eraser = sheet.get_by_role("button", name="Eraser")
    eraser.click()
    expect(eraser).to_have_attribute("aria-pressed", "true")
    stroke(sheet, [(0.5, 0.1), (0.5, 0.3)])
    check_strokes(sheet, 1)
    for key, code, shift, count in [
        ("я", "KeyZ", False, 2),
        ("Я", "KeyZ", True, 1),
        ("z", "KeyZ", False, 2),
        ("н", "KeyY", False, 1),
    ]:
        words = {"key": key, "code": code, "shiftKey": shift, "ctrlKey": True, "bubbles": True}
        sheet.evaluate("words => document.body.dispatchEvent(new KeyboardEvent('keydown', words))", words)
        check_strokes(sheet, count)
    stroke(sheet, [(0.5, 0.6), (0.5, 0.8)])
    check_strokes(sheet, 0)
    expect(sheet.locator("#draw")).to_have_attribute("data-tool", "pen")  # nothing is left to erase


def test_the_other_end_of_a_pen_erases(sheet: Page) -> None:
    stroke(sheet, CROSS[0])
    check_strokes(sheet, 1)
    sheet.evaluate(SEND, [["pointerdown", "pen", 9, 0.5, 0.5, 5], ["pointerup", "pen", 9, 0.5, 0.5, 5]])
    check_strokes(sheet, 0)


def test_the_keyboard_erases(sheet: Page) -> None:
    sheet.locator("canvas").focus()
    for key in ("Space", "ArrowRight", "ArrowRight", "Space"):
        sheet.keyboard.press(key)
    check_strokes(sheet, 1)
    for key in ("e", "Space"):
        sheet.keyboard.press(key)
    check_strokes(sheet, 0)


def test_many_fingers_that_rest_leave_nothing(sheet: Page) -> None:
    fingers = range(50)
    sheet.evaluate(SEND, [["pointerdown", "touch", 100 + each, 0.01 + each / 60, 0.5, 0] for each in fingers])
    sheet.evaluate(SEND, [["pointerup", "touch", 100 + each, 0.01 + each / 60, 0.5, 0] for each in fingers])
    check_strokes(sheet, 0)


def test_a_million_points_fill_the_sheet_and_it_says_so(sheet: Page) -> None:
    sheet.evaluate(MILLION)
    check_strokes(sheet, 1)
    expect(sheet.locator("[data-note]")).to_contain_text("The sheet is full")
    stroke(sheet, CROSS[0])
    check_strokes(sheet, 1)
    sheet.keyboard.press("Escape")
    expect(sheet.locator("[data-note]")).to_be_empty()
    stroke(sheet, CROSS[0])
    check_strokes(sheet, 1)


def test_points_outside_are_brought_to_the_edge(sheet: Page) -> None:
    stroke(sheet, [(0.5, 0.5), (-0.2, 1.3)])
    check_strokes(sheet, 1)
    (points,) = json.loads(sheet.evaluate("sessionStorage['propis-drawing']"))["strokes"]
    assert points[-1][:2] == [0, 1]


@pytest.mark.parametrize(
    "stored", ["{", "null", '{"strokes": "abc"}', '{"strokes": [[[1, null]]]}', '{"picture": "?"}']
)
def test_a_storage_that_holds_anything_is_borne(sheet: Page, stored: str) -> None:
    sheet.evaluate("stored => sessionStorage['propis-drawing'] = stored", stored)
    sheet.reload()
    sheet.wait_for_selector("#draw[data-listening]")
    check_strokes(sheet, 0)


@pytest.mark.parametrize(
    "trouble",
    [
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('forbidden'); } })",
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }",
    ],
    ids=["forbidden", "full"],
)
def test_a_storage_that_keeps_nothing_is_borne(page: Page, live_server: LiveServer, trouble: str) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.add_init_script(trouble)
    open_sheet(page, live_server.url)
    stroke(page, CROSS[0])
    check_strokes(page, 1)
    assert problems == []


def test_a_tab_that_goes_to_the_background_keeps_the_stroke_in_work(sheet: Page) -> None:
    sheet.mouse.move(*place(sheet, 0.2, 0.2))
    sheet.mouse.down()
    sheet.mouse.move(*place(sheet, 0.6, 0.6), steps=3)
    sheet.evaluate("""() => {
      Object.defineProperty(document, "hidden", {value: true, configurable: true});
      document.dispatchEvent(new Event("visibilitychange"));
    }""")
    assert json.loads(sheet.evaluate("sessionStorage['propis-drawing']"))["strokes"]
    check_strokes(sheet, 1)


def test_the_left_hand_is_remembered(sheet: Page) -> None:
    switch = sheet.get_by_role("button", name="Left-handed")
    right = sheet.locator("canvas").bounding_box()
    switch.click()
    sheet.reload()
    sheet.wait_for_selector("#draw[data-listening]")
    expect(switch).to_have_attribute("aria-pressed", "true")
    left = sheet.locator("canvas").bounding_box()
    assert right
    assert left
    assert left["x"] > right["x"] + 100


def test_a_finger_after_a_pen_is_the_hand(phone: Page) -> None:
    pen(phone, 0.5, 0.5)
    check_strokes(phone, 1)
    hand = Hand(phone)
    hand.touch("Start", (0.2, 0.2))
    hand.touch("Move", (0.6, 0.2))
    hand.touch("End")
    check_strokes(phone, 1)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("width", [320, 390, 1440])
def test_tools_are_large_enough_and_fit(
    new_context: CreateContextCallback, live_server: LiveServer, width: int, language: str
) -> None:
    page = new_context(viewport={"width": width, "height": 800}, locale=language).new_page()
    open_sheet(page, live_server.url)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for button in page.locator(".draw .button:visible").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24
