"""A pytest plugin for `tests/stages.py`: writes how long each test took to a file, where PROPIS_DURATIONS names one."""

import json
import os
from collections import defaultdict
from pathlib import Path

import pytest

SECONDS: defaultdict[str, float] = defaultdict(float)
"""By a test's name, its fixtures included; under xdist the process that hands out the tests has them all."""


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add a phase of a test."""
    SECONDS[report.nodeid] += report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the file."""
    if (path := os.environ.get("PROPIS_DURATIONS")) and "PYTEST_XDIST_WORKER" not in os.environ:
        Path(path).write_text(json.dumps(SECONDS), encoding="utf-8")
