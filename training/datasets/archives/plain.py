"""Plain members of a zip, read without zipfile's objects for each: a fifth of the time where they are small.

Only what is surely right is given out: a member that is stored or deflated, whose own header says what the directory
says, whose length and checksum are right. Anything else is zipfile's to read, and to name the fault of.
"""

import os
import struct
import zipfile
import zlib
from typing import Final

_HEADER = struct.Struct("<4s2xHH16xHH")
"""Of a member's own header: signature, flags, method, lengths of its name and of what follows the name."""
_UTF8_NAME, _PLAIN_FLAGS = 0x800, 0x80E
"""Flags that change nothing: how hard it was packed, sizes after the data, encoding of the name."""
_WINDOW: Final = 2**16
_LARGEST: Final = 2**22
"""Bytes of the largest member that is taken, packed or unpacked; a larger one is not worth a way of its own."""


class PlainReader:
    """Reads members through a window of the file, which moves on with them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Read from an open archive; its file stays its own."""
        self._file = archive.fp.fileno() if archive.fp is not None else -1
        self._start = 0
        self._window = b""

    def read(self, info: zipfile.ZipInfo) -> bytes | None:
        """Return the bytes of a member, or None where zipfile must look at it."""
        size, packed = info.file_size, info.compress_size
        if not (0 < size <= _LARGEST and packed <= _LARGEST) or info.flag_bits & ~_PLAIN_FLAGS:
            return None
        place = self._place(info)
        if place is None:
            return None
        data = self._window[place : place + packed]
        if info.compress_type != zipfile.ZIP_STORED:
            try:
                data = zlib.decompressobj(-15).decompress(data, size)
            except zlib.error:
                return None
        return data if len(data) == size and zlib.crc32(data) == info.CRC else None

    def _place(self, info: zipfile.ZipInfo) -> int | None:
        """Where a member's data begin in the window, all of them; None where something about it is unusual."""
        known = info.orig_filename
        length = _HEADER.size + len(known)  # most have a name of one byte a letter, and nothing after it
        place = self._moved(info.header_offset, length + info.compress_size)
        if place is None:
            return None
        signature, flags, method, name, extra = _HEADER.unpack_from(self._window, place)
        encoded = self._window[place + _HEADER.size : place + _HEADER.size + name]
        if signature != b"PK\3\4" or method != info.compress_type or method not in _METHODS:
            return None
        if flags & ~_PLAIN_FLAGS or (flags ^ info.flag_bits) & _UTF8_NAME or encoded != _encoded(known, flags):
            return None
        if _HEADER.size + name + extra != length:
            length = _HEADER.size + name + extra
            place = self._moved(info.header_offset, length + info.compress_size)
        return None if place is None or _overlaps(info, length) else place + length

    def _moved(self, offset: int, length: int) -> int | None:
        """Where an offset of the file is in the window, moved there; None where the file has not that many bytes."""
        place = offset - self._start
        if place < 0 or place + length > len(self._window):
            try:
                self._window = os.pread(self._file, max(length, _WINDOW), offset)
            except (OSError, ValueError):
                self._window = b""
            self._start, place = offset, 0
        return place if length <= len(self._window) - place else None


_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def _encoded(name: str, flags: int) -> bytes | None:
    """A name of the directory as its bytes are; None where they cannot be known."""
    try:
        return name.encode("utf-8" if flags & _UTF8_NAME else "cp437")
    except UnicodeEncodeError:
        return None


def _overlaps(info: zipfile.ZipInfo, header: int) -> bool:
    """Whether a member reaches into the next one, where this Python's zipfile tells."""
    end = getattr(info, "_end_offset", None)
    return end is not None and info.header_offset + header + info.compress_size > end
