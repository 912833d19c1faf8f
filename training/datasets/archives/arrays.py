"""Pictures that lie in arrays, given out as if each were a PNG file of its own."""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.datasets.archives.base import Content, damaged
from training.datasets.content.questions import Question


@dataclass(frozen=True)
class Block:
    """The pictures of one array.

    Attributes:
        prefix: what their names begin with.
        count: how many they are.
        read: yields them front to back, uint8 (h, w) or (h, w, channels), or None for one that is none; it is told
            which numbers are wanted, and may yield None for the others.

    """

    prefix: str
    count: int
    read: Callable[[Callable[[int], bool]], Iterator[NDArray[np.uint8] | None]]

    def names(self) -> Iterator[str]:
        """Yield the names, which sort as the pictures lie."""
        return (f"{self.prefix}{number:07d}.png" for number in range(self.count))


class ArrayArchive:
    """An archive whose files are the pictures of blocks."""

    def __init__(self, name: str, blocks: Sequence[Block]) -> None:
        """Give out these blocks; `name` is for messages."""
        self.name = name
        self.question: Question | None = None
        self.blocks = blocks
        self.names = [name for block in blocks for name in block.names()]

    def read(self, wanted: Callable[[str], bool]) -> Iterator[Content]:
        """Yield the wanted pictures as PNG files."""
        for block in self.blocks:
            chosen = {number: name for number, name in enumerate(block.names()) if wanted(name)}
            for number, pixels in enumerate(block.read(chosen.__contains__) if chosen else ()):
                if name := chosen.get(number):
                    yield Content(name, b"") if pixels is None else Content(name, png(pixels))

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open one of them."""
        found = next(self.read(name.__eq__), None)
        if found is None:
            raise damaged(self.name, name)
        yield io.BytesIO(found.data)

    def close(self) -> None:
        """Nothing is kept open."""


def png(pixels: NDArray[np.uint8]) -> bytes:
    """Encode greys (h, w), greys with alpha (h, w, 2) or colours (h, w, 3 or 4) as a PNG."""
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(file, "PNG", compress_level=3)
    return file.getvalue()
