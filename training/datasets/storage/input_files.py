"""Files of inputs: one for each split and ink specification that somebody asks for, with its SHA-256 in a row."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.core.files import replacing
from recognizer.core.ink import InkSpecification, specification
from recognizer.filestore import places
from training.core.samples import Samples
from training.datasets import services
from training.datasets.content.splitting import Split
from training.datasets.errors import files_gone
from training.datasets.models import Dataset, InputsFile
from training.datasets.storage.picture_files import Index, decoded, file_sha256

KEPT_FILES, KEPT_BYTES = 4, 2**26
"""How many files of inputs a process keeps, and how large each may be."""
BATCH = 256


def load(dataset: Dataset, split: Split, ink_specification: str) -> Samples:
    """Return the inputs (n, length) uint8 and labels (n,) uint8 of a split.

    The file is made where it is not there yet, or no longer what it was. Two processes may do so at once: each writes
    a file of its own and puts it in place in one step, with the same bytes. A process keeps the last ones that are not
    large, so that a sweep of short trials reads them once; nobody can write into what is given.

    Raises:
        recognizer.core.ink.InkError: there is no such ink specification.
        DatasetError: the data set's files are gone.

    """
    ink = specification(ink_specification)
    if ink.pictures is not ink:  # what is made of pictures is made in no time, so only those are kept
        pictures = load(dataset, split, ink.pictures.name)
        return Samples(ink.of_pictures(pictures.inputs), pictures.labels)
    row = InputsFile.objects.filter(dataset=dataset, split=split.key, ink_specification=ink.name).first()
    samples = None if row is None else _read(row)
    if row is not None and samples is None and places.fetch(row.path):  # the store has the one that the row means
        samples = _read(row)
    samples = samples if samples is not None else _read(_make(dataset, split, ink))
    if samples is None:
        raise files_gone(dataset.name)
    return samples


def load_all(dataset: Dataset, splits: NDArray[np.uint8], ink_specification: str) -> NDArray[np.uint8]:
    """Return the inputs (n, length) of every picture of a data set in the order of its index, whose `splits` these are.

    Raises:
        recognizer.core.ink.InkError: there is no such ink specification.
        DatasetError: the data set's files are gone.

    """
    inputs = np.empty((len(splits), specification(ink_specification).length), dtype=np.uint8)
    for split in Split:
        inputs[splits == split] = load(dataset, split, ink_specification).inputs
    return inputs


def write(path: Path, inputs: NDArray[np.uint8], labels: NDArray[np.uint8]) -> tuple[str, int]:
    """Write a file of inputs in one step; return its SHA-256 and its size in bytes."""
    with replacing(path) as file:
        np.savez(file, inputs=inputs, labels=labels)
    return file_sha256(path), path.stat().st_size


def file_name(split: Split, ink_specification: str) -> str:
    """Name of the file in the data set's folder."""
    return f"{ink_specification}-{split.key}.npz"


def _make(dataset: Dataset, split: Split, ink: InkSpecification) -> InputsFile:
    try:
        index = Index.load(dataset.folder)
        index = index.take(index.splits == split)
        inputs = np.concatenate([np.empty((0, ink.length), np.uint8), *_inputs(dataset.folder, index, ink)])
        path = dataset.folder / file_name(split, ink.name)
        written = write(path, inputs, index.labels)
        places.keep(path)
    except FileNotFoundError as error:
        raise files_gone(dataset.name) from error
    return services.record_inputs_file(dataset, split, ink.name, *written)


def _inputs(folder: Path, index: Index, ink: InkSpecification) -> Iterator[NDArray[np.uint8]]:
    pictures = decoded(folder, index)
    while batch := list(islice(pictures, BATCH)):
        yield ink.from_pictures(batch)[0]


def _read(row: InputsFile) -> Samples | None:
    """The samples of a file, or None where it is not there with the bytes that were written."""
    try:
        status = places.here(row.path).stat()
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
