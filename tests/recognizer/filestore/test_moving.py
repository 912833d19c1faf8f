"""Files that move from a folder to a store, and a backup of what is there."""

import json
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from keeping import kept_files
from keeping.errors import KeepingError
from keeping.restoring.restore import restore
from recognizer.filestore import objects
from recognizer.filestore.objects import opened
from tests.faults.s3_server import BUCKET, S3Server
from tests.recognizer.filestore.conftest import Move
from tests.recognizer.filestore.test_places import written

pytestmark = [pytest.mark.services, pytest.mark.processor_seconds(300)]
FILES = (
    "identity",
    "models/a.npz",
    "datasets/1/index.npz",
    "checkpoints/1/epoch-000001.npz",
    "uploads/archives/x/y.zip",
)


def moved(address: str, capsys: pytest.CaptureFixture[str]) -> dict[str, int]:
    call_command("move", files=address, json=True)
    figures: dict[str, int] = json.loads(capsys.readouterr().out)
    return figures


def test_files_are_sent_once_and_come_back(
    s3: S3Server, move: Move, settings: Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    storages = settings.STORAGES
    settings.STORAGES = {name: storage for name, storage in storages.items() if name != "files"}
    objects.store.cache_clear()
    address = f"s3://{BUCKET}/moved{os.getpid()}"
    one = move("one")
    for name in FILES:
        written(one / name, name.encode())
    written(one / "secret_key", b"secret")
    written(one / "datasets/1/.half-made", b"")
    first, second = moved(address, capsys), moved(address, capsys)
    assert (first["files"], first["copied"], second["files"], second["copied"]) == (5, 5, 5, 0)
    written(one / "models/a.npz", b"another")
    assert moved(address, capsys)["copied"] == 1, "only what differs is sent again"
    assert sorted(each.key for each in opened(address).below("")) == sorted(FILES)

    written(move("two") / "identity", b"another installation")
    with pytest.raises(CommandError, match="files of another installation"):
        moved(address, capsys)


def test_a_backup_takes_what_is_in_the_store(s3: S3Server, move: Move, tmp_path: Path) -> None:
    one = move("one")
    for name in (*FILES, "datasets/1/exports/csv.zip", "other/file"):
        objects.store().put(name, written(one / name, name.encode()))  # type: ignore[union-attr]
    move("two")
    kept_files.pin(tmp_path / "pinned")
    assert sorted(
        path.relative_to(tmp_path / "pinned").as_posix() for path in kept_files.kept(tmp_path / "pinned")
    ) == sorted(FILES)
    with pytest.raises(KeepingError, match="restored into a folder"):
        restore(tmp_path / "backup.zip")
    with pytest.raises(CommandError, match="in a store already"):
        call_command("move", files=f"s3://{BUCKET}/other")


def test_where_to_must_be_said(move: Move) -> None:
    move("one")
    with pytest.raises(CommandError, match="Say where to"):
        call_command("move")
    with pytest.raises(CommandError, match="--files is “/srv”: it must be like s3://bucket/prefix"):
        call_command("move", files="/srv")
