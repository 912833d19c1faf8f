"""Zip archives. Their directory is checked before it is read, and each file before it is unpacked."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from training.datasets.archives.base import Census, Content, Limits, damaged
from training.datasets.archives.plain import PlainReader
from training.datasets.errors import ArchiveError

_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_LINE = b"PK\x01\x02"
"""What a line of the directory begins with."""
_SIZE, _PLACE = 5, 9
"""Where zipfile's end record has the size of the directory and its own place in the file."""
_RECORDS_64_BIT = 76
"""Bytes that may stand between the directory and the end record."""
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)
_FAULTS = (*_DAMAGED, ValueError)
_KINDS = frozenset({0, stat.S_IFREG, stat.S_IFDIR})
"""What a member may be, where its line tells at all."""
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_DIRECTORY_BYTES_PER_FILE = 110
"""Room in the directory for a name of 64 bytes; it bounds the memory that zipfile takes to read it."""


def looks_like_zip(file: IO[bytes]) -> bool:
    """Whether the file begins or ends as a zip does."""
    file.seek(0)
    return file.read(4) in _MAGIC or zipfile.is_zipfile(file)


class ZipArchive:
    """A zip file."""

    def __init__(self, path: Path, limits: Limits) -> None:
        """Read the directory and check every line of it."""
        self.path = path
        census = Census(path.name, limits)
        _check_directory_size(path, limits)
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError) as error:
            raise damaged(path.name, error) from error
        try:
            self._members = [(_taken(info, census), info) for info in self._zip.infolist() if _is_file(info, census)]
        except ArchiveError:
            self.close()
            raise
        self.names = [name for name, _info in self._members]
        self.unpacked_bytes = census.total

    def read(self, wanted: Callable[[str], bool]) -> Iterator[Content]:
        """Yield the wanted files; one whose bytes are damaged comes with its fault."""
        plain = PlainReader(self._zip)
        for name, info in self._members:
            if wanted(name):
                data = plain.read(info)
                yield _content(self._zip, name, info) if data is None else Content(name, data)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open one file."""
        info = next((info for known, info in self._members if known == name), None)
        try:
            if info is None:
                raise KeyError(name)
            with self._zip.open(info) as file:
                yield file
        except (KeyError, *_DAMAGED) as error:
            raise damaged(self.path.name, error) from error

    def close(self) -> None:
        """Close the file."""
        self._zip.close()


def _content(archive: zipfile.ZipFile, name: str, info: zipfile.ZipInfo) -> Content:
    try:
        # zipfile never gives out more bytes than the directory declares, and that number was checked.
        return Content(name, archive.read(info))
    except _FAULTS as error:
        return Content(name, b"", _("damaged in the archive (%(error)s)") % {"error": error})


def _taken(info: zipfile.ZipInfo, census: Census) -> str:
    if info.flag_bits & _ENCRYPTED:
        raise ArchiveError(_("%(archive)s is locked with a password.") % {"archive": census.archive})
    return census.add(_name(info), info.file_size, info.compress_size)


def _is_file(info: zipfile.ZipInfo, census: Census) -> bool:
    if stat.S_IFMT(info.external_attr >> 16) not in _KINDS:
        census.refuse_special(_name(info))
    is_folder = info.is_dir()
    if is_folder:
        census.checked_name(_name(info))
    return not is_folder


def _name(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: without a flag for UTF-8, zipfile takes it for cp437; a Russian Windows wrote cp866."""
    if info.filename.isascii() or info.flag_bits & _UTF8_NAME:
        return info.filename
    raw = info.filename.encode("cp437", errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp866")


def _check_directory_size(path: Path, limits: Limits) -> None:
    """Refuse a directory of very many lines before zipfile makes objects of them, some hundred bytes each."""
    if _is_directory_large(path, limits):
        raise ArchiveError(
            _("%(archive)s was not imported: it holds more than %(limit)d files.")
            % {"archive": path.name, "limit": limits.files}
        )


def _is_directory_large(path: Path, limits: Limits) -> bool:
    """Whether the central directory has too many bytes or lines; folders have lines, too."""
    with path.open("rb") as file:
        record = zipfile._EndRecData(file)  # type: ignore[attr-defined]  # as ZipFile itself finds it, whatever hides it
        if record is None:
            return False
        size = record[_SIZE]
        if size > limits.files * _DIRECTORY_BYTES_PER_FILE:
            return True
        file.seek(max(0, record[_PLACE] - size - _RECORDS_64_BIT))
        lines = file.read(size + _RECORDS_64_BIT).count(_LINE)
    return lines > limits.files + limits.files // 10
