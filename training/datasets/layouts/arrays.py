"""Arrays: `.npz` and `.npy` files with images and labels."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from recognizer.messages import gettext as _
from training.datasets.archives import Archive
from training.datasets.archives.arrays import ArrayArchive, Block
from training.datasets.content.labels import LabelReader
from training.datasets.content.splitting import Split, split_of
from training.datasets.errors import ArchiveError, DatasetError
from training.datasets.layouts.plan import Choice, Place, Plan

ROLES = {
    "images": ("images", "image", "x", "data", "inputs", "pixels"),
    "labels": ("labels", "label", "y", "targets", "target"),
    "splits": ("splits", "split", "parts"),
    "letters": ("letters",),
}
"""Words in the names of arrays; the rest of a name tells which belong together."""
MOST_PIXELS = 25_000_000
_SMALL_BYTES = 64 * 2**20
_AT_ONCE_BYTES = 4 * 2**20
_LAST_CHARACTER = 0x10FFFF


@dataclass(frozen=True)
class Header:
    """What a `.npy` file says of its array."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]


@dataclass
class Group:
    """Arrays that belong together, by their role."""

    arrays: dict[str, Header] = field(default_factory=dict)
    split: Split | None = None


def by_arrays(archive: Archive, names: Sequence[str], reader: LabelReader, choice: Choice) -> Plan | None:
    """Images (n, h, w), (n, h, w, channels) or (n, h·w) with labels (n,), numbers or letters; splits by name."""
    groups = _groups(archive, [name for name in names if name.lower().endswith(".npy")])
    blocks: list[Block] = []
    planned = Labelled(reader)
    for number, group in enumerate(groups):
        images, labels = group.arrays.get("images"), group.arrays.get("labels")
        if images is None or labels is None:
            continue
        block = _block(archive, images, f"{number:02d}-")
        texts = _texts(archive, labels, block.count)
        splits = _texts(archive, group.arrays["splits"], block.count) if "splits" in group.arrays else []
        planned.add(block, texts, [split_of(text) for text in splits] or [group.split] * block.count)
        blocks.append(block)
    if not blocks:
        return None
    return planned.plan("arrays", ArrayArchive(_("the arrays"), blocks), others=len(names) - 2 * len(blocks))


class Labelled:
    """A plan in the making, of pictures that lie in blocks."""

    def __init__(self, reader: LabelReader) -> None:
        """Begin with none."""
        self.reader = reader
        self._written: list[tuple[str, str, Split | None]] = []

    def add(self, block: Block, labels: Sequence[str], splits: Sequence[Split | None]) -> None:
        """Take in the labels and splits of a block."""
        self._written += zip(block.names(), labels, splits, strict=True)

    def plan(self, layout: str, archive: Archive, *, others: int = 0) -> Plan:
        """Return the plan: the labels of all blocks are read together."""
        reading = self.reader.read(label for _name, label, _split in self._written)
        kinds = {(label, split) for _name, label, split in self._written if label in reading.labels}
        known = {(label, split): Place(reading.labels[label], split) for label, split in kinds}
        places: dict[str, Place] = {}
        set_aside: Counter[str] = Counter()
        for name, label, split in self._written:
            if (label, split) in known:
                places[name] = known[label, split]
            else:
                set_aside[label] += 1
        questions = () if reading.question is None else (reading.question,)
        return Plan(
            layout,
            archive,
            self.reader.letters,
            places,
            set_aside,
            max(others, 0),
            notes=tuple(reading.notes),
            questions=questions,
        )


def own_letters(archive: Archive, names: Sequence[str]) -> str:
    """The letters that an array `letters` lists; empty where there is none."""
    named = next((name for name in names if name.rsplit("/", 1)[-1] == "letters.npy"), None)
    return "" if named is None else " ".join(_texts(archive, _header(archive, named), None))


def _groups(archive: Archive, names: Sequence[str]) -> list[Group]:
    """Arrays by folder and by what is left of their names without the word of their role."""
    groups: dict[tuple[str, str], Group] = {}
    for name in names:
        folder, _slash, last = name.rpartition("/")
        words = last.lower().removesuffix(".npy").split("_")
        role = next((role for role, known in ROLES.items() if set(words) & set(known)), None)
        if role is None:
            continue
        rest = [word for word in words if word not in ROLES[role]]
        group = groups.setdefault((folder, "_".join(rest)), Group())
        words = [*rest, folder.rpartition("/")[2].removesuffix(".npz")]  # test.npz/images.npy is of the test split
        group.split = next((split for word in words if (split := split_of(word)) is not None), group.split)
        group.arrays[role] = _header(archive, name)
    return list(groups.values())


def _header(archive: Archive, name: str) -> Header:
    with archive.open(name) as file:
        shape, _order, dtype = _read_header(file, name)
    return Header(name, shape, dtype)


def _read_header(file: IO[bytes], name: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    try:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = read(file)
    except DatasetError:
        raise
    except Exception as error:  # numpy reads a header as Python, which fails in many ways: a bracket that stays open
        raise unusable(name, _("it is not an array")) from error
    if dtype.hasobject or (fortran and len(shape) > 1) or any(length < 0 for length in shape):
        raise unusable(name, _("it holds objects, or its columns come first"))
    return shape, fortran, dtype


def _block(archive: Archive, images: Header, prefix: str) -> Block:
    """The pictures of an array; refuse one whose shape or kind of numbers is not that of pictures."""
    shape = picture_shape(images)
    if images.dtype.kind not in "buif":
        raise unusable(images.name, _("it holds no numbers"))

    def read(_is_wanted: Callable[[int], bool]) -> Iterator[NDArray[np.uint8] | None]:
        with archive.open(images.name) as file:
            _read_header(file, images.name)
            yield from pictures_in(file, images.shape[0], shape, images.dtype)

    return Block(prefix, images.shape[0], read)


def picture_shape(images: Header) -> tuple[int, ...]:
    """Shape of each picture of an array (n, h, w), (n, h, w, channels) or (n, h·w)."""
    shape = images.shape[1:]
    if len(shape) == 1:
        side = round(shape[0] ** 0.5)
        shape = (side, side) if side * side == shape[0] else ()
    if len(shape) == 3 and shape[2] == 1:
        shape = shape[:2]
    good = len(shape) == 2 or (len(shape) == 3 and shape[2] in (2, 3, 4))
    if not good or not 0 < shape[0] * shape[1] <= MOST_PIXELS:
        raise unusable(images.name, _("its shape %(shape)s is not that of pictures") % {"shape": images.shape})
    return shape


def pictures_in(
    file: IO[bytes], count: int, shape: tuple[int, ...], dtype: np.dtype[Any]
) -> Iterator[NDArray[np.uint8] | None]:
    """Read exactly `count` pictures of a shape; None for each that is missing at the end."""
    size = int(np.prod(shape)) * dtype.itemsize
    at_once = max(1, _AT_ONCE_BYTES // size)
    to_bytes: Callable[[NDArray[Any]], NDArray[np.uint8]] | None = None
    for first in range(0, count, at_once):
        wanted = min(at_once, count - first)
        data = read_fully(file, wanted * size)
        whole = len(data) // size
        values = np.frombuffer(data[: whole * size], dtype).reshape(whole, *shape)
        to_bytes = to_bytes or scaling(values)
        yield from to_bytes(values)
        yield from [None] * (wanted - whole)


def scaling(values: NDArray[Any]) -> Callable[[NDArray[Any]], NDArray[np.uint8]]:
    """How the numbers of an array become bytes: 0…1 as they are meant, 16 bits reduced, all else as it is."""
    largest = float(np.nan_to_num(values).max(initial=0))
    if values.dtype == np.uint8 and largest > 1:
        return lambda some: np.asarray(some, dtype=np.uint8)
    factor = 255.0 if largest <= 1 else 1 / 257 if values.dtype.kind in "ui" and largest > 255 else 1.0
    return lambda some: np.clip(np.nan_to_num(some) * factor + 0.5, 0, 255).astype(np.uint8)


def read_fully(file: IO[bytes], size: int) -> bytes:
    """Read exactly this many bytes, fewer only at the end of the file."""
    parts = []
    while size and (part := file.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _texts(archive: Archive, header: Header, count: int | None) -> list[str]:
    """An array (n,) of numbers or texts, as texts."""
    is_list = len(header.shape) == 1 and header.dtype.kind in "uifUS" and header.dtype.itemsize > 0
    if not is_list or (count is not None and header.shape[0] != count):
        raise unusable(header.name, _("it is not a list with one entry for each picture"))
    size = header.shape[0] * header.dtype.itemsize
    if size > _SMALL_BYTES:
        raise unusable(header.name, _("it is too large"))
    with archive.open(header.name) as file:
        _read_header(file, header.name)
        data = read_fully(file, size)
    if len(data) < size:
        raise unusable(header.name, _("it is cut short"))
    values = np.frombuffer(data, header.dtype) if size else np.empty(0, header.dtype)
    if header.dtype.kind == "f":
        values = np.nan_to_num(values, nan=-1, posinf=-1, neginf=-1).astype(np.int64)
    if header.dtype.kind == "S":
        return [bytes(value).decode("utf-8", "replace") for value in values.tolist()]
    if header.dtype.kind == "U":
        return _unicode(data, header.dtype)
    return [str(value) for value in values.tolist()]


def _unicode(data: bytes, dtype: np.dtype[Any]) -> list[str]:
    """Texts of an array, with invalid characters replaced, at which Python's own reading fails."""
    codes = np.frombuffer(data, np.dtype(np.uint32).newbyteorder(dtype.byteorder)).copy()
    codes[(codes > _LAST_CHARACTER) | ((codes >= 0xD800) & (codes <= 0xDFFF))] = 0xFFFD
    return ["".join(map(chr, row)).rstrip("\0") for row in codes.reshape(-1, dtype.itemsize // 4).tolist()]


def unusable(name: str, reason: str) -> ArchiveError:
    """Make the error that says that an array cannot be used."""
    return ArchiveError(_("The array %(name)s cannot be used: %(reason)s.") % {"name": name, "reason": reason})
