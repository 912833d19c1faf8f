"""What a model's last hidden layer makes of a data set's training pictures: a file that grows a little at each request.

A row is a whole number of 8 bits for each neuron, and what makes a vector of length 1 of them. Rows are only ever
appended, under a lock, so whoever reads sees whole rows of the beginning; a file goes with its data set's folder.
"""

import fcntl
import os
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from recognizer.filestore.places import here
from recognizer.loading import LoadedModel
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.storage.picture_files import INDEX, Index, decoded

FOLDER = "neighbours"
MOST_BYTES = 2**27
"""Of one file; of a larger data set every so manyth picture is taken."""
MOST_MODELS = 3
"""Files of one data set; the one that was not used for longest makes room."""
BATCH = 64
FULL = 127


@dataclass(frozen=True)
class HiddenLayers:
    """The rows of a model and a data set.

    Attributes:
        dataset: whose training pictures they are of.
        model: whose hidden layer they are.

    """

    dataset: Dataset
    model: LoadedModel

    @property
    def index(self) -> Index:
        """The training pictures that have a row each, in the order of the rows. Raises FileNotFoundError."""
        return _training_index(self.dataset.folder, here(self.dataset.folder / INDEX).stat().st_mtime_ns, self._most)

    @property
    def path(self) -> Path:
        """Where the rows are."""
        path: Path = self.dataset.folder / FOLDER / f"{self.model.sha256}.rows"
        return path

    @property
    def row(self) -> "np.dtype[np.void]":
        """A row: what its numbers are divided by, and the numbers."""
        return np.dtype([("length", "<f4"), ("values", "i1", (self.model.network.sizes[-2],))])

    @property
    def _most(self) -> int:
        return max(1, MOST_BYTES // self.row.itemsize)

    def rows(self) -> NDArray[np.void]:
        """Those that are there, mapped from the file and not read."""
        count = self.path.stat().st_size // self.row.itemsize if self.path.exists() else 0
        return np.memmap(self.path, self.row, "r", shape=(count,)) if count else np.empty(0, self.row)

    def grow(self, seconds: float) -> None:
        """Work at the rows for so long, a batch at least, unless another process does.

        Raises:
            FileNotFoundError, recognizer.pictures.PictureError: the pictures are gone, or damaged.

        """
        index, end = self.index, time.monotonic() + seconds
        if len(self.rows()) >= len(index.labels):
            return
        self._make_room()
        with self.path.open("ab") as file:
            if _is_locked(file):
                done = os.fstat(file.fileno()).st_size // self.row.itemsize
                file.truncate(done * self.row.itemsize)  # a row that a killed process did not finish
                while done < len(index.labels):
                    batch = index.take(np.arange(done, min(done + BATCH, len(index.labels))))
                    file.write(self._made(batch).tobytes())
                    file.flush()
                    done += len(batch.labels)
                    if time.monotonic() >= end:
                        break

    def _made(self, index: Index) -> NDArray[np.void]:
        inputs, _has_ink = self.model.ink.from_pictures(list(decoded(self.dataset.folder, index)))
        hidden, _logits = self.model.network.read_layers(inputs)
        largest = np.maximum(np.abs(hidden).max(axis=1, keepdims=True), np.float32(1e-9))
        rows = np.empty(len(hidden), self.row)
        rows["values"] = np.rint(hidden * (FULL / largest))
        rows["length"] = np.maximum(np.linalg.norm(rows["values"].astype(np.float32), axis=1), 1)
        return rows

    def _make_room(self) -> None:
        """Make the folder, and remove the files of models that nobody asks about any more."""
        self.path.parent.mkdir(exist_ok=True)
        others = [path for path in self.path.parent.glob("*.rows") if path != self.path]
        others.sort(key=lambda path: path.stat().st_mtime_ns)
        for path in others[: max(0, len(others) - MOST_MODELS + 1)]:
            path.unlink(missing_ok=True)


def _is_locked(file: BinaryIO) -> bool:
    """Whether the file is ours now; the lock ends when it is closed."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@lru_cache(maxsize=4)
def _training_index(folder: Path, _changed_at: int, most: int) -> Index:
    """The training pictures of a data set, at most so many, evenly chosen; without their names, which take memory."""
    index = Index.load(folder)
    numbers = np.flatnonzero(index.splits == Split.TRAIN)
    if len(numbers) > most:
        numbers = numbers[np.linspace(0, len(numbers) - 1, most).astype(np.int64)]
    nameless = Index([""] * len(index.labels), index.labels, index.splits, index.digests, index.starts, index.lengths)
    return nameless.take(numbers)
