"""Many scans at once: a folder, a zip, a PDF or a picture, page after page; what cannot be opened stops no other."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from recognizer.messages import gettext as _
from recognizer.pages import extra
from recognizer.pages.errors import PageError, PageFileError, PageTooLargeError

MOST_FILES, MOST_PAGES = 2000, 2000
"""Files that are read at once, and their pages."""
_LEFT_OUT = ("__MACOSX", ".", "Thumbs.db", "desktop.ini")
"""What systems add by themselves, by the beginning of a part of its path."""
_BAD_ZIP = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError)


@dataclass(frozen=True)
class ScanFile:
    """A file with one page or several; `read` gives its bytes, or raises PageError or OSError.

    `stamp` is another one where its content has changed.
    """

    name: str
    read: Callable[[], bytes]
    stamp: str


@dataclass(frozen=True)
class Scan:
    """One page of a file.

    Attributes:
        file: its file's name.
        number: of the page in its file.
        pages: of the file; 0 where it could not be opened.
        share: of all files that are done after this page, 0…1.
        read: opens the page and reads it by a function; what it cannot do is the PageError's sentence.

    """

    file: str
    number: int
    pages: int
    share: float
    read: Callable[[Callable[[Any], Any]], Any]


class PagesRead(Protocol):
    """What was read before."""

    def has(self, file: str, page: int) -> bool:
        """Whether a page was."""

    def pages_of_whole(self, file: str) -> int | None:
        """How many pages a file has all of which were, 0 for one that cannot be opened; None for any other file."""


class NoPagesRead:
    """Nothing was."""

    def has(self, file: str, page: int) -> bool:
        """No page."""
        return False

    def pages_of_whole(self, file: str) -> int | None:
        """No file."""
        return None


def find_files(path: Path) -> list[ScanFile]:
    """The files of a folder, with those of its zips; of a zip; or the one file that the path is, by their names.

    Raises:
        PageError: there is none, or there are too many.
        OSError: it is not there, or cannot be read.

    """
    files = sorted(_find(path), key=lambda file: file.name)
    if not files:
        raise PageError(_("There is no file to be read in it."))
    if len(files) > MOST_FILES:
        raise PageTooLargeError(
            _("At most %(limit)d files are read at once, and these are %(count)d.")
            % {"limit": MOST_FILES, "count": len(files)}
        )
    return files


def each_scan(files: list[ScanFile], before: PagesRead | None = None) -> Iterator[Scan]:
    """Yield the pages of files, without those that were read before; they count all the same for what is too many."""
    extra.require()
    from recognizer.pages import opening  # it needs the extra

    before, count = before or NoPagesRead(), 0
    for place, file in enumerate(files):
        if count > MOST_PAGES:
            return
        if (known := before.pages_of_whole(file.name)) is not None:
            count += known
            continue
        try:
            data = file.read()
            pages = opening.count_pages(data)
        except (PageError, OSError) as error:
            yield Scan(file.name, 1, 0, (place + 1) / len(files), partial(_refuse, error))
            continue
        for number in range(1, pages + 1):
            count += 1
            if count > MOST_PAGES:
                if not before.has(file.name, number):
                    yield Scan(file.name, number, pages, 1.0, partial(_refuse, _too_many_pages()))
                return
            if not before.has(file.name, number):
                share = (place + number / pages) / len(files)
                yield Scan(file.name, number, pages, share, partial(_read_page, data, number))


def _too_many_pages() -> PageError:
    return PageTooLargeError(_("At most %(limit)d pages are read at once: this one and what follows were not.")
                             % {"limit": MOST_PAGES})  # fmt: skip


def _refuse(error: Exception, _read: Callable[[Any], Any]) -> Any:
    if isinstance(error, OSError):
        raise PageFileError(error.strerror or str(error)) from error
    raise error


def _read_page(data: bytes, number: int, read: Callable[[Any], Any]) -> Any:
    from recognizer.pages import opening  # it needs the extra

    return read(opening.open_page(data, number, limit=_limit_of(data)))


def _limit_of(data: bytes) -> int:
    from recognizer.pages import opening  # it needs the extra

    return int(settings.PROPIS_LIMITS["scans_bytes" if opening.is_pdf(data) else "page_bytes"])


def _find(path: Path) -> Iterator[ScanFile]:
    if path.is_dir():
        for each in path.rglob("*"):
            if each.is_file() and not _is_left_out(each.relative_to(path).parts):
                yield from _of_file(each, str(each.relative_to(path)))
    elif path.exists():
        yield from _of_file(path, path.name, is_alone=True)
    else:
        raise FileNotFoundError(2, "No such file or directory", str(path))


def _of_file(path: Path, name: str, *, is_alone: bool = False) -> Iterator[ScanFile]:
    if not zipfile.is_zipfile(path):
        yield ScanFile(name, partial(_read_file, path), _stamp(path))
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except _BAD_ZIP:
        yield ScanFile(name, partial(_read_file, path), _stamp(path))
        return
    for each in members:
        if not each.is_dir() and not _is_left_out(Path(each.filename).parts):
            called = each.filename if is_alone else f"{name}/{each.filename}"
            yield ScanFile(called, partial(_read_member, path, each), f"{each.CRC} {each.file_size}")


def _stamp(path: Path) -> str:
    status = path.stat()
    return f"{status.st_size} {status.st_mtime_ns}"


def _is_left_out(parts: tuple[str, ...]) -> bool:
    return any(part.startswith(_LEFT_OUT) for part in parts)


def _read_file(path: Path) -> bytes:
    _check_size(path.stat().st_size)
    return path.read_bytes()


def _read_member(path: Path, member: zipfile.ZipInfo) -> bytes:
    """A file of a zip; no more of it is unpacked than may be, whatever its head says."""
    limit = int(settings.PROPIS_LIMITS["scans_bytes"])
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member) as file:
            data = file.read(limit + 1)
    except _BAD_ZIP as error:
        raise PageFileError(_("The file is damaged in its zip, or asks for a password.")) from error
    _check_size(len(data))
    return data


def _check_size(size: int) -> None:
    limit = int(settings.PROPIS_LIMITS["scans_bytes"])
    if size > limit:
        raise PageTooLargeError(_("The file is larger than %(limit)d MB.") % {"limit": limit // 2**20})
