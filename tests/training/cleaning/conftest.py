"""A data set with one flaw of each kind."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.training.datasets import making
from training.cleaning.detectors import cross_validation
from training.datasets.content.splitting import Split
from training.datasets.imports.pipeline import import_archive
from training.datasets.models import Dataset
from training.datasets.storage.picture_files import Index

LETTERS = making.LETTERS
PER_LETTER = 40
QUICK = dataclasses.replace(cross_validation.RECIPE, hidden_layers=(32,), elastic=0.0, warmup_steps=0)
WRONG = ("А/20.png", "Б/20.png")
"""Pictures that lie in another letter's folder: an А with the shape of В, a Б with that of А."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks that judge the letters train in no time."""
    monkeypatch.setattr(cross_validation, "RECIPE", QUICK)
    monkeypatch.setattr(cross_validation, "SAMPLES_SEEN", 2000)


def letter(shape: str, number: int, *, side: int = 64) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """Draw a letter's shape, somewhat different for each number: А two slanted strokes, Б a square, В a cross."""
    rng = np.random.default_rng(number)
    rows, columns = np.mgrid[0:side, 0:side] / side + rng.normal(0, 0.02, (2, 1, 1))
    slant = rng.normal(0, 0.06)
    x, y = columns - 0.5 + slant * (rows - 0.5), rows - 0.5
    pen, size = rng.uniform(0.03, 0.05), rng.uniform(0.26, 0.36)
    inside = (abs(x) < size) & (abs(y) < size)
    shapes = {
        "А": abs(abs(x) - (y + size) / 2) < pen,
        "Б": abs(np.maximum(abs(x), abs(y)) - size + pen) < pen,
        "В": (abs(x) < pen) | (abs(y) < pen),
    }
    return np.where(shapes[shape] & inside, 0, 255).astype(np.uint8)


def png(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    """Encode pixels."""
    return making.encoded(Image.fromarray(pixels))


def contents() -> dict[str, bytes]:
    """Three letters, and among them what is to be found."""
    files = {
        f"{name}/{number:02d}.png": png(letter(name, 100 * place + number))
        for place, name in enumerate(LETTERS)
        for number in range(PER_LETTER)
    }
    files["А/20.png"], files["Б/20.png"] = png(letter("В", 900)), png(letter("А", 901))
    files["А/31.png"] = files["А/30.png"]
    near = letter("Б", 100).copy()
    near[2, 2] = 200  # a speck
    files["Б/30.png"] = png(near)
    files["В/21.png"] = png(255 - letter("В", 902))
    dash = np.full((64, 64), 255, dtype=np.uint8)
    dash[40:42, 30:34] = 0
    files["В/22.png"] = png(dash)
    edge = letter("В", 903).copy()
    edge[:, :16] = 0
    files["В/23.png"] = png(edge)
    return files


@pytest.fixture
def dataset(tmp_path: Path, db: None) -> Dataset:
    """It, imported."""
    return import_archive(making.write_zip(tmp_path / "letters.zip", contents()), name="letters", letters=LETTERS)


def number_of(dataset: Dataset, name: str) -> int:
    """The number of a picture."""
    return Index.load(dataset.folder).names.index(name)


def move(dataset: Dataset, name: str, split: Split) -> None:
    """Put a picture into another split, as a publisher may have done."""
    index = Index.load(dataset.folder)
    index.splits[index.names.index(name)] = split
    index.save(dataset.folder)
    for path in dataset.folder.glob("moments-*.npz"):
        path.unlink()
