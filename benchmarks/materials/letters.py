"""The pictures of the benchmarks: synthetic letters, as the two ink specifications see them.

Letters and not noise, since only our training leaves out what is paper: all get the same pictures, with ink = 1.
"""

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognizer.core.ink import specification
from training.datasets import synthesis

Bytes = NDArray[np.uint8]

PER_LETTER = 100
SIDE = 28
SHIFT = 2
"""Pixels by which the letters of `raw` are moved at most: letters of a scan are not all centred."""


def save(path: Path) -> None:
    """Make letters and write `raw` and `moments` (n, 784), ink 255 on paper 0, and `labels` (n,) into an .npz."""
    with TemporaryDirectory() as folder:
        archive = Path(folder) / "letters.zip"
        synthesis.make_archive(archive, per_letter=PER_LETTER)
        with zipfile.ZipFile(archive) as file:
            pictures = [np.asarray(Image.open(io.BytesIO(file.read(name))).convert("L")) for name in file.namelist()]
    raw, _ = specification("raw-28").from_pictures(pictures)
    moments, _ = specification("moments-1").from_pictures(pictures)
    labels = np.repeat(np.arange(len(pictures) // PER_LETTER), PER_LETTER)
    np.savez(path, raw=_moved(255 - raw), moments=moments, labels=labels)


def _moved(ink: Bytes) -> Bytes:
    """Each picture moved at random by whole pixels."""
    rng = np.random.default_rng(1)
    squares = ink.reshape(-1, SIDE, SIDE)
    shifts = rng.integers(-SHIFT, SHIFT + 1, (len(ink), 2))
    moved = [np.roll(square, shift, axis=(0, 1)) for square, shift in zip(squares, shifts, strict=True)]
    return np.stack(moved).reshape(ink.shape)
