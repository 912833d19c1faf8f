"""State of its own for each test, and a small data set."""

from pathlib import Path

import pytest

from tests.training.datasets import making
from training.datasets.imports.pipeline import import_archive
from training.datasets.models import Dataset


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
