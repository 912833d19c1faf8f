"""What the tests of this folder share: a row of every kind, and people."""

from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings

from tests import world
from tests.hwrsite.rights.people import People
from training.jobs.lifecycle import waking


@pytest.fixture(autouse=True)
def few_rows(db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row of every kind, a folder of our own, and no message to a broker."""
    settings.PROPIS_VAR = tmp_path
    monkeypatch.setattr(waking, "wake", lambda kind: None)
    cache.clear()
    world.build(world.SMALL)


@pytest.fixture
def people() -> People:
    """People of every role."""
    return People()
