"""Letters of a data set for the teaching page: as many of each as the small set has, as inputs of 28×28 bytes.

A file of bytes, read by static/js/learn/pictures.js: the word PRLP, a version, then twice (to learn from, held back)
the number of pictures (uint16, the small end first), the letter of each (uint8), and each picture (784 bytes).
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer import active_model
from recognizer.core.alphabet import RUSSIAN
from recognizer.core.ink import specification
from recognizer.loading import CatalogueError
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.neighbours.search import data_sets_of
from training.datasets.storage.picture_files import Index, decoded

MAGIC = b"PRLP"
VERSION = 1
INK = "moments-2"
SEED = 18
MOST = {Split.TRAIN: 48, Split.VALIDATION: 12}
"""Pictures of each letter."""


def data_set_in_service() -> Dataset | None:
    """The largest data set here of the 33 letters that the model in service learned from; None where there is none."""
    try:
        known = data_sets_of(active_model.get())
    except CatalogueError:
        return None
    return max((each for each in known if each.letters == RUSSIAN), key=lambda each: each.pictures, default=None)


def content(dataset: Dataset) -> bytes:
    """The file for a data set; the same whenever its content is the same.

    Raises:
        FileNotFoundError: the data set's files are gone or damaged.
        recognizer.pictures.PictureError: a picture of it is damaged.

    """
    return _content(dataset.content_sha256, dataset.folder)


@lru_cache(maxsize=1)
def _content(_sha256: str, folder: Path) -> bytes:
    index = Index.load(folder)
    return MAGIC + bytes([VERSION]) + b"".join(part for split in MOST for part in _parts(folder, index, split))


def _parts(folder: Path, index: Index, split: Split) -> Iterator[bytes]:
    """Number, letters and pictures of a split, in a random order that stays the same."""
    rng = np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=(int(split),)))
    places = np.flatnonzero(index.splits == split)
    by_letter = (places[index.labels[places] == label] for label in range(len(RUSSIAN)))
    chosen = np.concatenate([_some(each, MOST[split], rng) for each in by_letter])
    taken = index.take(rng.permutation(chosen))
    inputs, _ = specification(INK).from_pictures(list(decoded(folder, taken)))
    yield len(chosen).to_bytes(2, "little")
    yield taken.labels.tobytes()
    yield inputs.tobytes()


def _some(places: NDArray[np.int64], most: int, rng: np.random.Generator) -> NDArray[np.int64]:
    return places if len(places) <= most else rng.choice(places, most, replace=False)
