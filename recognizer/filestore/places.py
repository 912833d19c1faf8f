"""The files of the product, by their paths below the folder of all state.

Without a store each of these does what its name says to the file alone, and `here` and `keep` do nothing at all. With
one, the store has every file that was kept, and the folder only those that this machine needed lately (`cache`).
"""

import logging
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from recognizer.filestore import cache
from recognizer.filestore.errors import StoreAwayError
from recognizer.filestore.objects import has_store, store

logger = logging.getLogger(__name__)


def here(path: Path) -> Path:
    """Return a path, and bring its file here first where it is missing and the store has it.

    Raises:
        StoreAwayError: the store does not answer.

    """
    objects = store()
    if objects is None:
        return path
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        fetch(path)
    else:
        with suppress(FileNotFoundError):  # somebody has just made room
            os.utime(path, ns=(time.time_ns(), changed))
    return path


def fetch(path: Path) -> bool:
    """Bring a file here as the store has it, whatever is here; False where there is no store, or not in it.

    Raises:
        StoreAwayError: the store does not answer.

    """
    objects = store()
    if objects is None:
        return False
    try:
        objects.get(_key(path), path)
    except FileNotFoundError:
        return False
    cache.make_room(objects)
    return True


def keep(path: Path) -> None:
    """See that the store has a file, or all files directly in a folder, as they are here.

    Raises:
        StoreAwayError: the store does not answer.

    """
    objects = store()
    if objects is None:
        return
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        if file.is_file():
            objects.put(_key(file), file)


def drop_copy(path: Path) -> None:
    """Delete a file that the store has as well, where there is a store: nobody needs it here again."""
    if has_store():
        path.unlink(missing_ok=True)


def forget(path: Path) -> None:
    """Delete a file; nothing happens where there is none.

    Where the store does not answer, it keeps the file until the clock finds that no row speaks of it.
    """
    path.unlink(missing_ok=True)
    objects = store()
    if objects is not None:
        with _later(path):
            objects.delete(_key(path))


def forget_folder(folder: Path) -> None:
    """Delete a folder with all that is in it, as `forget` deletes a file."""
    shutil.rmtree(folder, ignore_errors=True)
    objects = store()
    if objects is not None:
        with _later(folder):
            for each in objects.below(f"{_key(folder)}/"):
                objects.delete(each.key)


def files_in(folder: Path) -> Iterator[Path]:
    """Yield the files directly in a folder, wherever they are, in the order of their names."""
    objects = store()
    if objects is None:
        if folder.is_dir():
            yield from sorted(path for path in folder.iterdir() if path.is_file())
        return
    start = f"{_key(folder)}/"
    names = (each.key.removeprefix(start) for each in objects.below(start))
    yield from (folder / name for name in sorted(names) if "/" not in name)


@contextmanager
def _later(path: Path) -> Iterator[None]:
    try:
        yield
    except StoreAwayError as error:
        logger.warning("%s is not deleted in the store of files yet: %s", path, error)


def _key(path: Path) -> str:
    return path.relative_to(settings.PROPIS_VAR).as_posix()
