"""The thesis's split: its ratio, a test part apart, and nothing in two parts."""

from pathlib import Path

import numpy as np
import pytest

from tests.training.datasets import making
from training.datasets.content.splitting import Split
from training.datasets.errors import DatasetError
from training.datasets.imports.pipeline import import_archive
from training.datasets.models import Dataset
from training.datasets.storage import input_files
from training.datasets.storage.picture_files import Index
from training.study.experiments import TEST, TRAINING
from training.study.thesis_split import thesis_split, with_splits


def test_ratio_of_the_thesis() -> None:
    count = 33 * 500
    labels = np.repeat(np.arange(33, dtype=np.uint8), 500)
    nothing = np.zeros(count, dtype=np.int64)
    parts = np.full(count, Split.TEST, np.uint8)
    index = Index(["x"] * count, labels, parts, nothing.astype(np.uint8), nothing, nothing)
    splits = with_splits(index).splits
    own, monitored, training = ((splits == part).sum() for part in (Split.TEST, Split.VALIDATION, Split.TRAIN))
    assert own == count // 10
    assert monitored / training == pytest.approx(TEST / TRAINING, rel=0.001)
    assert np.array_equal(splits, with_splits(index).splits), "the same each time"


@pytest.fixture
def imported(tmp_path: Path, db: None) -> Dataset:
    """Thirty pictures of each of three letters."""
    archive = making.write_zip(tmp_path / "letters.zip", making.folders(per_letter=30))
    return import_archive(archive, name="letters", letters=making.LETTERS)


def test_a_version_with_its_own_files(imported: Dataset) -> None:
    split = thesis_split(imported)
    assert (split.name, split.parent) == ("letters (thesis split)", imported)
    assert sum(split.size(part) for part in Split) == split.pictures
    assert split.content_sha256 != imported.content_sha256
    digests = {part: input_files.load(split, part, "raw-28").inputs for part in Split}
    pictures = [row.tobytes() for inputs in digests.values() for row in inputs]
    assert len(pictures) == split.pictures
    assert all(len(inputs) for inputs in digests.values())
    index = Index.load(split.folder)
    for part in Split:
        assert not {d.tobytes() for d in index.digests[index.splits == part]} & {
            d.tobytes() for d in index.digests[index.splits != part]
        }
    assert thesis_split(imported) == split, "made once"


def test_files_that_are_gone(imported: Dataset) -> None:
    (imported.folder / "pictures.bin").unlink()
    with pytest.raises(DatasetError, match="are gone"):
        thesis_split(imported)
    assert Dataset.objects.count() == 1
