"""Archives, read as a stream of named contents: zip, tar, tar.gz, a folder, or one file of data.

Nothing is unpacked to disk but archives within an archive, which lie in a temporary folder while it is open.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from training.datasets.archives.base import Archive, Content, Counted, Limits
from training.datasets.archives.folders import FolderArchive
from training.datasets.archives.nested import NestedArchive, archives_in, inner_names
from training.datasets.archives.single import ENDINGS as SINGLE
from training.datasets.archives.single import SingleFile
from training.datasets.archives.tars import TarArchive, looks_like_tar
from training.datasets.archives.zips import ZipArchive, looks_like_zip
from training.datasets.errors import ArchiveError

__all__ = ["Archive", "Content", "Limits", "archives_in", "is_archive", "open_archive"]


@contextmanager
def open_archive(path: Path, limits: Limits | None = None) -> Iterator[Archive]:
    """Open an archive or a folder, by what it is and not by its name's ending, and check every name and size in it.

    Raises:
        ArchiveError: it is missing, is no archive, is damaged, or something in it is not allowed.

    """
    limits = limits or Limits()
    archive: Archive
    try:
        archive = outer = _opened(path, limits)
        if inner := inner_names(outer):
            archive = NestedArchive(outer, inner, _opened, limits)
    except OSError as error:
        raise ArchiveError(
            _("%(path)s cannot be read: %(reason)s.") % {"path": path, "reason": error.strerror or error}
        ) from error
    with closing(archive):
        yield archive


def _opened(path: Path, limits: Limits) -> Counted:
    if path.is_dir():
        return FolderArchive(path, limits)
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
    return kind(path, limits)


def is_archive(file: IO[bytes]) -> bool:
    """Whether a file looks like an archive; what is in it is not looked at."""
    return _kind(file) is not None


def _kind(file: IO[bytes]) -> Callable[[Path, Limits], Counted] | None:
    return ZipArchive if looks_like_zip(file) else TarArchive if looks_like_tar(file) else None
