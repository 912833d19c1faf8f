"""Backups and restores: everything comes back, or nothing is changed and one sentence says why."""

import errno
import fcntl
import hashlib
import json
import re
import shutil
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connection

from accounts.models import User
from keeping import installation, kept_files, services
from keeping.archive import writing
from keeping.archive.manifest import DATABASE, MANIFEST
from keeping.errors import KeepingError
from keeping.restoring import restore as restoring
from keeping.restoring import swap
from keeping.restoring.restore import restore
from keeping.rows import sequences, snapshot
from keeping.rows.databases import tables
from keeping.rows.digests import digest_of
from tests.keeping.conftest import FILES, NOT_KEPT, tree
from tests.product import ROOT
from training.jobs.models import WorkerProcess
from training.jobs.worker import presence

NEWER = "INSERT INTO django_migrations (app, name, applied) VALUES ('jobs', '9999_later', '2030-01-01')"
WORKER = """INSERT INTO jobs_workerprocess (name, host, queues, folder, has_files, seen_at)
VALUES ('vm:19819', 'vm', '[]', '/var', 1, ?)"""


def digests() -> dict[str, tuple[int, str]]:
    found = ((model, digest_of(model, DEFAULT_DB_ALIAS)) for model in tables())
    return {model._meta.db_table: (digest.count, digest.sha256) for model, digest in found}


@pytest.fixture
def backup(installed: Path, tmp_path: Path) -> Path:
    file = tmp_path / "propis.zip"
    writing.write(file)
    return file


def empty(var: Path) -> None:
    connection.close()
    shutil.rmtree(var)
    var.mkdir()


def test_destroyed_and_restored_every_row_and_file_is_back(installed: Path, backup: Path) -> None:
    rows, last, before = digests(), sequences.last_keys(DEFAULT_DB_ALIAS), tree(installed)
    assert rows["accounts_user"][0] == 1
    assert rows["runs_epoch"][0] == 6
    empty(installed)

    done = restore(backup)

    assert digests() == rows
    assert sequences.last_keys(DEFAULT_DB_ALIAS) == last
    connection.close()
    after = tree(installed)
    kept = {"identity", *FILES}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert not set(NOT_KEPT) & set(after)
    assert done.manifest.rows["accounts_user"] == 1
    assert stat.S_IMODE(backup.stat().st_mode) == stat.S_IMODE((installed / "secret_key").stat().st_mode) == 0o600


def test_without_the_secret_key_the_one_that_is_there_stays(installed: Path, tmp_path: Path) -> None:
    file = tmp_path / "propis.zip"
    writing.write(file, with_secret_key=False)
    empty(installed)
    (installed / "secret_key").write_text("another")
    restore(file)
    assert (installed / "secret_key").read_text() == "another"


def test_what_is_deleted_and_added_meanwhile_has_its_files(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run goes on while rows are copied: its older checkpoint is gone by then, a newer one is there."""
    take = snapshot.take
    old, new = (installed / "checkpoints" / "2" / f"epoch-00000{number}.npz" for number in (7, 9))

    def taken(path: Path) -> None:
        old.unlink()
        take(path)
        new.write_bytes(b"later parameters")

    monkeypatch.setattr(snapshot, "take", taken)
    manifest = writing.write(tmp_path / "propis.zip")
    assert {f"files/{path.relative_to(installed)}" for path in (old, new)} <= set(manifest.members)
    assert not list(installed.glob(f"{writing.PREFIX}*"))


def test_a_backup_that_waits_is_in_no_backup(installed: Path, tmp_path: Path) -> None:
    services.order("by hand")
    manifest = writing.write(tmp_path / "propis.zip")
    assert manifest.rows["keeping_backup"] == 1, "the one that failed before"


def rewritten(file: Path, change: Callable[[dict[str, bytes]], object]) -> None:
    """Change what is in a backup as somebody does who knows the format of zip files."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def change_manifest(**changes: Any) -> Callable[[Path], object]:
    def change(members: dict[str, bytes]) -> None:
        members[MANIFEST] = json.dumps(json.loads(members[MANIFEST]) | changes).encode()

    return lambda file: rewritten(file, change)


def lead_out(members: dict[str, bytes]) -> None:
    content = json.loads(members[MANIFEST])
    content["members"]["files/models/../../../evil"] = content["members"].pop("files/identity")
    members[MANIFEST] = json.dumps(content).encode()
    members["files/models/../../../evil"] = members.pop("files/identity")


def flip(file: Path) -> None:
    """Turn one bit of the pictures."""
    data = bytearray(file.read_bytes())
    data[data.index(b"picturespictures") + 100] ^= 1
    file.write_bytes(bytes(data))


def fewer_rows(members: dict[str, bytes]) -> None:
    counts = json.loads(members[MANIFEST])["rows"]
    change = {**json.loads(members[MANIFEST]), "rows": {**counts, "runs_run": counts["runs_run"] + 1}}
    members[MANIFEST] = json.dumps(change).encode()


def from_newer_code(file: Path) -> None:
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as database:
        database.execute(NEWER)
        database.commit()
    file.unlink()
    writing.write(file)
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as database:
        database.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
        database.commit()


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "cut short": (lambda file: file.write_bytes(file.read_bytes()[:-2000]), "is no backup of Propis, or was cut short"),
    "no zip": (lambda file: file.write_text("something else"), "is no backup of Propis, or was cut short"),
    "gone": (Path.unlink, "There is no file"),
    "a bit turned": (flip, "is damaged at files/datasets/1/pictures.bin"),
    "altered": (
        lambda file: rewritten(file, lambda members: members.update({"files/runs/1/misread.json": b"[]"})),
        "was altered: files/runs/1/misread.json",
    ),
    "a file less": (
        lambda file: rewritten(file, lambda members: members.pop("files/runs/1/misread.json")),
        "does not hold the files that its manifest names",
    ),
    "no manifest": (lambda file: rewritten(file, lambda members: members.pop(MANIFEST)), "it has no manifest"),
    "a later format": (change_manifest(format=99), "it has format 99, and this version reads 1"),
    "another product": (change_manifest(product="copybook"), "a backup of something else"),
    "a broken manifest": (change_manifest(members=[1]), "its manifest is damaged"),
    "other rows": (lambda file: rewritten(file, fewer_rows), "are not those that its manifest counts"),
    "a way out": (lambda file: rewritten(file, lead_out), "names a file where none belongs"),
    "newer code": (from_newer_code, r"made by a newer version of Propis \(jobs 9999_later\)"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_backup_is_refused_and_nothing_changes(installed: Path, backup: Path, damage: str) -> None:
    spoil, sentence = DAMAGES[damage]
    spoil(backup)
    connection.close()
    before = tree(installed)
    with pytest.raises(KeepingError, match=sentence):
        restore(backup, replace=True)
    connection.close()
    assert tree(installed) == before
    assert not (installed.parent.parent / "evil").exists()


def test_what_is_there_is_set_aside_only_if_that_is_asked_for(installed: Path, backup: Path) -> None:
    User.objects.create_user("later")
    with pytest.raises(KeepingError, match=r"is not empty\. With --replace what is there is set aside"):
        restore(backup)
    (installed / "runs" / "1" / "misread.json").write_bytes(b"later")

    done = restore(backup, replace=True)

    assert done.set_aside is not None
    assert not User.objects.filter(username="later").exists()
    assert (installed / "runs" / "1" / "misread.json").read_bytes() == b"{}"
    assert (done.set_aside / "runs" / "1" / "misread.json").read_bytes() == b"later"
    with closing(sqlite3.connect(done.set_aside / swap.OWN_DATABASE)) as old:
        assert old.execute("SELECT count(*) FROM accounts_user WHERE username = 'later'").fetchone() == (1,)


class PowerCutError(BaseException):
    """The end of the process."""


def test_killed_between_any_two_steps_it_is_gone_on_with(
    installed: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = digests()
    rename, left = Path.rename, [0]

    def until_the_cut(self: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] == 0:
            raise PowerCutError
        return rename(self, target)

    cuts = 0
    for number in range(1, 100, 3):
        User.objects.create_user(f"later {number}")
        left[0] = number
        with monkeypatch.context() as patched:
            patched.setattr(Path, "rename", until_the_cut)
            try:
                restore(backup, replace=True)
            except PowerCutError:
                cuts += 1
            else:
                break
        if swap.begun() is None:  # it had not begun to change anything
            assert User.objects.filter(username=f"later {number}").exists()
            continue
        assert swap.finish() is not None
        assert digests() == rows
        assert (installed / "secret_key").read_bytes() == FILES["secret_key"]
        assert not list(installed.glob(".restor*"))
    assert cuts > 5
    assert digests() == rows


def test_a_full_disk_leaves_no_backup(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing, "_add", full)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with pytest.raises(KeepingError, match="The disk is full: no backup was written"):
        writing.write(folder / "propis.zip")
    assert list(folder.iterdir()) == []
    assert not list(installed.glob(f"{writing.PREFIX}*"))


def test_a_restore_that_finds_no_room_does_not_begin(
    installed: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = shutil.disk_usage(installed)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: room)
    with pytest.raises(KeepingError, match=r"bytes are needed, and the disk has only 1,000 left"):
        restore(backup, replace=True)
    assert not list(installed.glob(f"{restoring.PREFIX}*"))


def test_nothing_is_restored_below_a_product_that_runs(installed: Path, backup: Path) -> None:
    lock = installed / "run" / "start.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(KeepingError, match=r"Propis runs with the folder .*: stop it first"):
            restore(backup, replace=True)


def test_a_backup_overwrites_nothing(installed: Path, backup: Path) -> None:
    with pytest.raises(KeepingError, match="is there already"):
        writing.write(backup)


def test_every_folder_of_the_code_is_kept_or_left_out_on_purpose() -> None:
    named = re.compile(r'PROPIS_VAR / "([\w.-]+)"')
    folders = ("hwrsite", "accounts", "recognizer", "training", "keeping")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    found = {name for path in files for name in named.findall(path.read_text(encoding="utf-8"))}
    assert found - {"propis.sqlite3"} <= {*kept_files.TOPS, *kept_files.LEFT_OUT}
    assert not {*kept_files.TOPS} & {*kept_files.LEFT_OUT}


def with_workers(file: Path) -> None:
    """What earlier versions wrote: the workers that were at work are in the copy."""

    def add(members: dict[str, bytes]) -> None:
        database = file.with_suffix(".sqlite3")
        database.write_bytes(members[DATABASE])
        with closing(sqlite3.connect(database)) as copy:
            copy.execute(WORKER, [datetime.now(UTC).replace(tzinfo=None).isoformat(" ")])
            copy.commit()
        content, manifest = database.read_bytes(), json.loads(members[MANIFEST])
        manifest["rows"]["jobs_workerprocess"] = 1
        manifest["members"][DATABASE] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        members.update({DATABASE: content, MANIFEST: json.dumps(manifest).encode()})

    rewritten(file, add)


@pytest.mark.parametrize("change", [lambda file: None, with_workers], ids=["of today", "of an earlier version"])
def test_workers_of_a_backup_do_not_live_where_it_is_restored(
    installed: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    presence.show(["training"])
    assert len(installation.living_workers()) == 1
    rows, file = digests(), tmp_path / "propis.zip"
    writing.write(file)
    assert len(installation.living_workers()) == 1, "the copy alone is without them"
    change(file)
    empty(installed)

    restore(file)
    assert installation.living_workers() == []
    restore(file, replace=True)

    assert WorkerProcess.objects.count() == 0
    rows.pop("jobs_workerprocess")
    after = digests()
    assert {table: after[table] for table in rows} == rows


def test_a_folder_that_others_may_read_is_the_owners_alone_after_a_restore(installed: Path, backup: Path) -> None:
    empty(installed)
    installed.chmod(0o755)
    restore(backup)
    assert stat.S_IMODE(installed.stat().st_mode) == 0o700
    assert not [path for path in installed.rglob("*") if path.stat().st_mode & 0o077]
