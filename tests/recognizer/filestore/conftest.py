"""A real S3 server, and machines that share it and nothing else."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from recognizer.filestore import objects
from recognizer.filestore.choice import chosen_store
from tests.faults.s3_server import BUCKET, S3Server, own_s3

Move = Callable[[str], Path]


@pytest.fixture(scope="session")
def started_s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with own_s3(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def s3(started_s3: S3Server, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[S3Server]:
    """The server, as the settings of this process choose it; nothing of other tests is below its prefix."""
    for name, value in started_s3.environment.items():
        if name.startswith("AWS"):
            monkeypatch.setenv(name, value)
    settings.STORAGES = settings.STORAGES | {"files": chosen_store(f"s3://{BUCKET}/{tmp_path.name}{os.getpid()}")}
    objects.store.cache_clear()
    yield started_s3
    objects.store.cache_clear()


@pytest.fixture
def move(settings: Settings, tmp_path: Path) -> Move:
    """Go to a machine: its folder of all state is its own."""

    def go(name: str) -> Path:
        settings.PROPIS_VAR = tmp_path / name
        settings.PROPIS_VAR.mkdir(exist_ok=True)
        return tmp_path / name

    return go
