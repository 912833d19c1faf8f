"""An archive with archives in it, one level deep: the files of the inner ones follow those of the outer one."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

from training.datasets.archives.base import Archive, ArchiveLimits, Content, Counted
from training.datasets.locked_folder import locked_folder

ENDINGS = (".zip", ".npz", ".tar", ".tar.gz", ".tgz")
MOST = 20
"""Inner archives that are opened; the rest are files like others."""
PREFIX = "propis-nested-"
"""Folders of copies begin with it; those of processes that were killed are removed by the next that makes one."""
Opener = Callable[[Path, ArchiveLimits], Counted]


def inner_names(archive: Archive) -> list[str]:
    """Names of the archives in an archive that are opened."""
    return archives_in(archive)[:MOST]


def archives_in(archive: Archive) -> list[str]:
    """Names that end as those of archives do; of an opened archive: those that were not opened."""
    return [name for name in archive.names if name.lower().endswith(ENDINGS) and not name.startswith("__MACOSX/")]


class NestedArchive:
    """An outer archive and those in it. An inner name is the outer one's, a slash, and its own."""

    def __init__(self, outer: Counted, inner: list[str], open_inner: Opener, limits: ArchiveLimits) -> None:
        """Copy the inner archives to a temporary folder and open them.

        Raises:
            ArchiveError: one is damaged, or all together pass a limit.

        """
        self._outer = outer
        self._inner: dict[str, Archive] = {}
        with ExitStack() as stack:
            folder = stack.enter_context(locked_folder(Path(tempfile.gettempdir()), PREFIX, mode=0o700))
            left = _less(limits, outer)
            for number, name in enumerate(inner):
                own = folder / str(number)
                own.mkdir()
                path = own / name.rsplit("/", 1)[-1][-100:]
                with outer.open(name) as source, path.open("xb") as target:
                    shutil.copyfileobj(source, target, 2**20)
                opened = open_inner(path, left)
                stack.callback(opened.close)
                self._inner[name] = opened
                left = _less(left, opened)
            self._stack = stack.pop_all()
        self.question = next((each.question for each in (outer, *self._inner.values()) if each.question), None)
        self.names = [name for name in outer.names if name not in self._inner]
        self.names += [f"{prefix}/{name}" for prefix, archive in self._inner.items() for name in archive.names]

    def read(self, wanted: Callable[[str], bool]) -> Iterator[Content]:
        """Yield the wanted files, those of the outer archive first."""
        yield from self._outer.read(lambda name: name not in self._inner and wanted(name))
        for prefix, archive in self._inner.items():
            for content in archive.read(_under(prefix, wanted)):
                yield content._replace(name=f"{prefix}/{content.name}")

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open one file."""
        archive, own = _home(name, self._inner, self._outer)
        with archive.open(own) as file:
            yield file

    def close(self) -> None:
        """Close all, and remove the copies."""
        self._stack.close()
        self._outer.close()


def _less(limits: ArchiveLimits, archive: Counted) -> ArchiveLimits:
    """What is left of the limits after an archive."""
    files, total = limits.files - len(archive.names), limits.total_bytes - archive.unpacked_bytes
    return replace(limits, files=max(files, 0), total_bytes=max(total, 0))


def _under(prefix: str, wanted: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda name: wanted(f"{prefix}/{name}")


def _home(name: str, inner: Mapping[str, Archive], outer: Archive) -> tuple[Archive, str]:
    for prefix, archive in inner.items():
        if name.startswith(prefix + "/"):
            return archive, name.removeprefix(prefix + "/")
    return outer, name
