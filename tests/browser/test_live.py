"""The draw page reads by itself, as the pen moves, with the shipped model; the server answers where it cannot."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from recognizer import services
from recognizer.models import StoredModel
from tests.browser.test_draw import CROSS, RECOGNIZE, WEIGHTS, place, stroke
from tests.browser.writing import several, written
from training.datasets.synthesis.curves import curves
from training.datasets.synthesis.skeletons import Skeleton, skeletons

BAR, STEM = [(0.2, 0.2), (0.8, 0.2)], [(0.5, 0.2), (0.5, 0.8)]


@pytest.fixture(scope="module", autouse=True)
def bundled() -> None:
    """Here pages have the modules as they are written, as where nothing can be bundled."""


@pytest.fixture(autouse=True)
def model(transactional_db: None) -> StoredModel:
    """The shipped models, one of them in service."""
    services.add_shipped()
    return StoredModel.objects.get(is_active=True)


@pytest.fixture
def asked(context: BrowserContext) -> list[str]:
    """What the server is asked to read."""
    requests: list[str] = []
    context.on("request", lambda request: requests.append(request.url) if "/api/recognize" in request.url else None)
    return requests


@pytest.fixture
def sheet(page: Page, live_server: LiveServer, asked: list[str]) -> Iterator[Page]:
    """The draw page when it has the model's file; nothing may break its content security policy or throw."""
    problems: list[str] = []
    page.context.on("weberror", lambda error: problems.append(str(error.error)))
    page.context.on(
        "console", lambda message: problems.append(message.text) if "Security Policy" in message.text else None
    )
    with page.expect_response(WEIGHTS) as response:
        open_page(page, live_server)
    assert response.value.header_value("cache-control") == "public, max-age=31536000, immutable"
    yield page
    assert problems == []


def open_page(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    page.wait_for_selector("#draw[data-listening]")


def reading(page: Page, state: str) -> Any:
    found = page.locator("#reading")
    expect(found).to_have_attribute("data-state", state)
    return found


def test_a_letter_is_read_while_it_grows_and_said_when_the_pen_rests(sheet: Page, asked: list[str]) -> None:
    live = sheet.locator("[role=status][data-part=live]")
    sheet.mouse.move(*place(sheet, *BAR[0]))
    sheet.mouse.down()
    sheet.mouse.move(*place(sheet, *BAR[1]), steps=8)
    growing = reading(sheet, "growing")
    assert growing.get_attribute("data-letter") != ""
    assert growing.get_attribute("data-certainty") == ""
    expect(sheet.locator("[data-part=verdict]")).to_have_text("Reading as you write…")
    expect(sheet.locator(".guess-percent").first).to_be_hidden()
    assert live.inner_text() == ""
    sheet.mouse.up()
    stroke(sheet, STEM)
    settled = reading(sheet, "read")
    expect(settled).to_have_attribute("data-letter", "Т")
    expect(settled).to_have_attribute("data-certainty", "sure")
    expect(sheet.locator(".guess-percent").first).to_be_visible()
    assert live.inner_text().startswith("Т, ")
    expect(sheet.locator("[data-part=here]")).to_be_visible()
    expect(sheet.locator("[data-part=there]")).to_be_hidden()
    assert asked == []


@pytest.mark.processor_seconds(600)  # 33 letters, more than half a second for each of their strokes
def test_no_wrong_letter_is_sure_before_the_last_stroke(sheet: Page, asked: list[str]) -> None:
    skeletons = one_of_each()
    shown = written(several(sheet), [drawn(skeleton) for skeleton in skeletons], pause=600, frame=12)
    wrong = []
    for skeleton, letter in zip(skeletons, shown, strict=True):
        assert {state for state, _certainty, _letter in letter.growing} <= {"growing", "reading", "ready"}, letter
        assert letter.state == "read"
        wrong += [(skeleton.letter, read) for _state, certainty, read in letter.growing if certainty == "sure"]
    assert wrong == []
    assert asked == []


def one_of_each() -> list[Skeleton]:
    """The way of writing each letter that has the most strokes."""
    by_letter: dict[str, Skeleton] = {}
    for skeleton in skeletons():
        if len(skeleton.strokes) > len(by_letter.get(skeleton.letter, skeleton).strokes):
            by_letter[skeleton.letter] = skeleton
        by_letter.setdefault(skeleton.letter, skeleton)
    assert len(by_letter) == 33
    return list(by_letter.values())


def drawn(skeleton: Skeleton) -> list[list[list[float]]]:
    """Strokes of a skeleton, whose box is 100 wide, as parts of the sheet's side."""
    shapes = curves(skeleton)
    return [(0.15 + 0.007 * (shape.sharp @ shape.points)).tolist() for shape in shapes]


@pytest.mark.parametrize("what", ["no workers", "a worker that does not come"])
def test_without_a_worker_the_page_itself_reads(
    page: Page, live_server: LiveServer, asked: list[str], what: str
) -> None:
    if what == "no workers":
        page.add_init_script("delete window.Worker")
    else:
        page.route("**/network/worker*.js", lambda route: route.abort())
    with page.expect_response(WEIGHTS):
        open_page(page, live_server)
    stroke(page, BAR)
    stroke(page, STEM)
    expect(reading(page, "read")).to_have_attribute("data-letter", "Т")
    assert asked == []


@pytest.mark.parametrize("damage", ["another file", "cut off", "not there", "unreachable"])
def test_weights_that_are_not_right_leave_it_to_the_server(
    page: Page, live_server: LiveServer, asked: list[str], damage: str
) -> None:
    def answer(route: Route) -> None:
        if damage == "unreachable":
            route.abort()
        elif damage == "not there":
            route.fulfill(status=404)
        else:
            body = bytearray(route.fetch().body())
            body[-5000] ^= 1
            route.fulfill(body=bytes(body if damage == "another file" else body[:1000]))

    page.route(WEIGHTS, answer)
    open_page(page, live_server)
    with page.expect_response(RECOGNIZE):
        stroke(page, STEM)
    reading(page, "read")
    expect(page.locator("[data-part=there]")).to_be_visible()
    assert len(asked) == 1


def test_the_server_reads_until_the_weights_are_here(page: Page, live_server: LiveServer, asked: list[str]) -> None:
    held: list[Route] = []
    page.route(WEIGHTS, lambda route: held.append(route))
    open_page(page, live_server)
    with page.expect_response(RECOGNIZE):
        stroke(page, BAR)
    with page.expect_response(WEIGHTS):
        held[0].continue_()
    stroke(page, STEM)
    expect(reading(page, "read")).to_have_attribute("data-letter", "Т")
    expect(page.locator("[data-part=here]")).to_be_visible()
    assert len(asked) == 1


def test_the_next_page_reads_with_the_model_then_in_service(sheet: Page, model: StoredModel) -> None:
    other = StoredModel.objects.get(name="standard")
    services.activate(other)
    # The offline copy of the first page may still be fetching the weights of the model before.
    with sheet.expect_response(lambda response: other.file_sha256 in response.url):
        sheet.reload()
    stroke(sheet, CROSS[0])
    expect(reading(sheet, "read")).to_have_attribute("data-model", other.name)


def test_a_stroke_that_is_taken_back_leaves_the_reading_before(sheet: Page) -> None:
    stroke(sheet, BAR)
    stroke(sheet, STEM)
    reading(sheet, "read")
    sheet.evaluate("""() => {
      const canvas = document.querySelector("canvas");
      canvas.setPointerCapture = () => {};
      const send = (kind, x) => canvas.dispatchEvent(new PointerEvent(kind, {
        pointerType: "touch", pointerId: 3, clientX: 300 + x, clientY: 300 + x, button: 0, bubbles: true}));
      send("pointerdown", 0); send("pointermove", 50); send("pointercancel", 50);
    }""")
    expect(reading(sheet, "read")).to_have_attribute("data-letter", "Т")
    expect(sheet.locator("#draw")).to_have_attribute("data-strokes", "2")
