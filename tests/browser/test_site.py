"""What all pages share: the switches of theme and language, the menu, charts that grow."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

PAPER = "getComputedStyle(document.documentElement).backgroundColor"


@pytest.fixture(autouse=True)
def database(transactional_db: None) -> None:
    """The pages look into the database."""


@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_theme_is_the_systems_until_switched(
    new_context: CreateContextCallback, live_server: LiveServer, system: Any
) -> None:
    page = new_context(color_scheme=system).new_page()
    page.goto(live_server.url)
    paper = page.evaluate(PAPER)
    assert paper == ("rgb(250, 246, 234)" if system == "light" else "rgb(28, 41, 37)")
    switch = page.get_by_role("button", name="Light or dark")
    switch.click()
    assert page.evaluate(PAPER) != paper
    page.goto(f"{live_server.url}/models/")
    assert page.evaluate(PAPER) != paper
    switch.click()  # back to what the system wants: nothing left to remember
    assert page.evaluate(PAPER) == paper
    assert page.evaluate("document.cookie.includes('theme')") is False


def test_the_language_is_switched_in_place(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/models/")
    page.get_by_role("button", name="русский", exact=False).click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    assert page.url == f"{live_server.url}/models/"


def test_the_menu_of_a_phone_opens_without_a_script(
    new_context: CreateContextCallback, live_server: LiveServer
) -> None:
    page = new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False).new_page()
    page.goto(live_server.url)
    link = page.get_by_role("navigation").get_by_role("link", name="Models")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    link.click()
    expect(page.locator("h1")).to_have_text("Models")


@pytest.mark.parametrize("width", [320, 390, 1440])
@pytest.mark.parametrize("address", ["/", "/models/", "/nowhere/"])
def test_no_page_is_wider_than_the_window(page: Page, live_server: LiveServer, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(live_server.url + address)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def curves(epochs: int, *, running: bool) -> dict[str, Any]:
    series = [
        {"label": name, "points": [[e, e / 10] for e in range(1, epochs + 1)]} for name in ("train", "validation")
    ]
    chart = {"kind": "line", "x": {"label": "epoch"}, "y": {"label": "accuracy", "format": "percent"}, "series": series}
    return {"running": running, "url": "/curves.json", "charts": {"accuracy": chart}}


def chart_page(epochs: int, *, running: bool) -> str:
    return f"""<!doctype html><html lang="en"><link rel="stylesheet" href="/static/css/tokens.css">
      <link rel="stylesheet" href="/static/css/chart.css"><script defer src="/static/unfold/js/chart/chart.js"></script>
      <script type="module" src="/static/js/chart.js"></script>
      <script type="application/json" id="curves">{json.dumps(curves(epochs, running=running))}</script>
      <figure class="chart" data-chart="accuracy" data-source="curves"><figcaption>Accuracy</figcaption>
      <div class="chart-plot"></div></figure></html>"""


def test_a_chart_grows_while_the_work_runs_and_then_rests(page: Page, live_server: LiveServer) -> None:
    asked: list[int] = []

    def answer(route: Route) -> None:
        asked.append(len(asked))
        if len(asked) == 1:
            route.fulfill(status=500, body="")  # a hiccup is asked again
        else:
            route.fulfill(json=curves(4 + len(asked), running=len(asked) < 3))

    page.route("**/curves.json", answer)
    policy = {"Content-Security-Policy": "default-src 'self'", "Content-Type": "text/html"}
    page.route("**/chart/", lambda route: route.fulfill(headers=policy, body=chart_page(2, running=True)))
    page.clock.install()
    page.goto(f"{live_server.url}/chart/")
    figure = page.locator("figure")
    expect(figure).to_have_attribute("data-points", "2")
    expect(figure.locator("canvas")).to_have_attribute("aria-label", "Accuracy")
    for points, running in (("2", "true"), ("6", "true"), ("7", "false")):
        page.clock.run_for(5000)
        expect(figure).to_have_attribute("data-points", points)
        expect(figure).to_have_attribute("data-running", running)
    page.clock.run_for(60_000)
    assert len(asked) == 3
