"""One tap corrects a reading: the page learns it, keeps it on the device, and forgets it when told."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from recognizer import services
from recognizer.models import Drawing, StoredModel
from tests.browser.test_draw import CROSS, WEIGHTS, stroke

KEPT = "JSON.parse(localStorage.getItem('propis-corrections') ?? '[]')"
MIRRORED = [[(0.7, 0.2), (0.7, 0.8)], [(0.7, 0.2), (0.3, 0.2)], [(0.7, 0.5), (0.35, 0.5)], [(0.7, 0.8), (0.3, 0.8)]]
"""A Е that looks to the left, which others write as Э."""


@pytest.fixture(autouse=True)
def model(transactional_db: None) -> StoredModel:
    """The shipped models, one of them in service."""
    services.add_shipped()
    return StoredModel.objects.get(is_active=True)


@pytest.fixture
def sheet(page: Page, live_server: LiveServer) -> Iterator[Page]:
    """The draw page when it has the model's file; nothing is sent to the server, and nothing may throw."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Security Policy" in message.text else None)
    page.on("request", lambda request: problems.append(request.url) if request.method == "POST" else None)
    with page.expect_response(WEIGHTS):
        open_page(page, live_server)
    yield page
    assert problems == []


def open_page(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    page.wait_for_selector("#draw[data-listening]")


def write(page: Page, *, strokes: list[list[tuple[float, float]]] = MIRRORED, off: float = 0.0) -> Locator:
    """Write on a clean sheet, a little elsewhere and larger; what is read of it, settled."""
    page.keyboard.press("Escape")
    for points in strokes:
        stroke(page, [(x * (1 + off) - off / 3, y + off) for x, y in points])
    reading = page.locator("#reading")
    expect(reading).to_have_attribute("data-state", "read")
    return reading


def choose(page: Page, letter: str) -> None:
    page.get_by_label("Another letter").select_option(letter)
    page.locator("[data-part=confirm]").click()
    expect(page.get_by_text(f"Noted: {letter}.")).to_be_visible()


def test_a_corrected_letter_is_read_from_then_on_and_after_a_reload(sheet: Page) -> None:
    reading = write(sheet)
    assert reading.get_attribute("data-letter") != "Е"
    choose(sheet, "Е")
    expect(reading).to_have_attribute("data-letter", "Е")
    expect(sheet.get_by_text("from now on")).to_be_focused()

    expect(write(sheet, off=0.04)).to_have_attribute("data-letter", "Е")
    with sheet.expect_response(WEIGHTS):
        sheet.reload()
    sheet.wait_for_selector("#draw[data-listening]")
    expect(write(sheet, off=-0.04)).to_have_attribute("data-letter", "Е")
    assert [each["letter"] for each in sheet.evaluate(KEPT)] == ["Е"]
    assert not Drawing.objects.exists(), "nothing was given without consent"


def test_the_likeliest_letters_are_one_tap_away(sheet: Page) -> None:
    reading = write(sheet)
    before = reading.get_attribute("data-letter")
    likely = sheet.locator("[data-part=likely] button")
    expect(likely).to_have_count(4)
    assert before not in likely.all_inner_texts()
    second = likely.first.inner_text()
    likely.first.click()
    expect(reading).to_have_attribute("data-letter", second)
    likely.get_by_text(str(before), exact=True).click()
    expect(reading).to_have_attribute("data-letter", str(before))
    assert [each["letter"] for each in sheet.evaluate(KEPT)] == [before], "the last word counts"


def test_a_forgotten_hand_is_read_as_before_and_can_be_brought_back(sheet: Page) -> None:
    reading = write(sheet)
    before = str(reading.get_attribute("data-letter"))
    choose(sheet, "Е")
    sheet.get_by_role("button", name="Forget my hand").click()
    expect(reading).to_have_attribute("data-letter", before)
    assert sheet.evaluate(KEPT) == []

    sheet.locator("[data-part=restore]").click()
    expect(reading).to_have_attribute("data-letter", "Е")
    assert len(sheet.evaluate(KEPT)) == 1


def test_another_model_in_service_learns_the_same_drawings(
    sheet: Page, live_server: LiveServer, model: StoredModel
) -> None:
    write(sheet)
    choose(sheet, "Е")
    other = StoredModel.objects.get(name="standard")
    services.activate(other)
    # The offline copy of the first page may still be fetching the weights of the model before.
    with sheet.expect_response(lambda response: other.file_sha256 in response.url):
        sheet.reload()
    sheet.wait_for_selector("#draw[data-listening]")
    reading = write(sheet, off=0.04)
    expect(reading).to_have_attribute("data-letter", "Е")
    assert reading.get_attribute("data-model") != model.name


@pytest.mark.parametrize("stored", ["{", "7", json.dumps([{"letter": "Е", "strokes": [[["x", None]]]}, None])])
def test_storage_with_something_else_in_it_is_as_good_as_empty(sheet: Page, stored: str) -> None:
    before = write(sheet, strokes=CROSS).get_attribute("data-letter")
    sheet.evaluate("text => localStorage.setItem('propis-corrections', text)", stored)
    with sheet.expect_response(WEIGHTS):
        sheet.reload()
    sheet.wait_for_selector("#draw[data-listening]")
    expect(write(sheet, strokes=CROSS)).to_have_attribute("data-letter", str(before))
    expect(sheet.get_by_role("button", name="Forget my hand")).to_be_hidden()


def test_where_nothing_may_be_stored_it_lasts_as_long_as_the_page(page: Page, live_server: LiveServer) -> None:
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } });")
    with page.expect_response(WEIGHTS):
        open_page(page, live_server)
    write(page)
    choose(page, "Е")
    expect(write(page, off=0.04)).to_have_attribute("data-letter", "Е")


def test_few_drawings_of_a_letter_are_kept_and_few_points(sheet: Page) -> None:
    sheet.evaluate(
        """async () => {
          const { Corrections } = await import(new URL("/static/js/draw/corrections.js", location).href);
          const corrections = new Corrections();
          for (let number = 0; number < 40; number += 1) {
            corrections.add("АБВГДЕЖЗИЙКЛМНОПРСТУФХ"[number % 4 ? number % 22 : 0], [[[number, 0, 0], [0, 9, 1]]]);
          }
          corrections.add("Ж", [Array.from({ length: 1e5 }, (_, place) => [place, place, place])]);
        }"""
    )
    kept = sheet.evaluate(KEPT)
    assert [each["strokes"][0][0][0] for each in kept if each["letter"] == "А"] == [22, 24, 28, 32, 36]
    assert len(kept[-1]["strokes"][0]) == 1000


def test_without_the_weights_a_correction_waits(page: Page, live_server: LiveServer) -> None:
    page.route(WEIGHTS, lambda route: route.abort())
    open_page(page, live_server)
    write(page)
    choose(page, "Е")
    expect(page.get_by_text("as soon as this page reads by itself")).to_be_visible()
    page.unroute(WEIGHTS)
    with page.expect_response(WEIGHTS):
        page.reload()
    page.wait_for_selector("#draw[data-listening]")
    expect(write(page, off=0.04)).to_have_attribute("data-letter", "Е")
