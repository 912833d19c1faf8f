"""The Chromium that benchmarks measure in."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from benchmarks.harness import BenchmarkRunError

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ARGUMENTS = ("--no-sandbox", "--disable-gpu")


@contextmanager
def chromium() -> "Iterator[Browser]":
    """Open the system's Chromium, else Playwright's own, with no window.

    Raises:
        BenchmarkRunError: there is none, or Playwright is not installed.

    """
    try:
        from playwright.sync_api import Error, sync_playwright  # a package of the checks: `make setup` installs it
    except ImportError as error:
        raise BenchmarkRunError("This needs Chromium and Playwright: run make setup first.") from error
    path = os.environ.get("PROPIS_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        except Error as error:
            raise BenchmarkRunError(f"this needs Chromium: {error.message.splitlines()[0]}") from error
        try:
            yield browser
        finally:
            browser.close()


def name_of(browser: "Browser") -> str:
    """What a report says of it."""
    return f"Chromium {browser.version}, headless"
