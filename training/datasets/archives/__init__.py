"""Archives, read as a stream of named contents: zip, tar, tar.gz, a folder, or one file of data.

Nothing is unpacked to disk but archives within an archive, which lie in a temporary folder while it is open.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from recognizer.messages import gettext as _
from training.datasets.archives.base import Archive, ArchiveLimits, Content, Counted
from training.datasets.archives.folders import FolderArchive
from training.datasets.archives.nested import NestedArchive, archives_in, inner_names
from training.datasets.archives.single import ENDINGS as SINGLE
from training.datasets.archives.single import SingleFile
from training.datasets.archives.tars import TarArchive, looks_like_tar
from training.datasets.archives.zips import ZipArchive, looks_like_zip
from training.datasets.errors import ArchiveError

__all__ = ["Archive", "ArchiveLimits", "Content", "archives_in", "is_archive", "open_archive"]


@contextmanager
def open_archive(path: Path, limits: ArchiveLimits | None = None, encoding: str = "") -> Iterator[Archive]:
    """Open an archive or a folder, by what it is and not by its name's ending, and check every name and size in it.

    Args:
        path: what to open.
        limits: how much it may hold.
        encoding: of names that do not say theirs, where a person has said it.

    Raises:
        ArchiveError: it is missing, not an archive, damaged, or something in it is not allowed.

    """
    limits = limits or ArchiveLimits()
    archive: Archive
    try:
        archive = outer = _opened(path, limits, encoding)
        if inner := inner_names(outer):
            archive = NestedArchive(outer, inner, partial(_opened, encoding=encoding), limits)
    except OSError as error:
        raise ArchiveError(
            _("%(path)s cannot be read: %(reason)s.") % {"path": path, "reason": error.strerror or error}
        ) from error
    with closing(archive):
        yield archive


def _opened(path: Path, limits: ArchiveLimits, encoding: str) -> Counted:
    if path.is_dir():
        return FolderArchive(path, limits, encoding)
    if not path.exists():
        raise ArchiveError(_("There is no file or folder %(path)s.") % {"path": path})
    if not path.is_file():
        raise ArchiveError(_("%(path)s is neither a file nor a folder.") % {"path": path})
    if path.name.lower().endswith(SINGLE):
        return SingleFile(path, limits)
    with path.open("rb") as file:
        kind = _kind(file)
    if kind is None:
        raise ArchiveError(_("%(name)s is not a zip or tar archive.") % {"name": path.name})
    return kind(path, limits, encoding)


def is_archive(file: IO[bytes], name: str = "") -> bool:
    """Whether a file looks like an archive, or is named as a single file of data; what is in it is not looked at."""
    return name.lower().endswith(SINGLE) or _kind(file) is not None


def _kind(file: IO[bytes]) -> Callable[[Path, ArchiveLimits, str], Counted] | None:
    return ZipArchive if looks_like_zip(file) else TarArchive if looks_like_tar(file) else None
