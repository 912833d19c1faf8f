"""A folder, read like an archive. Links in it are refused, so that nothing from outside comes in."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from training.datasets.archives.base import Census, Content, Limits


class FolderArchive:
    """A folder on disk with its subfolders; files in the order of their names."""

    def __init__(self, path: Path, limits: Limits) -> None:
        """Walk the folder once and check everything in it."""
        self.path = path
        self.limits = limits
        census = Census(path.name, limits)
        self._paths = {census.add(name, size): name for name, size in _walk(path, "", census)}
        self.names = list(self._paths)

    def read(self, wanted: Callable[[str], bool]) -> Iterator[Content]:
        """Yield the wanted files."""
        for name, on_disk in self._paths.items():
            if wanted(name):
                yield self._content(name, self.path / on_disk)

    def close(self) -> None:
        """Nothing is kept open."""

    def _content(self, name: str, path: Path) -> Content:
        try:
            # NOFOLLOW: the file may have been replaced by a link since the walk.
            with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
                return Content(name, file.read(self.limits.file_bytes))
        except OSError as error:
            return Content(name, b"", error.strerror or str(error))


def _walk(root: Path, prefix: str, census: Census) -> Iterator[tuple[str, int]]:
    with os.scandir(root / prefix) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        name = prefix + entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(root, name + "/", census)
        elif entry.is_file(follow_symlinks=False):
            yield name, entry.stat(follow_symlinks=False).st_size
        else:
            census.refuse_special(name)
