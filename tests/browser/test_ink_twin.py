"""The page's own inputs, made by its own modules in a real Chromium, are Python's byte by byte."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from recognizer import services
from recognizer.core.ink import SPECIFICATIONS, InkError, specification
from recognizer.core.model_card import ModelCard
from recognizer.models import ModelOrigin, StoredModel
from tests.browser.conftest import BARE
from tests.browser.ink_drawings import random_drawings, traced_letters
from tests.browser.ink_pictures import Picture, random_pictures
from tests.browser.test_draw import CROSS, RECOGNIZE, answer, draw, open_sheet, stroke
from tests.product import wait_until
from tests.recognizer.conftest import make_network
from tests.recognizer.core.ink_oddities import DRAWINGS as DRAWINGS_OF_NOTHING
from tests.recognizer.core.ink_oddities import PICTURES as PICTURES_OF_NOTHING
from tests.recognizer.core.test_ink_directions import EDGES

NAMES = [name for name in SPECIFICATIONS if name != "raw-28"]
STANDING = "moments-2"
DRAWINGS, FEWER, PER_LETTER, PICTURES, BATCH = 600, 300, 4, 120, 200
TRACED = 33 * PER_LETTER
LONGEST = 4.0  # milliseconds that the page may take for a drawing

START = """async () => {
  const { specification } = await import("/static/js/ink/specifications.js");
  window.outcome = (name, make) => {
    try {
      return btoa(String.fromCharCode(...make(specification(name))));
    } catch (error) {
      return `${error.constructor.name}: ${error.message}`;
    }
  };
}"""
DRAW = """([name, drawings]) =>
  JSON.parse(drawings).map((drawing) => outcome(name, (ink) => ink.fromStrokes(drawing)))"""
REFUSE = "([name, drawing]) => outcome(name, (ink) => ink.fromStrokes(drawing))"
LOOK = """([name, pictures]) => pictures.map(([width, height, content]) => {
  const data = Uint8ClampedArray.from(atob(content), (character) => character.charCodeAt(0));
  return outcome(name, (ink) => ink.fromPicture(new ImageData(data, width, height)));
})"""
OF_PICTURES = """([name, pictures]) => pictures.map((content) => outcome(name, (ink) =>
  ink.ofPicture(Uint8Array.from(atob(content), (character) => character.charCodeAt(0)))))"""
TIME = """drawings => JSON.parse(drawings).map((drawing) => {
  const start = performance.now();
  outcome("directions-1", (ink) => ink.fromStrokes(drawing));
  return performance.now() - start;
})"""
# What the page keeps for the drawing on its sheet.
OWN = "element => element.ink && btoa(String.fromCharCode(...element.ink))"
REFUSED: list[Any] = [
    [],
    [[], []],
    [[[float("nan"), 0]]],
    [[[0, float("inf")]]],
    [[[0, 0], [1.5e6, 0]]],
    [[[0, -1_000_000.1]]],
    [[[0]]],
    [[[]]],
    [[5]],
    [5],
    5,
    None,
    [[[i % 100, i % 97] for i in range(10_001)]],
    [[[i, i]] for i in range(1_001)],
    [*([[i, i]] for i in range(1_000)), []],
    [[[i % 2 * 100, i % 3 * 100] for i in range(9_000)]],  # a scribble
]


def put_in_service(ink: str) -> StoredModel:
    network = make_network(inputs=specification(ink).length)
    card = ModelCard.of(network, name=f"reads {ink}", ink_specification=ink)
    stored = services.add_model(network, card, source=ModelOrigin.TRAINED)
    services.activate(stored)
    return stored


@pytest.fixture
def model(transactional_db: None) -> StoredModel:
    """A model in service that wants the standing specification."""
    return put_in_service(STANDING)


@pytest.fixture
def sheet(page: Page, model: StoredModel, live_server: LiveServer) -> Page:
    """The draw page; its model wants the standing specification."""
    open_sheet(page, live_server.url)
    return page


@pytest.fixture(scope="module")
def twin(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """The specifications of the draw page, without the page."""
    page = browser.new_page()
    page.goto(live_server.url + BARE)
    page.evaluate(START)
    yield page
    page.close()


def as_text(values: np.ndarray[Any, np.dtype[np.uint8]]) -> str:
    return base64.b64encode(values.tobytes()).decode()


def drawn_by_python(drawing: Any, name: str = STANDING) -> str:
    try:
        return as_text(specification(name).from_strokes(drawing))
    except InkError as error:
        return f"{type(error).__name__}: {error}"


def looked_at_by_python(picture: Picture, name: str) -> str:
    try:
        return as_text(specification(name).from_picture(picture))
    except InkError as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("name", NAMES)
def test_drawings_are_pythons_byte_by_byte(twin: Page, name: str) -> None:
    count = DRAWINGS if name in ("moments-2", "directions-1") else FEWER
    traced = traced_letters(per_letter=PER_LETTER, seed=5)
    drawings = [*traced, *random_drawings(count - TRACED, np.random.default_rng(5))]
    assert len(drawings) == count
    for first in range(0, count, BATCH):
        batch = drawings[first : first + BATCH]
        for number, own in enumerate(twin.evaluate(DRAW, [name, json.dumps(batch)]), start=first):
            assert own == drawn_by_python(drawings[number], name), f"drawing {number}"


@pytest.mark.parametrize("name", NAMES)
def test_what_holds_no_letter_is_pythons_byte_by_byte(twin: Page, name: str) -> None:
    """Nothing, a dot, a line, nothing but ink: as strokes, as pictures, and as pictures that inputs are made of."""
    drawings = list(DRAWINGS_OF_NOTHING.values())
    drawn = twin.evaluate(DRAW, [name, json.dumps(drawings)])
    assert drawn == [drawn_by_python(drawing, name) for drawing in drawings]
    pictures = [np.dstack([grey, grey, grey, np.full_like(grey, 255)]) for grey in PICTURES_OF_NOTHING.values()]
    looked_at = twin.evaluate(LOOK, [name, [(*each.shape[1::-1], as_text(each)) for each in pictures]])
    assert looked_at == [looked_at_by_python(picture, name) for picture in pictures]
    edges = [*EDGES.values(), np.random.default_rng(8).integers(0, 2, (1, 784)).astype(np.uint8) * 255]
    found = twin.evaluate(OF_PICTURES, [name, [as_text(picture) for picture in edges]])
    assert found == [as_text(specification(name).of_pictures(picture)) for picture in edges]


@pytest.mark.parametrize("name", NAMES)
def test_pictures_are_pythons_byte_by_byte(twin: Page, name: str) -> None:
    pictures = random_pictures(PICTURES, np.random.default_rng(6))
    expected = [looked_at_by_python(picture, name) for picture in pictures]
    assert 5 <= sum(outcome.startswith("EmptyInkError") for outcome in expected) <= PICTURES // 5
    for first in range(0, PICTURES, 20):
        batch = [(picture.shape[1], picture.shape[0], as_text(picture)) for picture in pictures[first : first + 20]]
        for number, own in enumerate(twin.evaluate(LOOK, [name, batch]), start=first):
            assert own == expected[number], f"picture {number} of {pictures[number].shape}"


def test_refusals_are_pythons_word_for_word(twin: Page) -> None:
    for drawing in REFUSED:
        refusal = drawn_by_python(drawing)
        assert "InkError: " in refusal
        assert twin.evaluate(REFUSE, [STANDING, drawing]) == refusal


def test_a_drawing_takes_the_page_little_time(twin: Page) -> None:
    letters = traced_letters(per_letter=PER_LETTER, seed=5)
    times = twin.evaluate(TIME, json.dumps(letters))
    fastest, *others = np.percentile(times, [10, 50, 90, 100])  # in the others is what a busy machine did meanwhile
    assert fastest < LONGEST, others


def test_what_is_drawn_is_the_same_on_the_page_in_python_and_at_the_server(sheet: Page) -> None:
    for points in CROSS:
        with sheet.expect_response(RECOGNIZE) as response:
            stroke(sheet, points)
        answered = response.value.json()
        own = sheet.locator("#draw").evaluate(OWN)
        assert own == answered["input"]
        assert own == drawn_by_python(json.loads(response.value.request.post_data or "")["strokes"])
        assert answered["ink_specification"] == STANDING


def test_the_page_shows_what_the_network_sees_before_the_answer(sheet: Page) -> None:
    held: list[Route] = []
    sheet.route(RECOGNIZE, lambda route: held.append(route))
    figure = sheet.locator(".reading-input")
    expect(figure).to_be_hidden()
    stroke(sheet, CROSS[0])
    expect(figure).to_be_visible()
    expect(sheet.locator("[data-part=verdict]")).to_be_hidden()
    own = base64.b64decode(sheet.locator("#draw").evaluate(OWN))
    assert sheet.locator("[data-part=input] rect").count() == sum(value > 0 for value in own)
    stroke(sheet, CROSS[1])
    assert base64.b64decode(sheet.locator("#draw").evaluate(OWN)) != own
    place = figure.bounding_box()
    held[-1].fulfill(json=answer("Х", 0.9))
    expect(sheet.locator("[data-part=verdict]")).to_be_visible()
    assert figure.bounding_box() == place  # nothing moves when the answer comes
    sheet.keyboard.press("Escape")
    expect(figure).to_be_hidden()
    assert sheet.locator("#draw").evaluate(OWN) is None


def test_the_picture_follows_the_pen(sheet: Page) -> None:
    box = sheet.locator("canvas").bounding_box()
    assert box
    sheet.mouse.move(box["x"] + 50, box["y"] + 50)
    sheet.mouse.down()
    seen: list[str] = []
    for step in range(1, 4):
        sheet.mouse.move(box["x"] + 50 + 20 * step, box["y"] + 50 + 20 * step * step)
        wait_until(lambda: sheet.locator("#draw").evaluate(OWN) not in [None, *seen])
        seen.append(sheet.locator("#draw").evaluate(OWN))
        expect(sheet.locator(".reading-input")).to_be_visible()
    sheet.mouse.up()
    assert len({*seen}) == 3


def test_a_model_of_directions_shows_its_picture_and_on_a_click_the_maps(sheet: Page) -> None:
    put_in_service("directions-1")
    draw(sheet)  # this page makes inputs of the specification before; what it shows at last is the server's
    expect(sheet.locator("[data-part=maps]")).to_be_visible()
    sheet.reload()
    sheet.wait_for_selector("#draw[data-listening]")
    sheet.get_by_role("button", name="Clear").click()
    maps, cells = sheet.locator("[data-part=maps]"), sheet.locator("[data-part=map-cells] rect:not(.map-frame)")
    with sheet.expect_response(RECOGNIZE) as response:
        stroke(sheet, CROSS[0])
    answered = response.value.json()
    assert sheet.locator("#draw").evaluate(OWN) == answered["input"]
    assert answered["shape"] == [8, 7, 7]
    picture = specification("moments-2").from_strokes(json.loads(response.value.request.post_data or "")["strokes"])
    assert answered["picture"] == as_text(picture)
    expect(sheet.locator("[data-part=input] rect")).to_have_count(int(np.count_nonzero(picture)))
    expect(maps).to_be_visible()
    expect(cells).to_have_count(0)
    maps.locator("summary").click()
    values = np.frombuffer(base64.b64decode(answered["input"]), np.uint8)
    expect(cells).to_have_count(int(np.count_nonzero(values)))
    expect(sheet.locator("[data-part=map-cells] .map-frame")).to_have_count(8)
    stroke(sheet, CROSS[1])
    expect(cells).not_to_have_count(int(np.count_nonzero(values)))
    put_in_service(STANDING)
    stroke(sheet, CROSS[1])
    expect(maps).to_be_hidden()


def test_with_another_specification_the_page_waits_for_the_server(sheet: Page) -> None:
    put_in_service("raw-28")
    sheet.reload()
    sheet.wait_for_selector("#draw[data-listening]")
    draw(sheet)
    sheet.get_by_role("button", name="Clear").click()  # the drawing has outlived the reload
    expect(sheet.locator(".reading-input")).to_be_hidden()
    held: list[Route] = []
    sheet.route(RECOGNIZE, lambda route: held.append(route))
    with sheet.expect_request(RECOGNIZE):
        stroke(sheet, CROSS[0])
    expect(sheet.locator("#reading")).to_have_attribute("data-state", "reading")
    assert sheet.locator("#draw").evaluate(OWN) is None
    expect(sheet.locator(".reading-input")).to_be_hidden()
    held[0].continue_()
    expect(sheet.locator(".reading-input")).to_be_visible()
