"""Files of inputs: one for each part and ink specification that somebody asks for, with its SHA-256 in a row."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.core.files import replacing
from recognizer.core.ink import InkSpecification, specification
from recognizer.core.ink.specifications import INPUTS
from training.core.samples import Samples
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset, InputsFile
from training.datasets.splitting import Split
from training.datasets.store import Index, decoded, file_sha256

KEPT_FILES, KEPT_BYTES = 4, 2**26
"""How many files of inputs a process keeps, and how large each may be."""
BATCH = 256


def load(dataset: Dataset, split: Split, ink_specification: str) -> Samples:
    """Return the inputs (n, 784) uint8 and labels (n,) uint8 of a part.

    The file is made where it is not there yet, or no longer what it was. Two processes may do so at once: each writes
    a file of its own and puts it in place in one step, with the same bytes. A process keeps the last ones that are not
    large, so that a sweep of short trials reads them once; nobody can write into what is given.

    Raises:
        recognizer.core.ink.InkError: there is no such ink specification.
        DatasetError: the data set's files are gone.

    """
    ink = specification(ink_specification)
    row = InputsFile.objects.filter(dataset=dataset, split=split.key, ink_specification=ink.name).first()
    samples = None if row is None else _read(row)
    samples = samples if samples is not None else _read(_make(dataset, split, ink))
    if samples is None:
        raise _gone(dataset)
    return samples


def load_all(dataset: Dataset, splits: NDArray[np.uint8], ink_specification: str) -> NDArray[np.uint8]:
    """Return the inputs (n, 784) of every picture of a data set, in the order of its index, whose `splits` these are.

    Raises:
        recognizer.core.ink.InkError: there is no such ink specification.
        DatasetError: the data set's files are gone.

    """
    inputs = np.empty((len(splits), INPUTS), dtype=np.uint8)
    for split in Split:
        inputs[splits == split] = load(dataset, split, ink_specification).inputs
    return inputs


def write(path: Path, inputs: NDArray[np.uint8], labels: NDArray[np.uint8]) -> tuple[str, int]:
    """Write a file of inputs in one step; return its SHA-256 and its size in bytes."""
    with replacing(path) as file:
        np.savez(file, inputs=inputs, labels=labels)
    return file_sha256(path), path.stat().st_size


def record(dataset: Dataset, split: Split, ink_specification: str, sha256: str, size: int) -> InputsFile:
    """Write down that a file of inputs is there."""
    row, _created = InputsFile.objects.update_or_create(
        dataset=dataset,
        split=split.key,
        ink_specification=ink_specification,
        defaults={"sha256": sha256, "file_bytes": size},
    )
    return row


def file_name(split: Split, ink_specification: str) -> str:
    """Name of the file in the data set's folder."""
    return f"{ink_specification}-{split.key}.npz"


def _make(dataset: Dataset, split: Split, ink: InkSpecification) -> InputsFile:
    try:
        index = Index.load(dataset.folder)
        index = index.take(index.splits == split)
        inputs = np.concatenate([np.empty((0, 784), np.uint8), *_inputs(dataset.folder, index, ink)])
        written = write(dataset.folder / file_name(split, ink.name), inputs, index.labels)
    except FileNotFoundError as error:
        raise _gone(dataset) from error
    return record(dataset, split, ink.name, *written)


def _inputs(folder: Path, index: Index, ink: InkSpecification) -> Iterator[NDArray[np.uint8]]:
    pictures = decoded(folder, index)
    while batch := list(islice(pictures, BATCH)):
        yield ink.from_pictures(batch)[0]


def _read(row: InputsFile) -> Samples | None:
    """The samples of a file, or None where it is not there with the bytes that were written."""
    try:
        status = row.path.stat()
    except FileNotFoundError:
        return None
    read = _kept if status.st_size <= KEPT_BYTES else _kept.__wrapped__
    return read(row.path, row.sha256, (status.st_mtime_ns, status.st_size))


@lru_cache(maxsize=KEPT_FILES)
def _kept(path: Path, sha256: str, _stamp: tuple[int, int]) -> Samples | None:
    """The samples of a file as it was when it had this stamp (time of change, size)."""
    if file_sha256(path) != sha256:
        return None
    with np.load(path, allow_pickle=False) as file:
        inputs, labels = file["inputs"], file["labels"]
    for array in (inputs, labels):
        array.setflags(write=False)
    return Samples(inputs=inputs, labels=labels)


def _gone(dataset: Dataset) -> DatasetError:
    return DatasetError(f"The files of the data set “{dataset.name}” are gone: import it again.")
