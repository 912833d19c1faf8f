"""Files that move from a folder to a store, alone or with the rows, and a backup of what is there."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from keeping import kept_files
from keeping.errors import KeepingError
from keeping.restoring.restore import restore
from recognizer.filestore import objects
from recognizer.filestore.objects import opened
from tests import prepared
from tests.faults.rows import rows
from tests.faults.s3_server import BUCKET, S3Server
from tests.product import Product, embedded, own_postgres
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


def test_the_page_of_disk_use_shows_what_the_store_holds(s3: S3Server, move: Move, admin_client: Client) -> None:
    kept = written(move("one") / "uploads/archives/x/y.zip", bytes(3 * 2**20))
    objects.store().put("uploads/archives/x/y.zip", kept)  # type: ignore[union-attr]
    kept.unlink()
    page = admin_client.get("/admin/keeping/backup/disk-use/").text
    assert "The store of files holds:" in page
    assert "3.0\xa0MB" in page


def test_where_to_must_be_said(move: Move) -> None:
    move("one")
    with pytest.raises(CommandError, match="Say where to"):
        call_command("move")
    with pytest.raises(CommandError, match="--files is “/srv”: it must be like s3://bucket/prefix"):
        call_command("move", files="/srv")


MOVE = """
import json
from django.core.management import CommandError, call_command
from recognizer.donations.services import new_code
from training.datasets.models import Dataset
from tests import world
world.build(world.SMALL)
call_command("move", to={to!r}, files={files!r}, json=True)
call_command("move", to={to!r}, files={files!r}, json=True)
print(json.dumps(new_code()))
Dataset.objects.first().delete()
try:
    call_command("move", to={to!r}, files={files!r})
except CommandError as error:
    print(json.dumps(str(error)))
"""
THERE = """
import json
from django.core.management import call_command
from recognizer.donations.services import _is_ours
from recognizer.filestore import places
from training.datasets.models import Dataset
dataset = Dataset.objects.get(pk=1)
print(json.dumps(places.here(dataset.folder / "index.npz").read_text()))
print(json.dumps(_is_ours({code!r})))
call_command("disk_use", json=True)
dataset.delete()
call_command("disk_use", json=True)
"""
KEPT = {name: name for name in FILES} | {"secret_key": "a key that only this installation has, of fifty signs or so"}


def answers(product: Product, code: str) -> Iterator[Any]:
    done = product.manage("shell", "--no-imports", "-v0", "-c", code)
    return (json.loads(line) for line in done.stdout.splitlines())


def test_rows_and_files_move_together_and_the_product_goes_on_there(started_s3: S3Server, tmp_path: Path) -> None:
    old = Product(tmp_path / "old", embedded(tmp_path / "old") | {**started_s3.environment})
    new = Product(tmp_path / "new", embedded(tmp_path / "new") | {**started_s3.environment})
    for name in ("PROPIS_FILES", "PROPIS_SECRET_KEY"):
        old.environment.pop(name)
    shutil.copytree(prepared.database().parent, old.var)
    for name, content in KEPT.items():
        written(old.var / name, content.encode())
    files = f"s3://{BUCKET}/together{os.getpid()}"

    with own_postgres() as address:
        first, second, code, refused = answers(old, MOVE.format(to=address, files=files))
        assert (first["files"], first["copied"], second["copied"]) == (len(FILES), len(FILES), 0)
        assert (second["rows"], second["tables"]) == (first["rows"], first["tables"])
        assert "has rows already" in refused

        new.environment |= {"DATABASE_URL": address, "PROPIS_FILES": files, "PROPIS_SECRET_KEY": KEPT["secret_key"]}
        index, is_known, before, after = answers(new, THERE.format(code=code))
        assert index == "datasets/1/index.npz"
        assert is_known, "a deletion code of before"
        assert before["stored"]["data set"] == len(index)
        assert before["stored"]["run"] == len("checkpoints/1/epoch-000001.npz")
        assert not after["stored"].get("data set"), "its files went with its row"
        assert [row["pk"] for row in rows(new, "SELECT id AS pk FROM runs_run ORDER BY id")] == [1, 2]
