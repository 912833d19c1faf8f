"""A data set as the thesis's program writes it (§2.1): a file of training data and one of test data, shuffled."""

import zipfile
from collections.abc import Iterator

import numpy as np

from recognizer.core.inputs import unit_floats
from training.datasets.content.splitting import Split
from training.datasets.layouts import LETTERS_FILE
from training.datasets.models import Dataset
from training.datasets.storage import input_files
from training.datasets.storage.picture_files import Index
from training.datasets.storage.zip_members import add, add_array, member

INK = "raw-28"
ROWS = 1000


def write(archive: zipfile.ZipFile, dataset: Dataset, index: Index) -> Iterator[None]:
    """Of each split that is not empty a file, such as `train.npz`, with two arrays.

    `images` is float32 (n, 784), greys from 0 (black) to 1 (white); `labels` int64 (n,), numbers of letters from 0.
    """
    add(archive, LETTERS_FILE, dataset.letters.encode())
    for split in Split:
        if (index.splits == split).any():
            with (
                member(archive, f"{split.key}.npz", zipfile.ZIP_STORED) as file,
                zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as arrays,
            ):
                yield from _arrays(arrays, dataset, split)


def _arrays(archive: zipfile.ZipFile, dataset: Dataset, split: Split) -> Iterator[None]:
    samples = input_files.load(dataset, split, INK)
    order = np.random.default_rng(dataset.seed).permutation(len(samples))
    add_array(archive, "labels", samples.labels[order].astype(np.int64))
    with member(archive, "images.npy") as file:
        shape = (len(order), samples.inputs.shape[1])
        np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": shape})
        for first in range(0, len(order), ROWS):
            greys = unit_floats(samples.inputs[order[first : first + ROWS]])
            file.write(greys.astype("<f4", copy=False).tobytes())
            yield
