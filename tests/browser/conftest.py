"""Chromium for the browser tests: the system's, found on the path."""

import os
import shutil
from typing import Any

import pytest

# Playwright runs an event loop in the test's thread, which Django would take for a reason to refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the system's Chromium where there is one, else the one that Playwright installed."""
    path = os.environ.get("PROPIS_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    return browser_type_launch_args | {"args": ARGUMENTS} | ({"executable_path": path} if path else {})
