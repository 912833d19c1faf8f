"""The lists: ten runs on a screen and a half of a phone; models sorted and drawn, without JavaScript sorted too."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright.pytest_playwright import CreateContextCallback

from recognizer import services
from tests import world

SCREEN = 844
BOTTOMS = "rows => rows.map(row => row.getBoundingClientRect().bottom)"


@pytest.mark.processor_seconds(300)
def test_ten_runs_stand_on_a_screen_and_a_half(page: Page, transactional_db: None, live_server: LiveServer) -> None:
    world.build(world.Scale(runs=12, trials=10))
    page.set_viewport_size({"width": 390, "height": SCREEN})
    page.goto(f"{live_server.url}/runs/")
    rows = page.locator("#runs tbody tr:not(.sweep-head)")
    expect(rows).to_have_count(12)
    expect(page.locator("#runs .of-sweep tr")).to_have_count(11)
    top = page.locator("#runs").bounding_box()
    assert top is not None
    bottom = rows.evaluate_all(BOTTOMS)[9]
    assert bottom - top["y"] <= 1.5 * SCREEN
    expect(rows.nth(2)).to_contain_text("Seed 2")
    for words in ("last", "best"):
        expect(rows.nth(0).locator(f"td[data-label={words}]")).to_be_visible()


@pytest.mark.processor_seconds(300)
def test_models_are_sorted_without_a_script(
    new_context: CreateContextCallback, transactional_db: None, live_server: LiveServer
) -> None:
    services.add_shipped()
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/models/")
    page.get_by_label("Time on").select_option(index=1)
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="KB of the whole file").click()
    page.get_by_role("link", name="µs for one letter").click()
    expect(page.locator("[aria-sort=ascending]")).to_have_text("µs for one letter")
    expect(page.locator("tbody tr").first).to_have_attribute("data-model", "tiny")
    page.get_by_role("link", name="µs for one letter").click()
    expect(page.locator("[aria-sort=descending]")).to_have_text("µs for one letter")


@pytest.mark.processor_seconds(300)
def test_models_are_drawn_and_named(page: Page, transactional_db: None, live_server: LiveServer) -> None:
    services.add_shipped()
    page.goto(f"{live_server.url}/models/?sort=size")
    figure = page.locator("figure[data-chart=size]")
    expect(figure.locator("canvas")).to_be_visible()
    page.locator("a[data-point=best]").focus()
    expect(figure.locator("[data-chart-said]")).to_contain_text("best")
