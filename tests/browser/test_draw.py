"""The draw page in a real Chromium: pointers, fingers, keys, and what the server answers.

The model's file never comes here, so that the server is asked; that the page reads by itself is in test_live.py.
"""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from recognizer import services
from recognizer.models import ModelOrigin, StoredModel
from tests.recognizer.conftest import make_card, make_network

CROSS = [[(0.2, 0.2), (0.8, 0.8)], [(0.8, 0.2), (0.2, 0.8)]]
RECOGNIZE = "**/api/recognize"
WEIGHTS = "**/models/*.npz"
INKED = """async canvas => {
  await new Promise(requestAnimationFrame); // what is to be painted is painted in the next frame
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return pixels.filter((value, index) => index % 4 === 3 && value > 127).length / canvas.width / canvas.height;
}"""


@pytest.fixture(autouse=True)
def model(transactional_db: None) -> StoredModel:
    """A model in service; it reads nonsense, which is enough here."""
    network = make_network()
    stored = services.add_model(network, make_card(network, "tiny"), source=ModelOrigin.TRAINED)
    services.activate(stored)
    return stored


@pytest.fixture
def sheet(page: Page, live_server: LiveServer) -> Iterator[Page]:
    """The draw page, ready; nothing may break its content security policy or throw."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Security Policy" in message.text else None)
    open_sheet(page, live_server.url)
    yield page
    assert problems == []


def open_sheet(page: Page, address: str) -> None:
    """Open a draw page whose letters the server reads."""
    page.route(WEIGHTS, lambda route: route.abort())
    page.goto(address)
    page.wait_for_selector("#draw[data-listening]")


def place(page: Page, x: float, y: float) -> tuple[float, float]:
    """A point of the sheet (0…1) in the window's pixels."""
    box = page.locator("canvas").bounding_box()
    assert box
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def stroke(page: Page, points: list[tuple[float, float]], steps: int = 5) -> None:
    page.locator("canvas").evaluate("(sheet) => sheet.scrollIntoView({ block: 'nearest' })")
    page.mouse.move(*place(page, *points[0]))
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*place(page, *point), steps=steps)
    page.mouse.up()


def draw(page: Page, strokes: list[list[tuple[float, float]]] = CROSS) -> None:
    for points in strokes:
        stroke(page, points)
    expect(page.locator("#reading")).to_have_attribute("data-state", "read")


def answer(letter: str, probability: float) -> dict[str, Any]:
    others = [{"letter": other, "probability": (1 - probability) / 4} for other in "абвг"]
    return {
        "letter": letter,
        "best": [{"letter": letter, "probability": probability}, *others],
        "input": base64.b64encode(bytes(784)).decode(),
        "shape": [28, 28],
        "picture": base64.b64encode(bytes(784)).decode(),
        "ink_bright": True,
        "milliseconds": 1.0,
        "model": {"id": None, "name": "made up", "url": None},
    }


def answering(content: Any, status: int = 200) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, json=content)


def test_a_letter_is_read_at_each_lift_of_the_pen(sheet: Page, model: StoredModel) -> None:
    asked: list[Request] = []
    sheet.on("request", lambda request: asked.append(request) if request.url.endswith("/api/recognize") else None)
    for number, points in enumerate(CROSS, start=1):
        with sheet.expect_response(RECOGNIZE) as response:
            stroke(sheet, points)
        body = json.loads(response.value.request.post_data or "")
        assert len(body["strokes"]) == number
    reading = sheet.locator("#reading")
    expect(reading).to_have_attribute("data-state", "read")
    expect(reading).to_have_attribute("data-model", "tiny")
    letter = reading.get_attribute("data-letter")
    assert letter
    expect(sheet.locator(".guess-letter").first).to_have_text(letter)
    assert sheet.locator(".guesses li:visible").count() == 5
    assert sheet.locator("[data-part=input] rect").count() > 20
    assert letter in sheet.locator("[role=status][data-part=live]").inner_text()
    expect(sheet.locator("[data-part=model]")).to_have_attribute("href", f"/models/{model.pk}/")
    assert len(asked) == 2


def test_points_are_where_and_when_the_pointer_was(sheet: Page) -> None:
    with sheet.expect_request(RECOGNIZE) as request:
        stroke(sheet, [(0.25, 0.5), (0.75, 0.5)], steps=10)
    points = json.loads(request.value.post_data or "")["strokes"][0]
    side = sheet.locator("canvas").evaluate("canvas => canvas.clientWidth")
    assert points[0][:2] == pytest.approx([side * 0.25, side * 0.5], abs=1)
    assert points[-1][:2] == pytest.approx([side * 0.75, side * 0.5], abs=1)
    assert len(points) >= 10
    times = [point[2] for point in points]
    assert times == sorted(times)
    assert times[0] == 0


def test_undo_and_clear(sheet: Page) -> None:
    page, undo, clear = sheet, sheet.get_by_role("button", name="Undo"), sheet.get_by_role("button", name="Clear")
    root = page.locator("#draw")
    expect(undo).to_be_disabled()
    draw(page)
    undo.click()
    expect(root).to_have_attribute("data-strokes", "1")
    clear.click()
    expect(root).to_have_attribute("data-empty", "true")
    expect(page.locator("#reading")).to_have_attribute("data-state", "ready")
    assert page.locator("canvas").evaluate(INKED) == 0
    undo.click()  # clearing can be undone
    expect(root).to_have_attribute("data-strokes", "1")
    page.keyboard.press("Control+z")
    expect(root).to_have_attribute("data-strokes", "0")
    draw(page)
    page.keyboard.press("Escape")
    expect(root).to_have_attribute("data-empty", "true")


def test_every_tap_shows(sheet: Page) -> None:
    with sheet.expect_request(RECOGNIZE):
        sheet.mouse.click(*place(sheet, 0.5, 0.5))
    assert sheet.locator("canvas").evaluate(INKED) > 0.0003


@pytest.mark.parametrize("clear", ["Escape", "Delete", "button"])
def test_clearing_in_mid_stroke_leaves_a_living_pen(sheet: Page, clear: str) -> None:
    root, undo = sheet.locator("#draw"), sheet.get_by_role("button", name="Undo")
    sheet.mouse.move(*place(sheet, 0.2, 0.2))
    sheet.mouse.down()
    sheet.mouse.move(*place(sheet, 0.4, 0.4), steps=3)
    sheet.locator("[data-clear]").dispatch_event("click") if clear == "button" else sheet.keyboard.press(clear)
    expect(root).to_have_attribute("data-empty", "true")
    sheet.mouse.move(*place(sheet, 0.6, 0.6), steps=3)
    sheet.mouse.up()
    expect(root).to_have_attribute("data-empty", "true")
    undo.click()  # what was drawn so far comes back
    expect(root).to_have_attribute("data-strokes", "1")
    stroke(sheet, CROSS[1])
    expect(root).to_have_attribute("data-strokes", "2")


def test_clearing_takes_the_keyboards_pen_off(sheet: Page) -> None:
    sheet.locator("canvas").focus()
    for key in ("Space", "ArrowRight", "Escape", "ArrowRight", "Space", "ArrowDown", "Space"):
        sheet.keyboard.press(key)
    expect(sheet.locator("#draw")).to_have_attribute("data-strokes", "1")


@pytest.mark.parametrize("right_first", [True, False])
def test_a_right_click_in_mid_stroke_does_not_end_it(sheet: Page, right_first: bool) -> None:
    with sheet.expect_request(RECOGNIZE) as request:
        sheet.mouse.move(*place(sheet, 0.2, 0.2))
        sheet.mouse.down()
        sheet.mouse.move(*place(sheet, 0.4, 0.2), steps=3)
        sheet.mouse.down(button="right")
        if right_first:
            sheet.mouse.up(button="right")
        sheet.mouse.move(*place(sheet, 0.8, 0.2), steps=3)
        sheet.mouse.up()
        if not right_first:  # the left button was lifted, and that ends it
            sheet.mouse.move(*place(sheet, 0.8, 0.9), steps=3)
            sheet.mouse.up(button="right")
    (points,) = json.loads(request.value.post_data or "")["strokes"]
    side = sheet.locator("canvas").evaluate("canvas => canvas.clientWidth")
    assert max(x for x, _y, _t in points) == pytest.approx(0.8 * side, abs=1)
    assert max(y for _x, y, _t in points) == pytest.approx(0.2 * side, abs=1)
    expect(sheet.locator("#draw")).to_have_attribute("data-strokes", "1")


def test_the_drawing_outlives_a_switch_of_the_language_and_back(sheet: Page, live_server: LiveServer) -> None:
    root = sheet.locator("#draw")
    draw(sheet)
    sheet.get_by_role("button", name="русский", exact=False).click()
    expect(sheet.locator("html")).to_have_attribute("lang", "ru")
    expect(root).to_have_attribute("data-strokes", "2")
    expect(sheet.locator("#reading")).to_have_attribute("data-state", "read")
    sheet.goto(f"{live_server.url}/models/")
    sheet.go_back()
    expect(root).to_have_attribute("data-strokes", "2")
    stroke(sheet, [(0.5, 0.1), (0.5, 0.9)])  # the clock goes on: later than all before
    expect(root).to_have_attribute("data-strokes", "3")
    sheet.keyboard.press("Escape")
    sheet.reload()
    expect(root).to_have_attribute("data-empty", "true")


def test_the_keyboard_writes_too(sheet: Page) -> None:
    sheet.locator("canvas").focus()
    for key in ("Space", "ArrowRight", "Shift+ArrowDown", "Space"):
        sheet.keyboard.press(key)
    expect(sheet.locator("#reading")).to_have_attribute("data-state", "read")
    expect(sheet.locator("#draw")).to_have_attribute("data-strokes", "1")
    sheet.keyboard.press("Delete")
    expect(sheet.locator("#draw")).to_have_attribute("data-empty", "true")


def test_closing_the_menu_leaves_the_drawing(sheet: Page) -> None:
    sheet.set_viewport_size({"width": 390, "height": 844})
    draw(sheet)
    sheet.get_by_role("button", name="Menu").click()
    sheet.keyboard.press("Escape")
    expect(sheet.get_by_role("navigation", name="Pages")).to_be_hidden()
    expect(sheet.locator("#draw")).to_have_attribute("data-strokes", "2")


TURNED = """density => {
  const canvas = document.querySelector("canvas");
  return innerWidth === 844 && Math.abs(canvas.width - canvas.getBoundingClientRect().width * density) <= 1.01;
}"""


@pytest.mark.parametrize("density", [1, 2.75])
def test_ink_is_crisp_and_survives_a_turn_of_the_phone(
    new_context: CreateContextCallback, live_server: LiveServer, density: float
) -> None:
    page = new_context(viewport={"width": 390, "height": 844}, device_scale_factor=density).new_page()
    open_sheet(page, live_server.url)
    draw(page)
    before = page.locator("canvas").evaluate(INKED)
    assert before > 0.02
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_function(TURNED, arg=density)
    width, shown = page.locator("canvas").evaluate("canvas => [canvas.width, canvas.getBoundingClientRect().width]")
    assert width == pytest.approx(shown * density, abs=1.01)
    assert page.locator("canvas").evaluate(INKED) == pytest.approx(before, rel=0.05)
    stroke(page, [(0.5, 0.1), (0.5, 0.9)])
    expect(page.locator("#draw")).to_have_attribute("data-strokes", "3")


@pytest.fixture
def phone(new_context: CreateContextCallback, live_server: LiveServer) -> Page:
    """A phone with the draw page."""
    page = new_context(viewport={"width": 390, "height": 500}, has_touch=True, device_scale_factor=3).new_page()
    open_sheet(page, live_server.url)
    return page


class Hand:
    """Touches the screen through the browser itself, so that scrolling and cancelling are real."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session = page.context.new_cdp_session(page)

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        """One event; the order of the points names the fingers."""
        places = [place(self.page, *point) for point in points]
        fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        self.session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": fingers})


def test_a_finger_writes_and_the_page_stays(phone: Page) -> None:
    hand = Hand(phone)
    hand.touch("Start", (0.5, 0.8))
    for step in range(1, 9):
        hand.touch("Move", (0.5, 0.8 - step * 0.08))
    hand.touch("End")
    expect(phone.locator("#reading")).to_have_attribute("data-state", "read")
    assert phone.evaluate("scrollY") == 0


def test_a_second_finger_is_ignored(phone: Page) -> None:
    hand = Hand(phone)
    with phone.expect_request(RECOGNIZE) as request:
        hand.touch("Start", (0.2, 0.2))
        hand.touch("Start", (0.2, 0.2), (0.9, 0.9))
        hand.touch("Move", (0.3, 0.3), (0.9, 0.1))
        hand.touch("End")
    strokes = json.loads(request.value.post_data or "")["strokes"]
    side = phone.locator("canvas").evaluate("canvas => canvas.clientWidth")
    assert len(strokes) == 1
    assert max(x for x, _y, _t in strokes[0]) < 0.5 * side
    expect(phone.locator("#draw")).to_have_attribute("data-strokes", "1")


def test_a_cancelled_touch_leaves_nothing(phone: Page) -> None:
    hand = Hand(phone)
    hand.touch("Start", (0.2, 0.2))
    hand.touch("Move", (0.6, 0.6))
    hand.touch("Cancel")
    expect(phone.locator("#draw")).to_have_attribute("data-strokes", "0")
    expect(phone.locator("#reading")).to_have_attribute("data-state", "ready")


def test_the_pen_takes_over_from_the_palm(phone: Page) -> None:
    events = """canvas => {
      const box = canvas.getBoundingClientRect();
      canvas.setPointerCapture = () => {};
      const send = (kind, pointerType, pointerId, x) => canvas.dispatchEvent(new PointerEvent(kind, {
        pointerType, pointerId, clientX: box.x + x, clientY: box.y + x, button: 0, bubbles: true}));
      send("pointerdown", "touch", 7, 200); send("pointermove", "touch", 7, 210);
      send("pointerdown", "pen", 8, 10); send("pointermove", "pen", 8, 60);
      send("pointermove", "touch", 7, 220); send("pointerup", "pen", 8, 60); send("pointerup", "touch", 7, 220);
      send("pointerdown", "touch", 9, 230); send("pointerup", "touch", 9, 240);
    }"""
    with phone.expect_request(RECOGNIZE) as request:
        phone.locator("canvas").evaluate(events)
    strokes = json.loads(request.value.post_data or "")["strokes"]
    assert len(strokes) == 1
    assert [strokes[0][0][0], strokes[0][-1][0]] == pytest.approx([10, 60], abs=1)
    expect(phone.locator("#draw")).to_have_attribute("data-strokes", "1")


def test_the_latest_answer_wins(sheet: Page) -> None:
    held: list[Route] = []

    def answer_late(route: Route) -> None:
        if len(json.loads(route.request.post_data or "")["strokes"]) == 1:
            held.append(route)
        else:
            route.fulfill(json=answer("Я", 0.9))

    sheet.route(RECOGNIZE, answer_late)
    with sheet.expect_request(RECOGNIZE):
        stroke(sheet, CROSS[0])
    for points in CROSS[1:]:
        stroke(sheet, points)
    expect(sheet.locator("#reading")).to_have_attribute("data-letter", "Я")
    assert len(held) == 1
    assert held[0].request.failure  # the page has given the first question up


@pytest.mark.parametrize(("probability", "certainty"), [(0.97, "sure"), (0.35, "unsure")])
def test_a_doubtful_reading_looks_doubtful(sheet: Page, probability: float, certainty: str) -> None:
    sheet.route(RECOGNIZE, answering(answer("Щ", probability)))
    draw(sheet)
    expect(sheet.locator("#reading")).to_have_attribute("data-certainty", certainty)
    words = "Not sure: Щ or а?" if certainty == "unsure" else "97.0% sure"
    expect(sheet.locator("[data-part=verdict]")).to_have_text(words)


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (lambda route: route.abort(), "The server cannot be reached."),
        (answering({"error": "Too many readings."}, 429), "Too many readings."),
        (answering({"error": "There is no ink."}, 422), "There is no ink."),
        (lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"), "The server could not read this."),
    ],
    ids=["unreachable", "throttled", "refused", "gateway"],
)
def test_when_there_is_no_answer_the_drawing_stays(sheet: Page, handler: Callable[[Route], None], words: str) -> None:
    sheet.route(RECOGNIZE, handler)
    stroke(sheet, CROSS[0])
    reading = sheet.locator("#reading")
    expect(reading).to_have_attribute("data-state", "error")
    expect(sheet.locator("[data-part=error]")).to_contain_text(words)
    expect(sheet.locator("#draw")).to_have_attribute("data-strokes", "1")
    sheet.unroute(RECOGNIZE)
    stroke(sheet, CROSS[1])
    expect(reading).to_have_attribute("data-state", "read")
    expect(sheet.locator("#draw")).to_have_attribute("data-strokes", "2")


def test_a_connection_that_breaks_is_not_noticed(sheet: Page) -> None:
    sheet.route(RECOGNIZE, lambda route: route.abort("connectionreset"), times=1)
    stroke(sheet, CROSS[0])
    expect(sheet.locator("#reading")).to_have_attribute("data-state", "read")
