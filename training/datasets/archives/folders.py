"""A folder, read like an archive. Links in it are refused, so that nothing from outside comes in."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from training.datasets.archives.base import ArchiveLimits, Census, Content, damaged
from training.datasets.archives.names import NameDecoder, is_odd, undecoded


class FolderArchive:
    """A folder on disk with its subfolders; files in the order of their names."""

    def __init__(self, path: Path, limits: ArchiveLimits, encoding: str = "") -> None:
        """Walk the folder once and check everything in it; `encoding` is that of names that are no UTF-8."""
        self.path = path
        self.limits = limits
        census = Census(path.name, limits)
        found = {census.add(name, size): name for name, size in _walk(path, census)}
        odd = {name for name in found.values() if is_odd(name)}
        decoded = NameDecoder(map(undecoded, odd), path.name, encoding)
        self.question = decoded.question
        names = {each: census.checked_name(decoded(undecoded(each))) for each in odd}
        found = {names.get(on_disk, name): on_disk for name, on_disk in found.items()}
        self._paths = dict(sorted(found.items()))
        self.names = list(self._paths)
        self.unpacked_bytes = census.total

    def read(self, wanted: Callable[[str], bool]) -> Iterator[Content]:
        """Yield the wanted files."""
        for name, on_disk in self._paths.items():
            if wanted(name):
                yield self._content(name, self.path / on_disk)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open one file."""
        try:
            with self._file(self.path / self._paths[name]) as file:
                yield file
        except (OSError, KeyError) as error:
            raise damaged(self.path.name, error) from error

    def close(self) -> None:
        """Nothing is kept open."""

    def _content(self, name: str, path: Path) -> Content:
        try:
            with self._file(path) as file:
                return Content(name, file.read(self.limits.file_bytes))
        except OSError as error:
            return Content(name, b"", error.strerror or str(error))

    @staticmethod
    def _file(path: Path) -> IO[bytes]:
        # NOFOLLOW: the file may have been replaced by a link since the walk.
        return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb")


def _walk(root: Path, census: Census) -> Iterator[tuple[str, int]]:
    """Yield name and size of every file (no recursion: folders may be nested as deep as somebody likes)."""
    folders = [""]
    while folders:
        prefix = folders.pop()
        with os.scandir(root / prefix) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(f"{prefix}{entry.name}/")
                elif entry.is_file(follow_symlinks=False):
                    yield prefix + entry.name, entry.stat(follow_symlinks=False).st_size
                else:
                    census.refuse_special(prefix + entry.name)
