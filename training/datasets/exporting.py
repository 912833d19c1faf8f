"""A data set as a file for others: arrays, a folder for each letter, a CSV of pixels, IDX; each comes back as it was.

Every form carries the class set (`letters.txt`, or an array `letters`), so that an import finds it. A file is made
piece by piece: nothing is held but the piece.
"""

import io
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from training.datasets.errors import DatasetError
from training.datasets.layouts import LETTERS_FILE
from training.datasets.models import Dataset
from training.datasets.splitting import Split
from training.datasets.store import Index, decoded, encoded

PIECE = 2**18
Shape = tuple[int, ...]
_ENDINGS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif", b"RIFF": "webp", b"BM": "bmp"}
_YEAR = (1980, 1, 1, 0, 0, 0)


class _Sink(io.RawIOBase):
    """Takes what is written, until somebody takes it away."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        """It is."""
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


def export(dataset: Dataset, form: str) -> Iterator[bytes]:
    """Yield the bytes of a data set in one of `FORMS`.

    Raises:
        DatasetError: there is no such form, its pictures do not fit it, or its files are gone; before the first piece.

    """
    if form not in FORMS:
        raise DatasetError(
            _("There is no form “%(form)s”, only %(known)s.") % {"form": form, "known": ", ".join(FORMS)}
        )
    try:
        index = Index.load(dataset.folder)
    except FileNotFoundError as error:
        raise DatasetError(_("The files of “%(name)s” are gone.") % {"name": dataset.name}) from error
    if form in _ONE_SIZE:
        _shape_of_all(dataset, index)
    return _pieces(dataset, index, FORMS[form])


def file_name(dataset: Dataset, form: str) -> str:
    """Name of the file for whoever downloads it."""
    return f"{dataset.name}.npz" if form == "npz" else f"{dataset.name}-{form}.zip"


Writer = Callable[[zipfile.ZipFile, Dataset, Index], Iterator[None]]


def _pieces(dataset: Dataset, index: Index, write: Writer) -> Iterator[bytes]:
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for _step in write(archive, dataset, index):
            if sink.size >= PIECE:
                yield sink.taken()
    yield sink.taken()


def _folders(archive: zipfile.ZipFile, dataset: Dataset, index: Index) -> Iterator[None]:
    """Each picture as it was published, in a folder for its part and its letter."""
    _add(archive, LETTERS_FILE, dataset.letters.encode())
    rows = zip(index.labels.tolist(), index.splits.tolist(), encoded(dataset.folder, index), strict=True)
    for number, (label, split, data) in enumerate(rows):
        letter = dataset.letters[label]
        folder = letter if letter.isalpha() else str(label)
        name = f"{Split(split).key}/{folder}/{number:06d}.{_ending(data)}"
        archive.writestr(zipfile.ZipInfo(name, _YEAR), data, zipfile.ZIP_STORED)
        yield


def _csv(archive: zipfile.ZipFile, dataset: Dataset, index: Index) -> Iterator[None]:
    """Columns `letter`, `split` and one for each pixel."""
    _add(archive, LETTERS_FILE, dataset.letters.encode())
    with _member(archive, "pixels.csv") as file:
        pixels = _shape_of_all(dataset, index)
        names = ",".join(f"pixel{number}" for number in range(pixels[0] * pixels[1]))
        file.write(f"letter,split,{names}\n".encode())
        rows = zip(index.labels.tolist(), index.splits.tolist(), decoded(dataset.folder, index), strict=True)
        for label, split, picture in rows:
            values = ",".join(map(str, picture.ravel().tolist()))
            file.write(f'"{dataset.letters[label]}",{Split(split).key},{values}\n'.encode())
            yield


def _idx(archive: zipfile.ZipFile, dataset: Dataset, index: Index) -> Iterator[None]:
    """A pair of files for each part, named as MNIST's."""
    _add(archive, LETTERS_FILE, dataset.letters.encode())
    height, width = _shape_of_all(dataset, index)
    for split in Split:
        part = index.take(index.splits == split)
        count = len(part.labels)
        if not count:
            continue
        with _member(archive, f"{split.key}-images-idx3-ubyte") as file:
            file.write(struct.pack(">4I", 0x803, count, height, width))
            for picture in decoded(dataset.folder, part):
                file.write(picture.tobytes())
                yield
        _add(archive, f"{split.key}-labels-idx1-ubyte", struct.pack(">2I", 0x801, count) + part.labels.tobytes())


def _npz(archive: zipfile.ZipFile, dataset: Dataset, index: Index) -> Iterator[None]:
    """Arrays `images`, `labels`, `splits`, and `letters`; where sizes differ, `images_0` … for each size."""
    shapes = [picture.shape for picture in decoded(dataset.folder, index)]
    different = sorted(set(shapes))
    _array(archive, "letters", np.array(list(dataset.letters)))
    for number, shape in enumerate(different):
        ending = "" if len(different) == 1 else f"_{number}"
        part = index.take(np.array([one == shape for one in shapes], dtype=np.bool_))
        _array(archive, f"labels{ending}", part.labels)
        _array(archive, f"splits{ending}", np.array([Split(split).key for split in part.splits.tolist()]))
        with _member(archive, f"images{ending}.npy") as file:
            header = {"descr": "|u1", "fortran_order": False, "shape": (len(part.labels), *shape)}
            np.lib.format.write_array_header_1_0(file, header)
            for picture in decoded(dataset.folder, part):
                file.write(picture.tobytes())
                yield


FORMS: Mapping[str, Writer] = {"npz": _npz, "folders": _folders, "csv": _csv, "idx": _idx}
_ONE_SIZE = ("csv", "idx")


def _shape_of_all(dataset: Dataset, index: Index) -> Shape:
    """The one shape of all pictures."""
    if dataset.report["smallest"] == dataset.report["largest"]:
        shapes = {picture.shape for picture in decoded(dataset.folder, index)}
        if len(shapes) == 1 and len(shape := shapes.pop()) == 2 and _is_square(shape):
            return shape
    raise DatasetError(
        _("The pictures of “%(name)s” are not all greys of one square size: choose npz or folders.")
        % {"name": dataset.name}
    )


def _is_square(shape: Shape) -> bool:
    return shape[0] == shape[1]


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _YEAR), data, zipfile.ZIP_DEFLATED)


def _array(archive: zipfile.ZipFile, name: str, values: NDArray[Any]) -> None:
    file = io.BytesIO()
    np.save(file, values, allow_pickle=False)
    _add(archive, f"{name}.npy", file.getvalue())


def _member(archive: zipfile.ZipFile, name: str) -> Any:
    info = zipfile.ZipInfo(name, _YEAR)
    info.compress_type = zipfile.ZIP_DEFLATED
    return archive.open(info, "w", force_zip64=True)


def _ending(data: bytes) -> str:
    return next((ending for magic, ending in _ENDINGS.items() if data.startswith(magic)), "tif")
