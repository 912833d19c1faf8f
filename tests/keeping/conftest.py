"""An installation of the test's own: a folder of all state, whose SQLite database is the default one meanwhile."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from tests import prepared, world

FILES = {
    "secret_key": b"a key that nobody knows",
    "models/" + 64 * "a" + ".npz": b"weights",
    "datasets/1/pictures.bin": b"pictures" * 5000,
    "datasets/1/moments-2-train.npz": bytes(20_000),
    "checkpoints/2/epoch-000007.npz": b"parameters",
    "runs/1/misread.json": b"{}",
    "bundles/" + 64 * "b" + ".npz": b"images",
    "uploads/archives/c0ffee/letters.zip": b"letters",
    "published/" + 64 * "c" + ".zip": b"drawings",
}
"""What is kept, besides the identity."""
NOT_KEPT = ("queue/messages/1.msg", "static/a.css", "run/rates", "downloads/a.zip", "datasets/1/exports/csv.zip",
            "models/.b.npz.abcdefgh", "import/mine.zip", "backups/old.zip", "output.log")  # fmt: skip


def write(var: Path, name: str, content: bytes) -> None:
    path = var / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def tree(var: Path) -> dict[str, bytes]:
    """Every file below a folder, but locks and what SQLite has beside an open database."""
    found = (path for path in sorted(var.rglob("*")) if path.is_file())
    return {
        str(path.relative_to(var)): path.read_bytes()
        for path in found
        if path.name != "start.lock" and not path.name.endswith(("-wal", "-shm"))
    }


@pytest.fixture
def installed(
    tmp_path: Path, settings: Settings, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Path]:
    """Its folder, with a few rows of every kind and a few files."""
    var = tmp_path / "var"
    shutil.copytree(prepared.database().parent, var)
    for name, content in FILES.items():
        write(var, name, content)
    for name in NOT_KEPT:
        write(var, name, b"not kept")
    settings.PROPIS_VAR, settings.BACKUP_FOLDER = var, var / "backups"
    with django_db_blocker.unblock():
        connection.close()
        before = connection.settings_dict["NAME"]
        connection.settings_dict["NAME"] = str(var / prepared.DATABASE)
        world.build(world.SMALL)
        yield var
        connection.close()
        connection.settings_dict["NAME"] = before
