"""Whole walks without the admin's lists, with the clicks of each, which cannot grow."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.product import Product
from tests.walk import PATIENCE, TO_SERVICE, TO_TRAINING, Clicks, put_in_service, sign_in, succeeds

pytestmark = [pytest.mark.xdist_group("shared product"), pytest.mark.processor_seconds(600)]
TO_SEARCH = 2
TO_SMALLER, TO_MEASURED = 2, 2


def reload_until(page: Page, is_there: Callable[[], bool]) -> None:
    """Look at a page again until a worker's result is on it."""
    for _ in range(PATIENCE // 500):
        if is_there():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(page.content())


def test_from_a_sweep_to_its_best_trained_longer_in_service(page: Page, shared_product: Product) -> None:
    sign_in(page, shared_product)
    page.goto(f"{shared_product.url}/data/1/")
    clicks = Clicks(page)
    clicks.button("Search on this")
    page.fill("[name=sweep-changes]", "epochs=1\nhidden_layers=12\nbatch_size=256")
    page.fill("[name=sweep-vary_learning_rate]", "0.01, 0.001")
    clicks.button("Start search")
    assert clicks.count <= TO_SEARCH
    longer = page.get_by_role("link", name="Train the best longer")
    expect(page.get_by_role("heading", name="The best", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(longer).to_be_visible()
    before = clicks.count
    clicks.button("Train the best longer")
    expect(page.locator("[name=epochs]")).to_have_value("2")
    expect(page.locator(".recipe mark").filter(has_text=re.compile("^2$")).first).to_be_visible()
    clicks.button("Start training")
    assert clicks.since(before) <= TO_TRAINING
    succeeds(page)
    expect(page.get_by_role("link", name=re.compile("^Compare with run"))).to_be_visible()
    before = clicks.count
    put_in_service(clicks)
    assert clicks.since(before) <= TO_SERVICE
    clicks.button("Roll back…")
    clicks.button("Roll back")
    expect(page.locator(".messages")).to_contain_text("reads letters from now on")


def test_from_a_model_to_a_smaller_one_measured_beside_it(page: Page, shared_product: Product) -> None:
    sign_in(page, shared_product)
    page.goto(f"{shared_product.url}/models/")
    page.get_by_role("link", name="tiny", exact=True).click()
    clicks = Clicks(page)
    clicks.button("Shrink")
    page.select_option("[name=precision]", "int8")
    clicks.button("Shrink")
    assert clicks.count <= TO_SMALLER
    smaller = page.locator("#relatives ~ .table-scroll").get_by_role("link", name="tiny int8", exact=True)
    reload_until(page, lambda: smaller.count() > 0)
    smaller.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("tiny int8")
    before = clicks.count
    clicks.button("Measure speed")
    clicks.button("Start measuring")
    assert clicks.since(before) <= TO_MEASURED
    row = page.locator("tr.current")
    expect(row).to_contain_text("int8")
    reload_until(page, lambda: row.locator("td", has_text=re.compile(r"µs|ms")).count() > 0)
    beside = page.locator("#relatives ~ .table-scroll").get_by_role("link", name="tiny", exact=True)
    expect(beside).to_be_visible()
