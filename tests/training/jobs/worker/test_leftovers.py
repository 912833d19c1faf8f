"""What killed processes leave is deleted once it is old, and nothing else."""

import os
import time
from pathlib import Path

import pytest
from pytest_django import Settings

from recognizer.core.files import replacing
from training.jobs.worker import leftovers

LEFT = [
    "queue/processed/1_a.training.msg",
    "queue/messages/1_a.training.msg.part",
    "uploads/tmpabc.upload.zip",
    "benchmark-x/results.json",
    ".disk-abc",
]
KEPT = [
    "queue/messages/1_b.training.msg",
    "secret_key",
    "static/.stamp",
    "datasets/1/index.npz",
    "uploads/archives/x/a",
]


@pytest.fixture
def var(settings: Settings, tmp_path: Path) -> Path:
    """The folder of all state, empty."""
    settings.PROPIS_VAR = tmp_path
    return tmp_path


def aged(path: Path, seconds: float) -> Path:
    """Make a file of this age."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}")
    for each in (path, path.parent):
        os.utime(each, (time.time() - seconds,) * 2)
    return path


def test_what_is_old_goes_and_what_is_young_or_in_use_stays(var: Path, settings: Settings) -> None:
    old = [aged(var / name, 2 * settings.LEFTOVERS_SECONDS) for name in (*LEFT, *KEPT)]
    young = aged(var / "queue/processed/2_c.training.msg", 5)
    assert leftovers.prune() == len(LEFT)
    assert [str(path.relative_to(var)) for path in old if path.exists()] == KEPT
    assert young.exists()


@pytest.mark.parametrize("folder", [".", "models", "checkpoints/7"])
def test_a_file_that_was_to_take_anothers_place_goes(var: Path, folder: str) -> None:
    target = var / folder / "epoch-000001.npz"
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target):
        [left] = target.parent.iterdir()
    left.touch()
    os.utime(left, (0, 0))
    assert leftovers.prune() == 1
    assert list(target.parent.iterdir()) == [target]


def test_folders_that_are_not_there_are_no_error(var: Path) -> None:
    assert leftovers.prune() == 0
