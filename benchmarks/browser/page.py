"""A page of our own scripts in a real Chromium, without a server: what it asks for is served from here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route

from benchmarks.browser.chromium import chromium


@contextmanager
def served_page(address: str, serve: Callable[[Route], None]) -> Iterator[Page]:
    """Open the page at this address; `serve` answers all that it asks for.

    Raises:
        BenchmarkRunError: there is no Chromium.

    """
    with chromium() as browser:
        page = browser.new_page()
        page.route("**/*", serve)
        page.goto(address)
        yield page
