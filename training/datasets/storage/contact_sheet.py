"""The contact sheet of a data set: one PNG with a row of samples for each letter, made once, at the import."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognizer.core.ink.pictures import to_greys
from training.datasets.storage.picture_files import Index, decoded

SHEET = "sheet.png"
COLUMNS = 16
CELL = 48
"""Side of a sample's square in pixels, margin included."""
MARGIN = 2


def write(folder: Path, index: Index, letters: str) -> None:
    """Draw the sheet of a data set's folder."""
    sheet = Image.new("L", (COLUMNS * CELL, len(letters) * CELL), 255)
    chosen = list(_chosen(index, len(letters)))
    samples = index.take(np.array([number for number, _row, _column in chosen], dtype=np.int64))
    for pixels, (_number, row, column) in zip(decoded(folder, samples), chosen, strict=True):
        paste(sheet, pixels, row, column, cell=CELL)
    sheet.save(folder / SHEET)


def _chosen(index: Index, classes: int) -> Iterator[tuple[int, int, int]]:
    """Number, row and column of each sample: the same number for every letter, evenly spread over its pictures."""
    for label in range(classes):
        numbers = np.flatnonzero(index.labels == label)
        spread = np.linspace(0, len(numbers) - 1, min(COLUMNS, len(numbers))).astype(np.int64)
        for column, number in enumerate(numbers[spread].tolist()):
            yield number, label, column


def paste(sheet: Image.Image, pixels: NDArray[np.uint8], row: int, column: int, *, cell: int) -> None:
    """Draw a picture (h, w) or (h, w, 2) into a square of a sheet whose squares have this side, in pixels."""
    picture = Image.fromarray(to_greys(pixels[np.newaxis])[0])
    side = cell - 2 * MARGIN
    scale = side / max(picture.size)
    width, height = (max(1, round(length * scale)) for length in picture.size)
    small = picture.resize((width, height), Image.Resampling.BICUBIC)
    left, top = (cell - width) // 2, (cell - height) // 2
    sheet.paste(small, (column * cell + left, row * cell + top))
