"""Contact sheets drawn when somebody asks: many pictures in one PNG, so that a page of them is one request."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.urls import reverse
from PIL import Image

from recognizer.filestore.places import here
from recognizer.pictures import PictureError, decode
from training.datasets.models import Dataset
from training.datasets.storage.contact_sheet import paste
from training.datasets.storage.picture_files import INDEX, Index, encoded

COLUMNS = 20
CELL = 64
"""Side of a picture's square in pixels, margin included."""
MOST = 240
"""Pictures of one sheet at most."""
DAMAGED = 128
"""Grey of the square of a picture that cannot be decoded."""


@dataclass(frozen=True)
class Window:
    """Where a picture is on a sheet, in pixels."""

    picture: int
    left: int
    top: int


def windows(pictures: Sequence[int]) -> list[Window]:
    """Tell where each picture is on the sheet of all of them."""
    return [Window(picture, place % COLUMNS * CELL, place // COLUMNS * CELL) for place, picture in enumerate(pictures)]


def address(dataset: Dataset, pictures: Sequence[int]) -> str:
    """Address of the sheet of these pictures."""
    return reverse("datasets:pictures", args=[dataset.pk]) + "?n=" + ",".join(map(str, pictures))


def draw(dataset: Dataset, pictures: Sequence[int]) -> bytes:
    """Draw pictures by their numbers in the data set's index, and return a PNG.

    Raises:
        FileNotFoundError: the data set's files are gone.
        IndexError: there is no such picture.

    """
    index = index_of(dataset)
    rows = -(-len(pictures) // COLUMNS)
    sheet = Image.new("L", (min(len(pictures), COLUMNS) * CELL, rows * CELL), 255)
    chosen = index.take(np.array(pictures, dtype=np.int64))
    for place, data in enumerate(encoded(dataset.folder, chosen)):
        row, column = divmod(place, COLUMNS)
        try:
            paste(sheet, decode(data), row, column, cell=CELL)
        except PictureError:
            sheet.paste(DAMAGED, (column * CELL, row * CELL, (column + 1) * CELL, (row + 1) * CELL))
    file = io.BytesIO()
    sheet.save(file, "PNG", compress_level=1)
    return file.getvalue()


def index_of(dataset: Dataset) -> Index:
    """Return the index of a data set; those that were asked for last are kept in memory.

    Raises:
        FileNotFoundError: the data set's files are gone.

    """
    return _index(dataset.folder, here(dataset.folder / INDEX).stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _index(folder: Path, _changed_at: int) -> Index:
    return Index.load(folder)
