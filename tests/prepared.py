"""State that takes long to make: an empty database, a product that is set up. Made once for each state of the code.

Tests copy it. It is kept in `.pytest_cache/`, so that the stages of the checks share it, and made again when any file
of the product has changed.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.product import ROOT, embedded

FOLDER = ROOT / ".pytest_cache" / "prepared"
DATABASE = "propis.sqlite3"
PARTS = (
    *("accounts", "copybook", "hwrsite", "recognizer", "training"),
    *("static", "locale", "requirements", "tests/world.py"),
)
"""The folders and files that what is prepared is made of."""
MIGRATE = ["migrate", "--verbosity", "0"]
KEPT_SECONDS = 24 * 3600.0


def database() -> Path:
    """A SQLite file with every table and no row."""
    return _prepared("migrated", MIGRATE) / DATABASE


def large_database() -> Path:
    """A SQLite file with as many rows as a busy year leaves (`world.LARGE`)."""
    build = ["shell", "--command", "from tests import world; world.build(world.LARGE)"]
    return _prepared("large", MIGRATE, build, made_of=_makes_tables) / DATABASE


def product() -> Path:
    """The folder of a product that `manage.py setup` has set up."""
    return _prepared("set-up", ["setup"])


def _makes_tables(path: Path) -> bool:
    """Whether a file of the code decides what stands in the large database."""
    return "migrations" in path.parts or path.name in ("models.py", "world.py")


def _prepared(name: str, *commands: Sequence[str], made_of: Callable[[Path], bool] = Path.is_file) -> Path:
    """A folder that management commands have filled; where two ask at once, the second waits for the first.

    It is made again when a file has changed that it is `made_of`: any file, if nothing else is said.
    """
    folder = FOLDER / _state_of(made_of) / name
    with _lock():
        if not folder.exists():
            _forget_older()
            _make(folder, commands)
    return folder


@contextmanager
def _lock() -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make(folder: Path, commands: Sequence[Sequence[str]]) -> None:
    """Fill a folder beside it first, so that one that is there is whole."""
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for words in commands:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=ROOT, env=embedded(unfinished), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    unfinished.rename(folder)


def _forget_older() -> None:
    """Remove what was prepared for code that is no more."""
    for folder in FOLDER.glob("*/"):
        if folder.is_dir() and folder.stat().st_mtime < time.time() - KEPT_SECONDS:
            shutil.rmtree(folder)


def _state_of(made_of: Callable[[Path], bool]) -> str:
    """A digest of each such file's name, size and time of its last change."""
    digest = hashlib.sha256(sys.prefix.encode())
    for part in PARTS:
        for path in [ROOT / part, *sorted((ROOT / part).rglob("*"))]:
            if path.is_file() and "__pycache__" not in path.parts and made_of(path):
                status = path.stat()
                digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]
