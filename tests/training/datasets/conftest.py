"""State of its own for each test, and a small data set."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.training.datasets import making
from training.datasets.importing import import_archive
from training.datasets.models import Dataset


@pytest.fixture(autouse=True)
def var(tmp_path: Path, settings: Settings) -> Path:
    """An empty folder for all state."""
    folder = tmp_path / "var"
    settings.PROPIS_VAR = folder
    settings.PROPIS_IMPORT_ROOT = folder / "import"
    settings.PROPIS_IMPORT_ROOT.mkdir(parents=True)
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A zip with eight pictures of each of three letters."""
    return making.write_zip(tmp_path / "letters.zip", making.folders())


@pytest.fixture
def dataset(archive: Path, db: None) -> Dataset:
    """It, imported."""
    return import_archive(archive, name="letters", letters=making.LETTERS)


def left_behind(var: Path) -> list[str]:
    """What lies in the folder of data sets."""
    folder = var / "datasets"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []
