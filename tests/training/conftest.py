"""What the tests of training share: state of their own, and no message to a broker."""

from pathlib import Path

import pytest
from pytest_django import Settings

from training.jobs.lifecycle import waking
from training.jobs.models import Job


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder for all state."""
    folder = tmp_path_factory.mktemp("var")
    settings.PROPIS_VAR = folder
    settings.PROPIS_IMPORT_ROOT = folder / "import"
    settings.PROPIS_IMPORT_ROOT.mkdir()
    return folder


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Kinds that were woken, instead of messages to a broker."""
    kinds: list[str] = []

    def wake(kind: type[Job]) -> None:
        kinds.append(kind.kind())

    monkeypatch.setattr(waking, "wake", wake)
    return kinds
