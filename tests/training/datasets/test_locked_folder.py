"""Folders of living processes stay, those of killed ones go."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import ROOT
from tests.training.datasets import making
from training.datasets.archives import nested, open_archive
from training.datasets.locked_folder import locked_folder

HOLD = """
import sys, time
from pathlib import Path
from training.datasets.locked_folder import locked_folder
with locked_folder(Path(sys.argv[1]), "held-") as folder:
    (folder / "work").write_text("half done")
    print(folder.name, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty folder."""
    path = tmp_path / "place"
    path.mkdir()
    return path


@pytest.fixture
def holder(place: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds a folder and has said its name."""
    command = [sys.executable, "-c", HOLD, str(place)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_folder_of_a_killed_process_is_removed_by_the_next(place: Path, holder: subprocess.Popen[str]) -> None:
    assert holder.stdout is not None
    name = holder.stdout.readline().strip()
    with locked_folder(place, "held-") as own:
        assert {path.name for path in place.iterdir()} == {name, own.name}

    holder.kill()
    holder.wait()

    assert [path.name for path in place.iterdir()] == [name]
    with locked_folder(place, "held-") as own:
        assert [path.name for path in place.iterdir()] == [own.name]
    assert list(place.iterdir()) == []


def test_copies_of_inner_archives_lie_in_such_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = making.write_zip(tmp_path / "b.zip", making.folders(1)).read_bytes()
    path = making.write_zip(tmp_path / "a.zip", {"1.zip": inner})

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()

    with open_archive(path) as archive:
        [folder] = (tmp_path / "temporary").iterdir()
        assert folder.name.startswith(nested.PREFIX)
        assert folder.stat().st_mode & 0o077 == 0
        assert len(archive.names) == 3
    assert not folder.exists()
