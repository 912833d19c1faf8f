"""Browsers that know neither `light-dark()` nor popovers, as Safari 16: colours in both themes, a menu that opens."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.conftest import PATIENCE
from tests.browser.pages import Pages
from tests.browser.test_axe import PHONE

TOKENS = Path(settings.BASE_DIR, "static", "css", "tokens.css")
COLOURS = """(names) => names.map((name) => {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = `var(--${name})`;
  const [r, g, b] = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
  return "#" + [r, g, b].map((value) => value.toString(16).padStart(2, "0")).join("");
})"""


def forget_what_is_new(route: Route) -> None:
    """Serve a page or a style sheet as an old browser understands it; a button without a popover opens nothing."""
    answer = route.fetch()
    body = answer.text()
    assert "light-dark(" not in body
    body = body.replace(" popover>", ">").replace(":popover-open", ":not-known")
    route.fulfill(response=answer, body=body)


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """An old browser on a phone; a parameter tells whether it has JavaScript."""
    scripts = getattr(request, "param", True)
    made = browser.new_context(service_workers="block", viewport=PHONE, java_script_enabled=scripts)
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that has no popovers."""
    made = context.new_page()
    made.add_init_script("delete HTMLElement.prototype.popover")
    made.route(re.compile(r"/models/$|\.css$"), forget_what_is_new)
    yield made
    made.unroute_all(behavior="ignoreErrors")  # a style sheet may be on its way when the test ends


@pytest.mark.xdist_group("pages")
@pytest.mark.processor_seconds(600)  # a product is started
@pytest.mark.parametrize("chosen", [None, "light", "dark"])
def test_all_colours_are_there_in_both_themes(page: Page, pages: Pages, chosen: str | None) -> None:
    tokens = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", TOKENS.read_text())
    assert len(tokens) > 12
    page.goto(pages.addresses["recognizer:index"])
    if chosen:
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", chosen)
    systems: list[Any] = ["light", "dark"]
    for system in systems:
        page.emulate_media(color_scheme=system)
        place = 2 if (chosen or system) == "dark" else 1
        assert page.evaluate(COLOURS, [token[0] for token in tokens]) == [token[place] for token in tokens]


@pytest.mark.xdist_group("pages")
@pytest.mark.processor_seconds(600)
def test_the_menu_is_closed_until_it_is_opened(page: Page, pages: Pages) -> None:
    page.goto(pages.addresses["recognizer:index"])
    link = page.get_by_role("navigation").get_by_role("link", name="Runs")
    button = page.get_by_role("button", name="Menu")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(link).to_be_hidden()
    button.click()
    expect(link).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    button.click()
    link.click()
    expect(page.locator("h1")).to_have_text("Runs")


@pytest.mark.xdist_group("pages")
@pytest.mark.processor_seconds(600)
@pytest.mark.parametrize("context", [False], indirect=True)
def test_without_scripts_the_menu_stands_below_the_header(page: Page, pages: Pages) -> None:
    page.goto(pages.addresses["recognizer:index"])
    expect(page.get_by_role("button", name="Menu")).to_be_hidden()
    expect(page.get_by_role("navigation").get_by_role("link", name="Runs")).to_be_visible()
