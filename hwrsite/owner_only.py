"""The folder of all state is for its owner alone: people's drawings, passwords' hashes, keys."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def mend(folder: Path) -> list[Path]:
    """Take away the access that earlier versions, or a copy, gave to others; return the paths where that fails."""
    return [path for path in (folder, *_below(folder)) if not _is_mended(path)]


def _below(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        yield from (Path(here, name) for name in (*folders, *files))


def _is_mended(path: Path) -> bool:
    """Take away the access of others; False where that fails. A path that is gone, or a link, does not matter."""
    try:
        status = path.lstat()
        if status.st_mode & OTHERS and not stat.S_ISLNK(status.st_mode):
            path.chmod(stat.S_IMODE(status.st_mode) & ~OTHERS)
    except FileNotFoundError:
        pass
    except PermissionError:
        return False
    return True
