"""axe-core finds nothing on any page: WCAG 2.2 AA, both themes, phone and desktop, both languages.

Each page is looked at in each of the four looks: in two of them in English, in the other two in Russian. What a rule
says depends on theme and size, and on the texts, but not on the three together.
"""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import pytest
from django.contrib import admin
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.conftest import PATIENCE
from tests.browser.pages import Pages
from tests.browser.test_draw import draw
from tests.browser.test_draw_pictures import picture
from tests.browser.test_live import BAR, STEM
from tests.browser.test_weight import PUBLIC
from tests.walk import sign_in

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ALL = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
PHONE, DESKTOP = ViewportSize(width=390, height=844), ViewportSize(width=1440, height=900)
LOOKS: dict[str, list[tuple[ViewportSize, Any]]] = {
    "en": [(PHONE, "light"), (DESKTOP, "dark")],
    "ru": [(PHONE, "dark"), (DESKTOP, "light")],
}
"""By the language of the browser: both sizes and both themes in each."""
RUN = """async (options) => (await axe.run(document, options)).violations.flatMap(({ id, nodes }) =>
  nodes.map(({ target, failureSummary }) => [id, ...target, failureSummary.split("\\n").at(-1).trim()].join(": ")))"""
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""What follows the size of the window has seen it then."""
APPS = ("accounts", "keeping", "recognizer", "training")
"""Whose lists and forms stand in the admin. A user's own page is not looked at: the explanations beside Django's two
lists of groups have names where ARIA allows none."""
FOR_MEMBERS = ("overview/", "devices/this/", "devices/chips/new/", "devices/benchmarks/new/")
"""Pages of ours that are there, or have forms, for who is signed in."""
SCRIBBLE = [[(0.2 + 0.6 * (step * 7 % 10) / 9, 0.2 + 0.6 * (step * 3 % 8) / 7) for step in range(24)]]


@pytest.fixture(params=["en", "ru"])
def context(browser: Browser, request: pytest.FixtureRequest) -> Any:
    """A browser that speaks one of the two languages."""
    made = browser.new_context(locale=request.param, service_workers="block", viewport=PHONE)
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


def looks_of(page: Page) -> list[tuple[ViewportSize, Any]]:
    """In which looks a page is looked at."""
    language: str = page.evaluate("navigator.language")
    return LOOKS[language[:2]]


def violations(page: Page, looks: Sequence[tuple[ViewportSize, Any]] | None = None) -> list[str]:
    """What axe says of a page as it is now, in the looks of the language if nothing else is said."""
    page.evaluate(AXE)
    found = []
    for viewport, theme in looks or looks_of(page):
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.evaluate(PAINTED)
        found += [f"{viewport['width']} {theme} {each}" for each in page.evaluate(RUN, ALL)]
    return found


@pytest.mark.xdist_group("pages")
@pytest.mark.processor_seconds(600)  # a product is started
@pytest.mark.parametrize("section", [section for section in PUBLIC if section])
def test_no_page_has_a_fault(context: BrowserContext, pages: Pages, section: str) -> None:
    page, found = context.new_page(), {}
    for name, address in pages.of(section).items():
        page.goto(address)
        found[name] = violations(page)
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.xdist_group("pages")
@pytest.mark.processor_seconds(600)
def test_the_draw_page_has_none_in_any_state(context: BrowserContext, pages: Pages) -> None:
    page = context.new_page()
    with page.expect_response("**/*.npz"):
        page.goto(pages.addresses["recognizer:draw"])
    page.wait_for_selector("#draw[data-listening]")
    reading, found = page.locator("#reading"), {}
    page.locator(".menu-button").click()
    found["menu"] = violations(page, looks_of(page)[:1])  # of the phone
    page.keyboard.press("Escape")
    draw(page, [BAR, STEM])
    expect(page.locator("#correcting")).to_be_visible()
    found["read"] = violations(page)
    page.locator("#correcting-letter").select_option("Г")
    page.locator("[data-part=confirm]").click()
    expect(page.locator("[data-part=kept]")).to_be_visible()
    found["corrected"] = violations(page)
    page.locator(".donation-ask summary").click()
    page.locator("[data-agree]").click()
    found["donating"] = violations(page)
    page.keyboard.press("Escape")
    page.locator("canvas").focus()
    page.keyboard.press("Escape")
    draw(page, SCRIBBLE)
    expect(reading).to_have_attribute("data-certainty", "refused")
    found["refused"] = violations(page)
    page.route("**/api/**", lambda route: route.abort())
    page.set_input_files("#picture", {"name": "t.png", "mimeType": "image/png", "buffer": picture()})
    expect(reading).to_have_attribute("data-state", "error")
    found["error"] = violations(page)
    assert {state: faults for state, faults in found.items() if faults} == {}


@pytest.mark.xdist_group("pages")
@pytest.mark.processor_seconds(600)
def test_no_list_or_form_of_the_admin_has_a_fault(context: BrowserContext, pages: Pages) -> None:
    """Each in one of the looks, in another where the other language is spoken."""
    page, found = context.new_page(), {}
    sign_in(page, pages.product)
    addresses = admin_addresses()
    assert {"accounts/user/", "keeping/backup/", "recognizer/drawing/", "runs/run/"} <= set(addresses)  # all are found
    for number, address in enumerate(addresses):
        viewport, theme = looks_of(page)[number % 2]
        page.emulate_media(color_scheme=theme)  # the theme is chosen when a page comes
        answer = page.goto(f"{pages.product.url}/admin/{address}")
        assert answer is not None
        assert answer.status == 200 or (answer.status, address[-4:]) == (403, "add/"), address
        found[address] = violations(page, [(viewport, theme)])
    assert {address: faults for address, faults in found.items() if faults} == {}


def admin_addresses() -> list[str]:
    """The home of the admin, each list of ours, and each form of a new row; some of these there are not."""
    models = [model._meta for model in admin.site._registry if model.__module__.partition(".")[0] in APPS]
    return ["", *(f"{each.app_label}/{each.model_name}/{what}" for each in models for what in ("", "add/"))]


@pytest.mark.xdist_group("pages")
@pytest.mark.processor_seconds(600)
@pytest.mark.parametrize("context", ["ru"], indirect=True)
def test_pages_for_members_have_none(context: BrowserContext, pages: Pages) -> None:
    page, found = context.new_page(), {}
    sign_in(page, pages.product)
    for address in FOR_MEMBERS:
        page.goto(f"{pages.product.url}/{address}")
        found[address] = violations(page)
    assert {address: faults for address, faults in found.items() if faults} == {}


@pytest.mark.xdist_group("pages")
@pytest.mark.processor_seconds(600)
def test_a_fault_would_be_found(context: BrowserContext, pages: Pages) -> None:
    page = context.new_page()
    page.goto(pages.addresses["recognizer:delete_drawings"])
    page.evaluate("""() => {
      document.querySelector("h1").style.color = "color-mix(in srgb, var(--text) 30%, var(--paper))";
      document.querySelector("main").append(document.createElement("input"));
    }""")
    found = [each.split(": ")[0] for each in violations(page)]
    looks = [f"{viewport['width']} {theme}" for viewport, theme in looks_of(page)]
    assert found == [f"{look} {rule}" for look in looks for rule in ("color-contrast", "label")]
