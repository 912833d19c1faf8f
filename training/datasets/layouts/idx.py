"""IDX, the format of MNIST: a file of images and one of labels for each split, plain or gzipped."""

import gzip
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray

from recognizer.messages import gettext as _
from training.datasets.archives import Archive
from training.datasets.archives.arrays import ArrayArchive, Block
from training.datasets.archives.base import damaged
from training.datasets.content.labels import LabelReader
from training.datasets.content.splitting import Split, split_of
from training.datasets.layouts.arrays import MOST_PIXELS, Labelled, pictures_in, read_fully, unusable
from training.datasets.layouts.plan import Choice, Plan

_IMAGES, _LABELS = 0x00000803, 0x00000801
_NAME = re.compile(r"(?P<words>.*?)[-_.]?(?P<role>images|labels)[-_.].*(idx|ubyte)", re.IGNORECASE)
_MOST = 300_000


def by_idx(archive: Archive, names: Sequence[str], reader: LabelReader, choice: Choice) -> Plan | None:
    """`train-images-idx3-ubyte` with `train-labels-idx1-ubyte`, and so for each split; labels are numbers."""
    pairs: dict[str, dict[str, str]] = {}
    for name in names:
        if match := _NAME.fullmatch(name.removesuffix(".gz")):
            pairs.setdefault(match["words"], {})[match["role"].lower()] = name
    planned = Labelled(reader)
    blocks: list[Block] = []
    for words, pair in sorted(pairs.items()):
        if len(pair) < 2:
            continue
        labels = _labels(archive, pair["labels"])
        block = _block(archive, pair["images"], f"{len(blocks):02d}-", len(labels))
        planned.add(block, [str(label) for label in labels], [_split(words)] * len(labels))
        blocks.append(block)
    if not blocks:
        return None
    return planned.plan("idx", ArrayArchive(pair["images"], blocks), others=len(names) - 2 * len(blocks))


def _split(name: str) -> Split | None:
    words = re.split(r"[-_./]", name.lower())
    return next((split for word in reversed(words) if (split := split_of(word)) is not None), None)


def _labels(archive: Archive, name: str) -> list[int]:
    with _opened(archive, name) as file:
        magic, count = _header(file, name, 2)
        if magic != _LABELS or count > _MOST:
            raise unusable(name, _("it is not an IDX file of labels"))
        data = read_fully(file, count)
    if len(data) < count:
        raise unusable(name, _("it is cut short"))
    return list(data)


def _block(archive: Archive, name: str, prefix: str, count: int) -> Block:
    with _opened(archive, name) as file:
        magic, images, height, width = _header(file, name, 4)
    if magic != _IMAGES or not 0 < height * width <= MOST_PIXELS:
        raise unusable(name, _("it is not an IDX file of images"))
    if images != count:
        raise unusable(name, _("it has %(images)d images for %(labels)d labels") % {"images": images, "labels": count})

    def read(_is_wanted: Callable[[int], bool]) -> Iterator[NDArray[np.uint8] | None]:
        with _opened(archive, name) as file:
            _header(file, name, 4)
            yield from pictures_in(file, count, (height, width), np.dtype(np.uint8))

    return Block(prefix, count, read)


def _header(file: IO[bytes], name: str, numbers: int) -> tuple[int, ...]:
    data = read_fully(file, 4 * numbers)
    if len(data) < 4 * numbers:
        raise unusable(name, _("it is cut short"))
    return struct.unpack(f">{numbers}I", data)


@contextmanager
def _opened(archive: Archive, name: str) -> Iterator[IO[bytes]]:
    with archive.open(name) as file:
        if not name.endswith(".gz"):
            yield file
            return
        try:
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield cast("IO[bytes]", unpacked)  # never read further than its header declares
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise damaged(name, error) from error
