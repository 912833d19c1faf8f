"""A pytest plugin: a test's limit is processor time, its own and its children's, so that a busy machine fails nothing.

The limit is `processor_seconds` of pyproject.toml. A test with a mark of that name starts a whole product or does
something large: its limit is what the mark says. Time on the clock is limited by pytest-timeout, for all tests alike
and so generously that only what never ends fails: a slow or busy machine may need many times what a quiet one does.
What is tidied away at the end does not count: there a product ends that many tests have shared.
"""

import os
import signal
from collections.abc import Generator
from types import FrameType

import pytest

SECONDS = pytest.StashKey[float]()
"""What a test has used in its phases so far."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the limit from pyproject.toml."""
    parser.addini("processor_seconds", "processor time that a test may use, its children's included", default="60")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    """Limit the fixtures that a test is the first to use."""
    return (yield from _limited(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Limit the test itself."""
    return (yield from _limited(item))


def _limited(item: pytest.Item) -> Generator[None]:
    """Interrupt a phase where this process goes on beyond the limit."""
    limit = limit_of(item)

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        pytest.fail(f"it used more than {limit:g} s of processor time")

    before = signal.signal(signal.SIGPROF, interrupt)
    signal.setitimer(signal.ITIMER_PROF, max(limit - item.stash.get(SECONDS, 0.0), 0.001))
    try:
        return (yield from _counted(item))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _counted(item: pytest.Item) -> Generator[None]:
    """Fail the phase in which this process and its children together went beyond the limit."""
    limit, used, began = limit_of(item), item.stash.get(SECONDS, 0.0), _processor_seconds()
    try:
        result = yield
    finally:
        item.stash[SECONDS] = now = used + _processor_seconds() - began
    if used <= limit < now:
        pytest.fail(f"it used {now:.1f} s of processor time, its children's included; {limit:g} s are allowed")
    return result


def limit_of(item: pytest.Item) -> float:
    """Seconds of processor time that a test may use."""
    marked = item.get_closest_marker("processor_seconds")
    return float(marked.args[0] if marked else item.config.getini("processor_seconds"))


def _processor_seconds() -> float:
    """What this process and its children that have ended have used."""
    return sum(os.times()[:4])
