"""Members of a zip that is made piece by piece: nothing is held but the piece."""

import io
import zipfile
from typing import Any

import numpy as np
from numpy.typing import NDArray

YEAR = (1980, 1, 1, 0, 0, 0)
"""The date of every member, so that equal data sets are equal files."""
_ENDINGS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif", b"RIFF": "webp", b"BM": "bmp"}


class Sink(io.RawIOBase):
    """Takes what is written, until somebody takes it away."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        """True."""
        return True

    def write(self, data: Any) -> int:
        """Keep a copy."""
        self._parts.append(bytes(data))
        self.size += len(self._parts[-1])
        return len(self._parts[-1])

    def taken(self) -> bytes:
        """Everything since the last time."""
        data, self._parts, self.size = b"".join(self._parts), [], 0
        return data


def add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Add a member whose bytes are at hand."""
    archive.writestr(zipfile.ZipInfo(name, YEAR), data, zipfile.ZIP_DEFLATED)


def add_array(archive: zipfile.ZipFile, name: str, values: NDArray[Any]) -> None:
    """Add an array as NAME.npy."""
    file = io.BytesIO()
    np.save(file, values, allow_pickle=False)
    add(archive, f"{name}.npy", file.getvalue())


def member(archive: zipfile.ZipFile, name: str, compression: int = zipfile.ZIP_DEFLATED) -> Any:
    """A member to write to, as a file."""
    info = zipfile.ZipInfo(name, YEAR)
    info.compress_type = compression
    return archive.open(info, "w", force_zip64=True)


def ending_of(data: bytes) -> str:
    """The ending of a picture's name, by its first bytes."""
    return next((ending for magic, ending in _ENDINGS.items() if data.startswith(magic)), "tif")
