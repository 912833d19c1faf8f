"""What the tests of all long works share."""

from pathlib import Path

import pytest
from pytest_django import Settings

from training.jobs.lifecycle import waking
from training.jobs.models import Job


@pytest.fixture
def var(settings: Settings, tmp_path: Path) -> Path:
    """Folder of all state."""
    settings.PROPIS_VAR = tmp_path
    return tmp_path


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Kinds that were woken, instead of messages to a broker."""
    kinds: list[str] = []

    def wake(kind: type[Job]) -> None:
        kinds.append(kind.kind())

    monkeypatch.setattr(waking, "wake", wake)
    return kinds
