"""A data set as a file for others: arrays, a folder for each letter, a CSV of pixels, IDX; each comes back as it was.

Every form carries the class set (`letters.txt`, or an array `letters`), so that an import finds it. A file is made
piece by piece: nothing is held but the piece. `thesis` has the inputs of `raw-28`, which are the pictures themselves
where these are 28×28 greys.
"""

import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from recognizer.messages import gettext as _
from training.datasets.content.splitting import Split
from training.datasets.errors import DatasetError, files_gone
from training.datasets.layouts import LETTERS_FILE
from training.datasets.models import Dataset
from training.datasets.storage import thesis_files
from training.datasets.storage.picture_files import Index, decoded, encoded
from training.datasets.storage.zip_members import YEAR, Sink, add, add_array, ending_of, member

PIECE = 2**18
Shape = tuple[int, ...]


def export(dataset: Dataset, form: str) -> Iterator[bytes]:
    """Yield the bytes of a data set in one of `FORMS`.

    Raises:
        DatasetError: there is no such form, its pictures do not fit it, or its files are gone; before the first piece.

    """
    if form not in FORMS:
        raise DatasetError(
            _("There is no format “%(form)s”, only %(known)s.") % {"form": form, "known": ", ".join(FORMS)}
        )
    try:
        index = Index.load(dataset.folder)
    except FileNotFoundError as error:
        raise files_gone(dataset.name) from error
    if form in _ONE_SIZE:
        _shape_of_all(dataset, index)
    return _pieces(dataset, index, FORMS[form])


def file_name(dataset: Dataset, form: str) -> str:
    """Name of the file for whoever downloads it."""
    return f"{dataset.name}.npz" if form == "npz" else f"{dataset.name}-{form}.zip"


Writer = Callable[[zipfile.ZipFile, Dataset, Index], Iterator[None]]


def _pieces(dataset: Dataset, index: Index, write: Writer) -> Iterator[bytes]:
    sink = Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for _step in write(archive, dataset, index):
            if sink.size >= PIECE:
                yield sink.taken()
    yield sink.taken()


def _numbered(archive: zipfile.ZipFile, dataset: Dataset, index: Index) -> Iterator[None]:
    """Folders that are named by the numbers of the letters, 0 … 32, as the thesis has them."""
    return _folders(archive, dataset, index, by_number=True)


def _folders(archive: zipfile.ZipFile, dataset: Dataset, index: Index, *, by_number: bool = False) -> Iterator[None]:
    """Each picture as it was published, in a folder for its split and its letter."""
    add(archive, LETTERS_FILE, dataset.letters.encode())
    rows = zip(index.labels.tolist(), index.splits.tolist(), encoded(dataset.folder, index), strict=True)
    for number, (label, split, data) in enumerate(rows):
        letter = dataset.letters[label]
        folder = str(label) if by_number or not letter.isalpha() else letter
        name = f"{Split(split).key}/{folder}/{number:06d}.{ending_of(data)}"
        archive.writestr(zipfile.ZipInfo(name, YEAR), data, zipfile.ZIP_STORED)
        yield


def _csv(archive: zipfile.ZipFile, dataset: Dataset, index: Index) -> Iterator[None]:
    """Columns `letter`, `split` and one for each pixel."""
    add(archive, LETTERS_FILE, dataset.letters.encode())
    with member(archive, "pixels.csv") as file:
        pixels = _shape_of_all(dataset, index)
        names = ",".join(f"pixel{number}" for number in range(pixels[0] * pixels[1]))
        file.write(f"letter,split,{names}\n".encode())
        rows = zip(index.labels.tolist(), index.splits.tolist(), decoded(dataset.folder, index), strict=True)
        for label, split, picture in rows:
            values = ",".join(map(str, picture.ravel().tolist()))
            file.write(f'"{dataset.letters[label]}",{Split(split).key},{values}\n'.encode())
            yield


def _mnist(archive: zipfile.ZipFile, dataset: Dataset, index: Index) -> Iterator[None]:
    """IDX under MNIST's own names, in which the test split is `t10k`: readers of MNIST open nothing else."""
    return _idx(archive, dataset, index, test="t10k")


def _idx(archive: zipfile.ZipFile, dataset: Dataset, index: Index, *, test: str = "test") -> Iterator[None]:
    """A pair of files for each split, named after it."""
    add(archive, LETTERS_FILE, dataset.letters.encode())
    height, width = _shape_of_all(dataset, index)
    for split in Split:
        own = index.take(index.splits == split)
        count = len(own.labels)
        if not count:
            continue
        name = test if split == Split.TEST else split.key
        with member(archive, f"{name}-images-idx3-ubyte") as file:
            file.write(struct.pack(">4I", 0x803, count, height, width))
            for picture in decoded(dataset.folder, own):
                file.write(picture.tobytes())
                yield
        add(archive, f"{name}-labels-idx1-ubyte", struct.pack(">2I", 0x801, count) + own.labels.tobytes())


def _npz(archive: zipfile.ZipFile, dataset: Dataset, index: Index) -> Iterator[None]:
    """Arrays `images`, `labels`, `splits`, and `letters`; where sizes differ, `images_0` … for each size."""
    shapes = [picture.shape for picture in decoded(dataset.folder, index)]
    different = sorted(set(shapes))
    add_array(archive, "letters", np.array(list(dataset.letters)))
    for number, shape in enumerate(different):
        ending = "" if len(different) == 1 else f"_{number}"
        own = index.take(np.array([one == shape for one in shapes], dtype=np.bool_))
        add_array(archive, f"labels{ending}", own.labels)
        add_array(archive, f"splits{ending}", np.array([Split(split).key for split in own.splits.tolist()]))
        with member(archive, f"images{ending}.npy") as file:
            header = {"descr": "|u1", "fortran_order": False, "shape": (len(own.labels), *shape)}
            np.lib.format.write_array_header_1_0(file, header)
            for picture in decoded(dataset.folder, own):
                file.write(picture.tobytes())
                yield


FORMS: Mapping[str, Writer] = {
    "npz": _npz,
    "folders": _folders,
    "numbered": _numbered,
    "csv": _csv,
    "idx": _idx,
    "mnist": _mnist,
    "thesis": thesis_files.write,
}
_ONE_SIZE = ("csv", "idx", "mnist")


def _shape_of_all(dataset: Dataset, index: Index) -> Shape:
    """The one shape of all pictures."""
    if dataset.report["smallest"] == dataset.report["largest"]:
        shapes = {picture.shape for picture in decoded(dataset.folder, index)}
        if len(shapes) == 1 and len(shape := shapes.pop()) == 2 and _is_square(shape):
            return shape
    raise DatasetError(
        _("The pictures of “%(name)s” are not all grey and of one square size: choose npz or folders.")
        % {"name": dataset.name}
    )


def _is_square(shape: Shape) -> bool:
    return shape[0] == shape[1]
