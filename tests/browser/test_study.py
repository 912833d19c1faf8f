"""The study's page in a real Chromium: the descent follows its sliders as the server computes it."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

TABLE = "#descent tbody tr"


@pytest.mark.parametrize(("v1", "v2", "rate"), [("1.5", "1", "0.1"), ("1.8", "1.4", "1"), ("-0.5", "-1.2", "0.4")])
def test_the_descent_is_that_of_the_server(
    transactional_db: None, page: Page, live_server: LiveServer, v1: str, v2: str, rate: str
) -> None:
    page.goto(f"{live_server.url}/study/")
    expect(page.locator("#descent button")).to_be_hidden()
    for name, value in {"v1": v1, "v2": v2, "rate": rate}.items():
        page.locator(f"#descent [name={name}]").fill(value)
    rows, outcome = page.locator(TABLE).all_text_contents(), page.locator("#descent-outcome").inner_text()
    assert f"v1={v1}&v2={v2}&rate={rate}" in page.url
    page.reload()
    assert page.locator(TABLE).all_text_contents() == rows
    assert page.locator("#descent-outcome").inner_text() == outcome
