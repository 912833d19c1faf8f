"""Zip archives. Their directory is checked before it is read, and each file before it is unpacked."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from recognizer.messages import gettext as _
from training.datasets.archives.base import ArchiveLimits, Census, Content, damaged
from training.datasets.archives.names import NameDecoder
from training.datasets.errors import ArchiveError

_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_LINE = b"PK\x01\x02"
"""What a line of the directory begins with."""
_SIZE, _PLACE = 5, 9
"""Where zipfile's end record has the size of the directory and its own place in the file."""
_RECORDS_64_BIT = 76
"""Bytes that may stand between the directory and the end record."""
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)
_FAULTS = (*_DAMAGED, ValueError)  # ValueError: a name that is not in the encoding that its flag says
_KINDS = frozenset({0, stat.S_IFREG, stat.S_IFDIR})
"""What a member may be, where its line tells at all."""
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_FIELD, _PATH_HEAD, _UNICODE_PATH = struct.Struct("<HH"), struct.Struct("<BL"), 0x7075
"""Of an extra field: number and size; of the one for Unicode names: version and CRC of the plain name; its number."""
_DIRECTORY_BYTES_PER_FILE = 110
"""Room in the directory for a name of 64 bytes; it bounds the memory that zipfile takes to read it."""


def looks_like_zip(file: IO[bytes]) -> bool:
    """Whether the file begins or ends as a zip does."""
    file.seek(0)
    return file.read(4) in _MAGIC or zipfile.is_zipfile(file)


class ZipArchive:
    """A zip file."""

    def __init__(self, path: Path, limits: ArchiveLimits, encoding: str = "") -> None:
        """Read the directory and check every line of it; `encoding` is that of names that do not say theirs."""
        self.path = path
        census = Census(path.name, limits)
        _check_directory_size(path, limits)
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError) as error:
            raise damaged(path.name, error) from error
        try:
            name_of = _Names(self._zip.infolist(), path.name, encoding)
            named = ((name_of(info), info) for info in self._zip.infolist())
            self._members = [(_taken(name, info, census), info) for name, info in named if _is_file(name, info, census)]
        except ArchiveError:
            self.close()
            raise
        self.names = [name for name, _info in self._members]
        self.question = name_of.question
        self.unpacked_bytes = census.total

    def read(self, wanted: Callable[[str], bool]) -> Iterator[Content]:
        """Yield the wanted files; one whose bytes are damaged comes with its fault."""
        for name, info in self._members:
            if wanted(name):
                yield _content(self._zip, name, info)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open one file."""
        info = next((info for known, info in self._members if known == name), None)
        try:
            if info is None:
                raise KeyError(name)
            opened = self._zip.open(info)
        except (KeyError, *_FAULTS) as error:
            raise damaged(self.path.name, error) from error
        try:
            with opened as file:
                yield file
        except _DAMAGED as error:
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


def _taken(name: str, info: zipfile.ZipInfo, census: Census) -> str:
    if info.flag_bits & _ENCRYPTED:
        raise ArchiveError(_("%(archive)s is locked with a password.") % {"archive": census.archive})
    return census.add(name, info.file_size, info.compress_size)


def _is_file(name: str, info: zipfile.ZipInfo, census: Census) -> bool:
    if stat.S_IFMT(info.external_attr >> 16) not in _KINDS:
        census.refuse_special(name)
    is_folder = name.endswith(("/", "\\"))
    if is_folder:
        census.checked_name(name)
    return not is_folder


class _Names:
    """Names as they were meant: by the flag for UTF-8, by an extra field with the name in Unicode, or weighed."""

    def __init__(self, infos: Sequence[zipfile.ZipInfo], archive: str, encoding: str) -> None:
        odd = (info for info in infos if not _says_its_encoding(info) and not _unicode_path(info))
        self._decoded = NameDecoder((_raw(info) for info in odd), archive, encoding)
        self.question = self._decoded.question

    def __call__(self, info: zipfile.ZipInfo) -> str:
        if info.filename.isascii() and not info.extra:
            return info.filename
        return _unicode_path(info) or (info.filename if _says_its_encoding(info) else self._decoded(_raw(info)))


def _says_its_encoding(info: zipfile.ZipInfo) -> bool:
    return info.filename.isascii() or bool(info.flag_bits & _UTF8_NAME)


def _raw(info: zipfile.ZipInfo) -> bytes:
    """The bytes of a name without a flag for UTF-8, which zipfile takes for cp437."""
    return info.filename.encode("cp437", errors="replace")


def _unicode_path(info: zipfile.ZipInfo) -> str:
    """The name in the extra field for Unicode (0x7075), where it is there and belongs to the name; else empty."""
    extra = info.extra
    while len(extra) >= _FIELD.size:
        kind, size = _FIELD.unpack_from(extra)
        field, extra = extra[_FIELD.size : _FIELD.size + size], extra[_FIELD.size + size :]
        if kind == _UNICODE_PATH and len(field) > _PATH_HEAD.size and not info.flag_bits & _UTF8_NAME:
            version, crc = _PATH_HEAD.unpack_from(field)
            if version == 1 and crc == zlib.crc32(info.orig_filename.encode("cp437", errors="replace")):
                return field[_PATH_HEAD.size :].decode("utf-8", "ignore").split("\0")[0]
    return ""


def _check_directory_size(path: Path, limits: ArchiveLimits) -> None:
    """Refuse a directory of very many lines before zipfile makes objects of them, some hundred bytes each."""
    if _is_directory_large(path, limits):
        raise ArchiveError(
            _("%(archive)s was not imported: it holds more than %(limit)d files.")
            % {"archive": path.name, "limit": limits.files}
        )


def _is_directory_large(path: Path, limits: ArchiveLimits) -> bool:
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
