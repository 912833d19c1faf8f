"""A page of our own scripts in a real Chromium, without a server: what it asks for is served from here."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Error, Page, Route, sync_playwright

from benchmarks.harness import BenchmarkRunError


@contextmanager
def served_page(address: str, serve: Callable[[Route], None]) -> Iterator[Page]:
    """Open the page at this address; `serve` answers all that it asks for.

    Raises:
        BenchmarkRunError: there is no Chromium.

    """
    path = os.environ.get("PROPIS_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        except Error as error:
            raise BenchmarkRunError(f"this needs Chromium: {error.message.splitlines()[0]}") from error
        page = browser.new_page()
        page.route("**/*", serve)
        page.goto(address)
        yield page
        browser.close()
