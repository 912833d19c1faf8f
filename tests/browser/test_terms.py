"""A word that explains itself: its sentence on hover, focus and tap, gone with Escape, within the window."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import Pages

pytestmark = pytest.mark.xdist_group("pages")
EPOCH = "One pass over all training pictures."


@pytest.mark.processor_seconds(600)  # a product is started
def test_a_term_explains_itself_to_pointer_and_keyboard(page: Page, pages: Pages) -> None:
    page.goto(pages.addresses["runs:detail"])
    term, note = page.locator("#live .term", has_text="epochs"), page.locator("#term-note")
    term.hover()
    expect(note).to_have_text(EPOCH)
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    term.focus()
    expect(note).to_be_visible()
    expect(term).to_have_attribute("aria-describedby", "term-note")
    page.locator("h1").click()
    expect(note).to_be_hidden()


@pytest.mark.processor_seconds(600)
def test_a_first_tap_explains_and_a_second_leads_to_the_glossary(browser: Browser, pages: Pages) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, reduced_motion="reduce")
    page = context.new_page()
    page.goto(pages.addresses["runs:detail"])
    term, note = page.locator("#live .term", has_text="epochs"), page.locator("#term-note")
    term.tap()
    expect(note).to_have_text(EPOCH)
    box = note.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert page.url == pages.addresses["runs:detail"]
    term.tap()
    page.wait_for_url("**/glossary/#epoch")
    context.close()
