"""How much a browser fetches for each public page at its first visit: requests, and bytes as they are sent."""

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.addresses import sections
from tests.browser.conftest import PATIENCE
from tests.browser.pages import Pages

PUBLIC = [section for section in sections() if not section.startswith("admin")]
REQUESTS, BYTES = 12, 150_000
"""For every page, the weights of the network apart."""
WEIGHTS = ".npz"
UNSEEN = "link[rel=icon], link[rel=manifest]"
"""What Chromium may fetch without telling the test."""
LIMITS = {
    "recognizer:draw": (9, 60_000),
    "study:index": (12, 400_000),  # eight experiments with their curves, each of them as a table, too
}
"""Pages that have limits of their own: requests, bytes."""


@pytest.mark.xdist_group("pages")
@pytest.mark.processor_seconds(600)  # a product is started
@pytest.mark.parametrize("section", PUBLIC)
def test_no_page_weighs_more_than_it_may(browser: Browser, pages: Pages, section: str) -> None:
    found = {name: weighed(browser, address) for name, address in pages.of(section).items()}
    heavy = {name: weight for name, weight in found.items() if exceeds(weight, LIMITS.get(name, (REQUESTS, BYTES)))}
    assert heavy == {}


@pytest.mark.xdist_group("pages")
@pytest.mark.processor_seconds(600)
def test_all_pages_are_among_them(pages: Pages) -> None:
    assert {"recognizer:draw", "copybook:index", "runs:detail", "sweeps:detail"} <= set(pages.addresses)
    assert {name for section in PUBLIC for name in pages.of(section)} == set(pages.addresses)


def exceeds(weight: tuple[int, int], limits: tuple[int, int]) -> bool:
    return weight[0] > limits[0] or weight[1] > limits[1]


def weighed(browser: Browser, url: str) -> tuple[int, int]:
    """Files and bytes of a first visit; headers count."""
    context = browser.new_context(service_workers="block", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    finished: dict[str, Request] = {}  # a picture with many uses may be asked for again while it is on its way
    page.on("requestfinished", lambda request: finished.update({request.url: request}))
    page.goto(url, wait_until="networkidle", timeout=PATIENCE)
    sizes = [each.sizes() for url, each in [*finished.items()] if not url.endswith(WEIGHTS)]
    unseen = sizes_of_unseen(page, set(finished))
    context.close()
    seen = [size["responseBodySize"] + size["responseHeadersSize"] for size in sizes]
    return len(seen) + len(unseen), sum(seen) + sum(unseen)


def sizes_of_unseen(page: Page, seen: set[str]) -> list[int]:
    addresses: list[str] = page.locator(UNSEEN).evaluate_all("(links) => links.map((link) => link.href)")
    return [len(page.request.get(address).body()) for address in addresses if address not in seen]
