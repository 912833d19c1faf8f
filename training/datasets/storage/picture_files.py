"""The pictures of a data set on disk: their encoded bytes in one file, and an index with letters and splits.

The bytes are kept as the publisher encoded them: nothing is lost, they take a thirtieth of their pixels' room, and
inputs for another ink specification can be made from them at any time.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recognizer import pictures
from recognizer.filestore.places import here

PICTURES, INDEX = "pictures.bin", "index.npz"


@dataclass(frozen=True)
class Index:
    """What is known of n pictures, sorted by name.

    Attributes:
        names: the name of each in its archive.
        labels: uint8 (n,), index of the letter in the class set.
        splits: uint8 (n,), the `Split` of each.
        digests: uint8 (n, 32), SHA-256 of size and decoded pixels.
        starts: int64 (n,), where its bytes begin in `pictures.bin`.
        lengths: int64 (n,), how many they are.

    """

    names: Sequence[str]
    labels: NDArray[np.uint8]
    splits: NDArray[np.uint8]
    digests: NDArray[np.uint8]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]

    def take(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> "Index":
        """Return the index of some of the pictures."""
        numbers = np.flatnonzero(which) if which.dtype == np.bool_ else which
        names = [self.names[number] for number in numbers.tolist()]
        rest = (self.labels, self.splits, self.digests, self.starts, self.lengths)
        return Index(names, *(column[numbers] for column in rest))  # type: ignore[arg-type]

    def content_sha256(self) -> str:
        """Hash of pixels, letters and splits, whatever the names, the order and the packing."""
        rows = np.hstack([self.digests, self.labels[:, None], self.splits[:, None]])
        return hashlib.sha256(b"".join(sorted(row.tobytes() for row in rows))).hexdigest()

    def save(self, folder: Path) -> None:
        """Write the index."""
        names = "\n".join(name.replace("\n", " ") for name in self.names).encode()
        np.savez(
            folder / INDEX,
            names=np.frombuffer(names, dtype=np.uint8),
            labels=self.labels,
            splits=self.splits,
            digests=self.digests,
            starts=self.starts,
            lengths=self.lengths,
        )

    @classmethod
    def load(cls, folder: Path) -> "Index":
        """Read the index of a data set's folder.

        Raises:
            FileNotFoundError: it is gone or damaged.

        """
        path = here(folder / INDEX)
        try:
            with np.load(path, allow_pickle=False) as file:
                names = file["names"].tobytes().decode().split("\n") if len(file["names"]) else []
                columns = [file[key] for key in ("labels", "splits", "digests", "starts", "lengths")]
        except (OSError, MemoryError):
            raise
        except Exception as error:  # one wrong bit makes readers of zip and numpy raise what they please
            raise FileNotFoundError(f"The index {path} is damaged: {error}") from error
        return cls(names, *columns)


class PictureWriter:
    """Appends encoded pictures to a data set's file."""

    def __init__(self, folder: Path) -> None:
        """Begin the file; it must not be there yet."""
        self._file = (folder / PICTURES).open("xb")
        self._end = 0

    def add(self, data: bytes) -> int:
        """Append one picture and return where it begins."""
        return self.add_all([data])[0]

    def add_all(self, datas: Sequence[bytes]) -> list[int]:
        """Append some pictures and return where each begins."""
        starts = list(accumulate(map(len, datas), initial=self._end))
        self._file.write(b"".join(datas))
        self._end = starts.pop()
        return starts

    def __enter__(self) -> Self:
        """Use it as a context."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._file.close()


def encoded(folder: Path, index: Index) -> Iterator[bytes]:
    """Yield the bytes of the pictures of an index, in its order."""
    with here(folder / PICTURES).open("rb") as file:
        for start, length in zip(index.starts.tolist(), index.lengths.tolist(), strict=True):
            file.seek(start)
            yield file.read(length)


def decoded(folder: Path, index: Index) -> Iterator[NDArray[np.uint8]]:
    """Yield the pictures of an index as arrays of pixels, in its order."""
    for data in encoded(folder, index):
        yield pictures.decode(data)


def digest(pixels: NDArray[np.uint8]) -> bytes:
    """SHA-256 of a picture's size and pixels, by which exact duplicates are known."""
    sha256 = hashlib.sha256(repr(pixels.shape).encode())
    sha256.update(np.ascontiguousarray(pixels).data)
    return sha256.digest()


def file_sha256(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
