"""The copybook in a real Chromium: letters are shown, traced, judged, and what was written stays on the device."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from copybook.alphabets import ALPHABETS, letters
from copybook.paths import paths
from recognizer import services
from recognizer.models import ModelOrigin
from tests.browser.test_draw import Hand
from tests.recognizer.conftest import make_card, make_network

BASE, HEIGHTS = 0.7, {True: 0.36, False: 0.48}


@pytest.fixture(autouse=True)
def model(transactional_db: None) -> None:
    """A model in service; it reads nonsense, which is enough here."""
    network = make_network()
    services.activate(services.add_model(network, make_card(network, "tiny"), source=ModelOrigin.TRAINED))


@pytest.fixture
def copybook(page: Page, live_server: LiveServer) -> Iterator[Page]:
    """The copybook, ready; nothing may break its content security policy or throw."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Security Policy" in message.text else None)
    open_letter(page, live_server, "printed_capital", "Й")
    yield page
    assert problems == []


def open_letter(page: Page, live_server: LiveServer, alphabet: str, letter: str) -> None:
    page.goto(f"{live_server.url}/copybook/?alphabet={alphabet}&letter={letter}")
    page.wait_for_selector("#copybook[data-listening]")


def strokes_of(alphabet_name: str, letter: str) -> list[list[tuple[float, float]]]:
    """Each element of a letter, as parts of the sheet's side."""
    alphabet = next(each for each in ALPHABETS if each.name == alphabet_name)
    (taught,) = (each for each in letters() if each.letter == letter and each.alphabet == alphabet_name)
    scale = HEIGHTS[alphabet.is_small] / 100
    leaning = [[(x + alphabet.slant * (100 - y), y) for x, y in path.tolist()] for path in paths(taught)]
    places = [x for path in leaning for x, _y in path]
    left = 0.5 - scale * (min(places) + max(places)) / 2
    return [[(left + scale * x, BASE - scale * (100 - y)) for x, y in path] for path in leaning]


def write(page: Page, strokes: list[list[tuple[float, float]]]) -> None:
    box = page.locator("#copybook canvas").bounding_box()
    assert box
    for points in strokes:
        x, y = points[0]
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.mouse.down()
        for x, y in points[1:]:
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.mouse.up()
    expect(page.locator("#copybook")).to_have_attribute("data-strokes", str(len(strokes)))


def check(page: Page, verdict: str) -> str:
    page.get_by_role("button", name="Check").click()
    result = page.locator("[data-part=result]")
    expect(result).to_have_attribute("data-verdict", verdict)
    return result.inner_text()


def test_a_letter_that_is_traced_in_any_order_is_right(copybook: Page) -> None:
    write(copybook, [points[::-1] for points in reversed(strokes_of("printed_capital", "Й"))])
    said = check(copybook, "right")

    assert "Right: Й" in said
    assert "the order is another one: 1 left stem, 2 diagonal, 3 right stem, 4 breve" in said
    assert list(json.loads(copybook.evaluate("localStorage['propis-copybook']"))) == ["printed_capital/Й"]


def test_the_breve_that_is_missing_is_named_and_shown(copybook: Page) -> None:
    write(copybook, strokes_of("printed_capital", "Й")[:3])

    assert "Missing: breve of Й." in check(copybook, "missing")
    expect(copybook.locator(".model-wrong")).to_have_count(1)
    assert copybook.evaluate("localStorage['propis-copybook']") is None


def test_the_breve_that_is_elsewhere_is_named(copybook: Page) -> None:
    *others, breve = strokes_of("printed_capital", "Й")
    write(copybook, [*others, [(x, y + 0.65) for x, y in breve]])

    assert "Out of place: breve of Й." in check(copybook, "misplaced")


def test_nothing_and_something_else_are_told(copybook: Page) -> None:
    copybook.get_by_role("button", name="Check").click()
    expect(copybook.locator("[data-part=result]")).to_have_text("Nothing is written yet.")
    scribble = [(0.5 + 0.4 * ((k * 7 % 11) / 5 - 1), 0.5 + 0.4 * ((k * 5 % 13) / 6 - 1)) for k in range(40)]
    write(copybook, [scribble])
    assert check(copybook, "unlike").startswith("This does not look like Й yet.")


@pytest.mark.parametrize("alphabet", [each.name for each in ALPHABETS])
def test_each_letter_of_the_model_itself_is_right(page: Page, live_server: LiveServer, alphabet: str) -> None:
    open_letter(page, live_server, alphabet, "а" if alphabet.endswith("small") else "А")
    judged = page.evaluate(
        """async (alphabet) => {
          const { judge } = await import("/static/js/copybook/judge.js");
          const { alphabets } = await (await fetch("/copybook/letters.json")).json();
          return Object.entries(alphabets[alphabet].letters).map(([letter, elements]) => {
            const paths = elements.map(({ path }) => path);
            return [letter, judge(paths, paths).verdict];
          });
        }""",
        alphabet,
    )

    assert len(judged) == 33
    assert [letter for letter, verdict in judged if verdict != "right"] == []


def test_from_memory_the_model_is_hidden_until_checked(copybook: Page) -> None:
    copybook.locator("[name=mode][value=memory]").check()
    expect(copybook.locator("[data-part=model]")).to_be_hidden()
    write(copybook, strokes_of("printed_capital", "Й"))
    check(copybook, "right")
    expect(copybook.locator("[data-part=model]")).to_be_visible()
    assert copybook.get_by_role("radio", name="Й, from memory").count() == 1
    expect(copybook.locator("[data-part=known]")).to_have_text("1 of 132 letters written from memory")


def test_results_outlive_a_reload_and_can_be_forgotten_and_brought_back(copybook: Page) -> None:
    write(copybook, strokes_of("printed_capital", "Й"))
    check(copybook, "right")
    copybook.reload()
    expect(copybook.get_by_role("radio", name="Й, traced")).to_have_count(1)
    copybook.get_by_role("button", name="Forget them").click()
    expect(copybook.get_by_role("radio", name="Й, traced")).to_have_count(0)
    assert copybook.evaluate("localStorage['propis-copybook']") is None
    copybook.get_by_role("button", name="Bring them back").click()
    expect(copybook.get_by_role("radio", name="Й, traced")).to_have_count(1)


@pytest.mark.parametrize("stored", ["{", "[1]", '{"printed_capital/Й": {"trace": "x", "memory": 7}}'])
def test_odd_results_in_the_storage_are_ignored(copybook: Page, stored: str) -> None:
    copybook.evaluate("stored => localStorage['propis-copybook'] = stored", stored)
    copybook.reload()
    copybook.wait_for_selector("#copybook[data-listening]")
    expect(copybook.locator("[data-part=known]")).to_have_text("0 of 132 letters written from memory")


def test_a_forbidden_storage_is_borne(page: Page, live_server: LiveServer) -> None:
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no'); } })")
    open_letter(page, live_server, "printed_capital", "Т")
    write(page, strokes_of("printed_capital", "Т"))
    assert "Right: Т" in check(page, "right")


@pytest.mark.browser_context_args(reduced_motion="no-preference")
def test_the_way_is_shown_and_can_be_stopped(copybook: Page) -> None:
    root = copybook.locator("#copybook")
    copybook.get_by_role("button", name="Show how").click()
    expect(root).to_have_attribute("data-playing", "true")
    copybook.get_by_role("button", name="Pause").click()
    expect(root).to_have_attribute("data-playing", "false")
    copybook.get_by_role("button", name="Go on").click()
    expect(copybook.get_by_role("button", name="Show how")).to_be_visible()  # it has come to its end


def test_the_keyboard_writes_and_checks(copybook: Page) -> None:
    copybook.locator("canvas").focus()
    for key in ("Space", "ArrowRight", "ArrowRight", "Space", "Enter"):
        copybook.keyboard.press(key)
    expect(copybook.locator("[data-part=result]")).not_to_have_attribute("data-verdict", "")


def test_a_finger_writes(new_context: CreateContextCallback, live_server: LiveServer) -> None:
    page = new_context(viewport={"width": 390, "height": 844}, has_touch=True).new_page()
    open_letter(page, live_server, "printed_capital", "Т")
    page.locator("canvas").scroll_into_view_if_needed()
    hand = Hand(page)
    for points in strokes_of("printed_capital", "Т"):
        hand.touch("Start", points[0])
        for point in points[1:]:
            hand.touch("Move", point)
        hand.touch("End")
    assert "Right: Т" in check(page, "right")


def test_the_browser_reads_and_the_server_is_not_asked(copybook: Page) -> None:
    copybook.route("**/api/recognize", lambda route: route.abort())
    write(copybook, strokes_of("printed_capital", "Й"))

    check(copybook, "right")
    assert "could not be asked" not in copybook.locator("[data-part=result]").inner_text()


def test_the_next_letter_is_written_at_once(copybook: Page) -> None:
    copybook.get_by_role("button", name="Next letter").click()

    expect(copybook.locator("#copybook canvas")).to_be_focused()
    expect(copybook.get_by_role("application", name="Sheet to write К on")).to_have_count(1)


def test_letters_that_did_not_come_are_asked_for_again(page: Page, live_server: LiveServer) -> None:
    address = "**/copybook/letters.json"
    page.route(address, lambda route: route.fulfill(status=503))
    page.goto(f"{live_server.url}/copybook/")
    expect(page.locator("[data-part=result]")).to_have_text("The letters could not be loaded.")
    page.get_by_role("button", name="Load them again").click()
    expect(page.get_by_role("button", name="Load them again")).to_be_focused()
    page.unroute(address)
    page.get_by_role("button", name="Load them again").click()

    expect(page.locator("#copybook canvas")).to_be_focused()
    expect(page.get_by_role("radio", name="А", exact=True)).to_be_checked()
    expect(page.get_by_role("button", name="Load them again")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_the_copybook_is_no_wider_than_the_window(copybook: Page, width: int) -> None:
    copybook.set_viewport_size({"width": width, "height": 800})
    assert copybook.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_in_russian(new_context: CreateContextCallback, live_server: LiveServer) -> None:
    page: Any = new_context(locale="ru").new_page()
    open_letter(page, live_server, "cursive_small", "й")
    write(page, strokes_of("cursive_small", "й")[:1])
    page.get_by_role("button", name="Проверить").click()
    expect(page.locator("[data-part=result]")).to_contain_text("кратка")
