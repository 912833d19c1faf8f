"""What all tests share: markers by folder, and the real archives where they are."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = {"browser": "browser", "services": "services", "faults": "faults"}


def data_folder() -> Path | None:
    """The folder of the real archives (PROPIS_DATA, or ../shared/data); None where it is not there."""
    folder = Path(os.environ.get("PROPIS_DATA", ROOT.parent / "shared" / "data"))
    return folder if (folder / "cmnist.zip").exists() else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their folder; skip those that need the real archives where there are none."""
    no_data = pytest.mark.skip(reason="the real archives are not here (PROPIS_DATA)")
    for item in items:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        if folder in FOLDERS:
            item.add_marker(FOLDERS[folder])
        if item.get_closest_marker("realdata") and data_folder() is None:
            item.add_marker(no_data)


@pytest.fixture
def real_archives() -> Path:
    """The folder of the two real archives."""
    folder = data_folder()
    assert folder is not None
    return folder
