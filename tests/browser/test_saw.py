"""The panel “What the network saw” in a real Chromium: opened on demand, by pointer and keys, in narrow windows."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from recognizer import services
from recognizer.models import StoredModel
from tests.browser.test_axe import ALL, AXE, RUN
from tests.browser.test_draw import CROSS, WEIGHTS, draw, stroke
from tests.browser.test_network_twin import stored

ANGLE = [[(0.3, 0.85), (0.3, 0.15), (0.75, 0.15)]]


@pytest.fixture(autouse=True)
def model(transactional_db: None) -> StoredModel:
    """The shipped models; a small one is in service."""
    services.add_shipped()
    small = StoredModel.objects.get(name="small")
    services.activate(small)
    return small


@pytest.fixture
def sheet(page: Page, live_server: LiveServer) -> Iterator[Page]:
    """The draw page when it has the model's file; nothing may break its content security policy or throw."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Security Policy" in message.text else None)
    open_page(page, live_server)
    yield page
    assert problems == []


def open_page(page: Page, live_server: LiveServer) -> None:
    with page.expect_response(WEIGHTS):
        page.goto(live_server.url)
    page.wait_for_selector("#draw[data-listening]")


def open_panel(page: Page) -> Locator:
    """The panel, when it has told all."""
    page.locator("#saw > summary").click()
    return told(page)


def told(page: Page) -> Locator:
    panel = page.locator(".saw-panel")
    expect(panel).to_have_attribute("data-told", "all")
    return panel


def test_nothing_of_it_comes_before_it_is_opened(sheet: Page, model: StoredModel) -> None:
    asked: list[str] = []
    sheet.on("request", lambda request: asked.append(request.url))
    draw(sheet, ANGLE)
    assert not [url for url in asked if "saw" in url]
    panel = open_panel(sheet)
    assert [url for url in asked if "/js/saw/" in url]
    assert [len(grid.locator("rect").all()) - 2 for grid in panel.locator(".layer svg").all()] == [64, 32]
    expect(panel.locator(".output")).to_have_count(33)
    letter = str(sheet.locator("#reading").get_attribute("data-letter"))
    expect(panel.locator(".output[data-read=yes]")).to_have_text(letter)
    expect(panel.get_by_text(f"Why {letter}?")).to_be_visible()
    assert panel.locator("[data-part=ink] .for").count() > 10
    assert panel.locator("[data-part=ink] .against").count() > 0
    expect(panel.locator("[data-part=change] figure")).to_have_count(3)
    expect(panel.get_by_text("It becomes")).not_to_contain_text(f"It becomes {letter}:")
    expect(panel.get_by_text("are not on this server")).to_be_visible()


def test_it_follows_the_drawing(sheet: Page) -> None:
    draw(sheet, ANGLE)
    panel = open_panel(sheet)
    first = str(panel.locator(".output[data-read=yes]").inner_text())
    sheet.keyboard.press("Escape")
    expect(panel.get_by_text("Write a letter on the sheet")).to_be_visible()
    expect(panel.locator(".layer").first).to_be_hidden()
    draw(sheet, CROSS)
    told(sheet)
    expect(panel.locator(".output[data-read=yes]")).not_to_have_text(first)
    expect(panel.locator(".output[data-read=yes]")).to_have_text(
        str(sheet.locator("#reading").get_attribute("data-letter"))
    )


def test_all_of_it_by_keys(sheet: Page) -> None:
    draw(sheet, ANGLE)
    sheet.locator("#saw > summary").focus()
    sheet.keyboard.press("Enter")
    panel = told(sheet)
    slider = panel.get_by_role("slider", name="Layer 1: 64 neurons")
    slider.focus()
    for key, place in (("ArrowRight", 2), ("ArrowDown", 14), ("Home", 1), ("ArrowLeft", 1), ("End", 64)):
        sheet.keyboard.press(key)
        expect(slider).to_have_attribute("aria-valuenow", str(place))
    value = str(slider.get_attribute("aria-valuetext"))
    assert value.startswith("neuron 64: ")
    expect(panel.locator(".layer-note").first).to_have_text(value)

    other = panel.get_by_role("button", name="Ж,")
    other.focus()
    sheet.keyboard.press("Space")
    expect(other).to_have_attribute("aria-pressed", "true")
    expect(panel.get_by_text("Why not Ж?")).to_be_visible()
    told(sheet)
    expect(panel.get_by_text("It becomes Ж")).to_be_visible()
    back = panel.get_by_role("button", name="Back to the letter")
    back.focus()
    sheet.keyboard.press("Enter")
    expect(panel.get_by_text("Why not Ж?")).to_be_hidden()
    expect(panel.locator(".output[data-read=yes]")).to_be_focused()


def test_a_corrected_letter_is_told_from_what_the_network_says(sheet: Page) -> None:
    draw(sheet, ANGLE)
    panel = open_panel(sheet)
    own = panel.locator(".output[data-read=yes]").inner_text()
    sheet.get_by_label("Another letter", exact=True).select_option("Ж")
    sheet.locator("[data-part=confirm]").click()
    expect(panel.get_by_text(f"the network itself says {own}")).to_be_visible()
    expect(panel.locator(".output[data-read=yes]")).to_have_text(own)


def test_a_model_whose_inputs_only_the_server_makes(page: Page, live_server: LiveServer) -> None:
    thesis = stored((784, 30, 33), ink="raw-28", activation="sigmoid", precision="fp32")
    services.activate(StoredModel.objects.get(name=thesis.name))
    page.goto(live_server.url)
    page.wait_for_selector("#draw[data-listening]")
    draw(page, ANGLE)
    panel = open_panel(page)
    assert panel.locator("[data-part=ink] :is(.for, .against)").count() > 10
    expect(panel.locator("[data-part=change] figure")).to_have_count(3)


def test_another_model_came_into_service_meanwhile(page: Page, live_server: LiveServer) -> None:
    page.route(WEIGHTS, lambda route: route.abort())
    page.goto(live_server.url)
    page.wait_for_selector("#draw[data-listening]")
    services.activate(StoredModel.objects.get(name="tiny"))
    draw(page, ANGLE)
    page.locator("#saw > summary").click()
    expect(page.get_by_text("Another model is in service by now")).to_be_visible()


def test_without_workers_and_with_a_lost_panel(page: Page, live_server: LiveServer) -> None:
    page.add_init_script("delete window.Worker")
    page.route("**/saw/*.html", lambda route: route.abort())
    open_page(page, live_server)
    draw(page, ANGLE)
    page.locator("#saw > summary").click()
    expect(page.get_by_text("The server cannot be reached")).to_be_visible()
    page.locator("#saw > summary").click()
    page.unroute("**/saw/*.html")
    expect(open_panel(page).locator(".output")).to_have_count(33)


@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (1280, "dark")])
def test_it_fits_the_window_in_russian(
    new_context: CreateContextCallback, live_server: LiveServer, width: int, theme: str
) -> None:
    page = new_context(viewport={"width": width, "height": 700}, locale="ru-RU", color_scheme=theme).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(60_000)
    open_page(page, live_server)
    for points in ANGLE:
        stroke(page, points)
    expect(page.locator("#reading")).to_have_attribute("data-state", "read")
    panel = open_panel(page)
    expect(panel.get_by_text("Слой за слоем")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sides = panel.locator(".output").evaluate_all(
        "tiles => tiles.map((tile) => tile.getBoundingClientRect()).flatMap(({ width, height }) => [width, height])"
    )
    assert min(sides) >= 24, "too small to be tapped"
    panel.locator(".output").first.click()
    told(page)
    page.evaluate(AXE)
    assert page.evaluate(RUN, ALL) == []
