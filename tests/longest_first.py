"""A pytest plugin: of the tests that start products, those come first whose module may take longest.

One that began last would keep a process of the tests at work while the others have nothing left. How long a module may
take is what its `processor_seconds` marks say; modules that say the same stay in the order that they had.
"""

from collections import defaultdict
from pathlib import Path

import pytest

from tests.processor_time import limit_of

STARTING_PRODUCTS = ("browser", "services", "faults")
"""Marks of such tests."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort them, and leave all others behind them as they are."""
    limits: defaultdict[Path, float] = defaultdict(float)
    for item in items:
        if any(item.get_closest_marker(name) for name in STARTING_PRODUCTS):
            limits[item.path] = max(limits[item.path], limit_of(item))
    items.sort(key=lambda item: -limits[item.path])
