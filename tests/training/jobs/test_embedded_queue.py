"""The file queue's old messages are pruned, and nothing else."""

import os
import time
from pathlib import Path

import pytest
from pytest_django import Settings

from training.jobs import embedded_queue


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """The folder of processed messages."""
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"processed_folder": str(tmp_path)}
    return tmp_path


def test_old_messages_go_and_young_ones_stay(folder: Path) -> None:
    for name, age in (("old", 2 * embedded_queue.KEEP_SECONDS), ("young", 5)):
        (folder / name).write_text("{}")
        os.utime(folder / name, (time.time() - age,) * 2)
    assert embedded_queue.prune() == 1
    assert [path.name for path in folder.iterdir()] == ["young"]


def test_a_folder_that_is_not_there_yet_is_no_error(settings: Settings, tmp_path: Path) -> None:
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"processed_folder": str(tmp_path / "none")}
    assert embedded_queue.prune() == 0


def test_a_server_as_broker_has_no_folder(settings: Settings) -> None:
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {}
    assert embedded_queue.prune() == 0
