"""axe-core finds nothing on any page: WCAG 2.2 AA, both themes, phone and desktop, both languages."""

from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.browser.conftest import PATIENCE
from tests.browser.pages import Pages
from tests.browser.test_weight import PUBLIC

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ALL = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
"""What another theme can change."""
PHONE, DESKTOP = ViewportSize(width=390, height=844), ViewportSize(width=1440, height=900)
LOOKS: list[tuple[Any, Any, dict[str, Any]]] = [
    (PHONE, "light", ALL), (PHONE, "dark", COLOURS), (DESKTOP, "dark", ALL), (DESKTOP, "light", COLOURS),
]  # fmt: skip
RUN = """async (options) => (await axe.run(document, options)).violations.flatMap(({ id, nodes }) =>
  nodes.map(({ target, failureSummary }) => [id, ...target, failureSummary.split("\\n").at(-1).trim()].join(": ")))"""
FOREIGN = {"api:openapi-view"}
"""Swagger UI, which django-ninja ships as it is."""


@pytest.fixture(params=["en", "ru"])
def context(browser: Browser, request: pytest.FixtureRequest) -> Any:
    """A browser that speaks one of the two languages."""
    made = browser.new_context(locale=request.param, service_workers="block", viewport=PHONE)
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


def violations(page: Page) -> list[str]:
    """What axe says of a page as it is now, in all looks."""
    page.evaluate(AXE)
    found = []
    for viewport, theme, options in LOOKS:
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found += [f"{viewport['width']} {theme} {each}" for each in page.evaluate(RUN, options)]
    return found


@pytest.mark.xdist_group("pages")
@pytest.mark.timeout(600)  # a product is started
@pytest.mark.parametrize("section", [section for section in PUBLIC if section])
def test_no_page_has_a_fault(context: BrowserContext, pages: Pages, section: str) -> None:
    page, found = context.new_page(), {}
    for name, address in pages.of(section).items():
        if name not in FOREIGN:
            page.goto(address)
            found[name] = violations(page)
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.xdist_group("pages")
@pytest.mark.timeout(600)
def test_a_fault_would_be_found(context: BrowserContext, pages: Pages) -> None:
    page = context.new_page()
    page.goto(pages.addresses["recognizer:delete_drawings"])
    page.evaluate("""() => {
      document.querySelector("h1").style.color = "color-mix(in srgb, var(--text) 30%, var(--paper))";
      document.querySelector("main").append(document.createElement("input"));
    }""")
    found = [each.split(": ")[0] for each in violations(page)]
    assert found == ["390 light color-contrast", "390 light label", "390 dark color-contrast",
                     "1440 dark color-contrast", "1440 dark label", "1440 light color-contrast"]  # fmt: skip
