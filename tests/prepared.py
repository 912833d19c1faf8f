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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.product import ROOT, embedded

FOLDER = ROOT / ".pytest_cache" / "prepared"
DATABASE = "propis.sqlite3"
PARTS = (
    *("accounts", "copybook", "hwrsite", "keeping", "recognizer", "training"),
    *("static", "locale", "requirements", "tests/world.py", "tests/faults/recipes.py"),
    *("tests/faults/sweep_under_kills.py", "tests/faults/postgres_server.py"),
)
"""The folders and files that what is prepared is made of."""
KEPT_SECONDS = 24 * 3600.0


def database() -> Path:
    """A SQLite file with every table and no row."""
    return folder("migrated", _migrate) / DATABASE


def large_database() -> Path:
    """A SQLite file with as many rows as a busy year leaves (`world.LARGE`)."""
    return folder("large", _fill, made_of=_makes_tables) / DATABASE


def product() -> Path:
    """The folder of a product that `manage.py setup` has set up; its worker will make a first data set."""
    return folder("set-up", lambda made: manage(made, "setup"), base=database().parent)


def product_with_data() -> Path:
    """The folder of a product whose worker has made the first data set."""
    work = "from training.datasets.tasks import import_next; import_next()"
    return folder("with-data", lambda made: manage(made, "shell", "--command", work), base=product())


def manage(made: Path, *words: str) -> None:
    """Run a management command in a folder that is being made."""
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(command, cwd=ROOT, env=embedded(made), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _migrate(made: Path) -> None:
    manage(made, "migrate", "--verbosity", "0")


def _fill(made: Path) -> None:
    _migrate(made)
    manage(made, "shell", "--command", "from tests import world; world.build(world.LARGE)")


def _makes_tables(path: Path) -> bool:
    """Whether a file of the code decides what stands in the large database."""
    return "migrations" in path.parts or path.name in ("models.py", "world.py")


def folder(
    name: str,
    make: Callable[[Path], object],
    *,
    base: Path | None = None,
    made_of: Callable[[Path], bool] = Path.is_file,
) -> Path:
    """A folder that `make` has filled; where two ask at once, the second waits for the first.

    It begins as a copy of `base`, and is made again when a file has changed that it is `made_of`: any file, if nothing
    else is said.
    """
    made = FOLDER / _state_of(made_of) / name
    with _lock():
        if not made.exists():
            _forget_older()
            _make(made, make, base)
    return made


@contextmanager
def _lock() -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make(made: Path, make: Callable[[Path], object], base: Path | None) -> None:
    """Fill a folder beside it first, so that one that is there is whole."""
    unfinished = made.with_name(f"{made.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    if base is None:
        unfinished.mkdir(parents=True)
    else:
        shutil.copytree(base, unfinished)
    make(unfinished)
    unfinished.rename(made)


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
