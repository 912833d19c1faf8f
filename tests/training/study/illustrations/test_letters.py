"""Figures 5 to 7 show pictures of the data set as they are."""

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from recognizer.core.alphabet import RUSSIAN
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.storage.picture_files import INDEX, Index, PictureWriter, digest
from training.study.illustrations import letters

GREYS = np.full((28, 28), 255, dtype=np.uint8)
GREYS[10:18, 5:9] = 0
GREYS[10, 5] = 128


def write(folder: Path, labels: list[int], pixels: NDArray[np.uint8]) -> None:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    with PictureWriter(folder) as writer:
        starts = writer.add_all([file.getvalue()] * len(labels))
    count = len(labels)
    Index(
        [f"{number}.png" for number in range(count)],
        np.array(labels, dtype=np.uint8),
        np.full(count, Split.TRAIN, dtype=np.uint8),
        np.frombuffer(digest(pixels) * count, dtype=np.uint8).reshape(count, 32),
        np.array(starts),
        np.full(count, len(file.getvalue())),
    ).save(folder)


@pytest.fixture
def dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """One with four of the letters that are shown, one picture each, and one that is not."""
    write(tmp_path, [RUSSIAN.index(letter.upper()) for letter in "юажзб"], GREYS)
    monkeypatch.setattr(Dataset, "folder", tmp_path)
    return Dataset(name="five", letters=RUSSIAN)


def test_letters_are_those_of_the_thesis_in_its_order(dataset: Dataset) -> None:
    found = letters.examples(dataset)
    assert [each.letter for each in found] == list("жзаю")
    assert [RUSSIAN[each.label] for each in found] == list("ЖЗАЮ")
    assert [each.number for each in found] == [2, 3, 1, 0]


def test_greys_are_those_of_the_picture(dataset: Dataset) -> None:
    first = letters.examples(dataset)[0]
    assert (first.greys.reshape(28, 28) == GREYS).all()
    assert [(dark, outline.count("M")) for dark, outline in first.ink] == [(0.5, 1), (1.0, 8)]
    assert first.ink[0][1] == "M5 10h1v1H5z"
    assert first.ink[1][1].startswith("M6 10h3v1H6zM5 11h4v1H5z")
    lines = [line.split() for line in first.lines.splitlines()]
    assert lines[10] == ["1"] * 5 + [".5", "0", "0", "0"] + ["1"] * 19
    assert first.some == [1.0, 0.502]


def test_without_files_there_are_none(dataset: Dataset) -> None:
    (dataset.folder / INDEX).unlink()
    assert letters.examples(dataset) == ()
