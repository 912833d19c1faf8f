"""Tar archives, plain or gzipped, read front to back: once for the names, once more for the contents."""

import gzip
import io
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from training.datasets.archives.base import ArchiveLimits, Census, Content, damaged
from training.datasets.archives.names import NameDecoder, is_odd, undecoded
from training.datasets.errors import ArchiveError

_GZIP = b"\x1f\x8b"
_DAMAGED = (tarfile.TarError, EOFError, OSError, zlib.error)
_FAULTS = (*_DAMAGED, ValueError)


def looks_like_tar(file: IO[bytes]) -> bool:
    """Whether the file begins as a tar does, or is gzipped (the first look into it tells the rest)."""
    file.seek(0)
    head = file.read(512)
    return head.startswith(_GZIP) or head[257:262] == b"ustar"


class TarArchive:
    """A tar or tar.gz file."""

    def __init__(self, path: Path, limits: ArchiveLimits, encoding: str = "") -> None:
        """Read every header and check it; `encoding` is that of names that are no UTF-8."""
        self.path = path
        self.limits = limits
        self._decoded = NameDecoder((), path.name)
        self.names: list[str] = []
        self.unpacked_bytes = 0
        odd = []
        for name, member, _tar in self._files():
            self.names.append(name)
            self.unpacked_bytes += member.size
            if is_odd(member.name):
                odd.append(undecoded(member.name))
        if odd:
            self._decoded = NameDecoder(odd, path.name, encoding)
            self.names = [name for name, _member, _tar in self._files()]
        self.question = self._decoded.question

    def read(self, wanted: Callable[[str], bool]) -> Iterator[Content]:
        """Yield the wanted files."""
        for name, member, tar in self._files():
            if wanted(name):
                with self._faults_named():
                    file = tar.extractfile(member)
                    data = file.read() if file else b""
                yield Content(name, data)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open one file: everything before it is read and passed over."""
        with self._faults_named(_DAMAGED):
            for known, member, tar in self._files():
                if known == name and (file := tar.extractfile(member)) is not None:
                    with file:
                        yield file
                    return
            raise tarfile.ReadError(name)

    def close(self) -> None:
        """Nothing is kept open."""

    def _files(self) -> Iterator[tuple[str, tarfile.TarInfo, tarfile.TarFile]]:
        census = Census(self.path.name, self.limits)
        with self.path.open("rb") as file, self._faults_named():
            guarded = _Guarded(file, census, self.path.stat().st_size)
            with tarfile.open(fileobj=cast("BinaryIO", guarded), mode="r:") as tar:
                yield from self._members(tar, census)
            if guarded.last != bytes(tarfile.BLOCKSIZE):  # tarfile takes a tar that is cut short for a whole one
                raise tarfile.ReadError("its end is missing")

    def _members(self, tar: tarfile.TarFile, census: Census) -> Iterator[tuple[str, tarfile.TarInfo, tarfile.TarFile]]:
        while (member := tar.next()) is not None:
            tar.members.clear()  # type: ignore[attr-defined]  # it would keep every header in memory
            if member.isdir():
                census.checked_name(member.name)
            elif member.isfile() and not member.issparse():
                yield census.add(self._name(member), member.size), member, tar
            else:
                census.refuse_special(member.name)

    def _name(self, member: tarfile.TarInfo) -> str:
        return self._decoded(undecoded(member.name)) if is_odd(member.name) else member.name

    @contextmanager
    def _faults_named(self, faults: tuple[type[Exception], ...] = _FAULTS) -> Iterator[None]:
        try:
            yield
        except ArchiveError:
            raise
        except faults as error:
            raise damaged(self.path.name, error) from error


class _Guarded(io.RawIOBase):
    """The tar's bytes, which refuses to unpack more than is allowed, whatever the headers claim."""

    def __init__(self, file: BinaryIO, census: Census, packed: int) -> None:
        super().__init__()
        zipped = file.read(2) == _GZIP
        file.seek(0)
        self._file = cast("BinaryIO", gzip.GzipFile(fileobj=file)) if zipped else file
        self._census = census
        self._packed = packed
        self._at = 0
        self.last = b""
        """What was read last: an empty block, where the tar has its proper end."""

    def read(self, size: int = -1) -> bytes:
        """Read exactly this many bytes; refuse a header that asks for more than a file may have."""
        limit = self._census.limits.file_bytes
        if not 0 <= size <= limit:
            raise tarfile.ReadError(f"a header asks for {size} bytes")
        data = self.last = self._file.read(size)
        self._moved(self._at + len(data))
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go forward, a block at a time, so that the limits hold here as well."""
        while self._at < offset and self.read(min(offset - self._at, 2**20)):
            pass
        if whence != io.SEEK_SET or self._at != offset:
            raise tarfile.ReadError("unexpected end of data")
        return self._at

    def tell(self) -> int:
        """Return the position."""
        return self._at

    def _moved(self, position: int) -> None:
        self._at = position
        self._census.check_ratio(self._census.archive, position, self._packed)
