"""Rates so low that a test reaches them, however slow the machine is."""

from collections.abc import Iterable

import pytest
from ninja.throttling import BaseThrottle


def allow_in_an_hour(monkeypatch: pytest.MonkeyPatch, count: int, throttles: Iterable[BaseThrottle]) -> None:
    """Let each address ask `count` times, and no more in an hour."""
    for throttle in throttles:
        monkeypatch.setattr(throttle, "num_requests", count)
        monkeypatch.setattr(throttle, "duration", 3600)
