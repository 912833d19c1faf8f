"""Scores: an archive whole, a split of a data set, what cannot be read counted as wrong."""

from pathlib import Path

import pytest

from tests.training.datasets import making
from tests.training.datasets.reading_model import model_of
from training.datasets.content.splitting import Split
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.scoring import score_archive, score_dataset

CONTENTS = making.folders()
MODEL = model_of(CONTENTS, making.LETTERS)


def test_archive_is_scored_whole_and_needs_no_database(archive: Path) -> None:
    score = score_archive(archive, MODEL)

    assert (score.images, score.correct, score.accuracy, score.top5, score.unreadable) == (24, 24, 1.0, 1.0, 0)
    assert score.per_letter == {"А": 1.0, "Б": 1.0, "В": 1.0}
    assert (score.model, score.precision) == ("means", "fp32")


def test_wrong_labels_copies_and_unreadable_pictures_all_count(tmp_path: Path) -> None:
    contents = {
        **CONTENTS,
        "set/Б/wrong.png": making.png(0),  # it is in А as well: nothing is cleaned away
        "set/А/copy.png": making.png(0),
        "set/В/broken.png": making.png(5)[:60],
        "set/В/text.png": b"text",
        "set/В/blank.png": making.blank(),
    }

    score = score_archive(making.write_zip(tmp_path / "a.zip", contents), MODEL)

    assert (score.images, score.correct, score.unreadable) == (29, 25, 3)
    assert score.accuracy == pytest.approx(25 / 29)
    assert score.top5 == pytest.approx(26 / 29)
    assert score.images_per_letter == {"А": 9, "Б": 9, "В": 11}
    assert score.per_letter == {"А": 1.0, "Б": pytest.approx(8 / 9), "В": pytest.approx(8 / 11)}


def test_letters_that_the_model_does_not_know_are_left_out(tmp_path: Path) -> None:
    contents = {**CONTENTS, "set/Я/1.png": making.png(7)}

    assert score_archive(making.write_zip(tmp_path / "a.zip", contents), MODEL).images == 24


def test_archive_in_which_nothing_can_be_read(tmp_path: Path) -> None:
    score = score_archive(making.write_zip(tmp_path / "a.zip", {"А/1.png": b"", "Б/1.png": b"x"}), MODEL)

    assert (score.images, score.correct, score.accuracy, score.top5) == (2, 0, 0.0, 0.0)


@pytest.mark.parametrize("split", Split)
def test_split_of_a_data_set(split: Split, dataset: Dataset) -> None:
    score = score_dataset(dataset, MODEL, split=split)

    assert (score.images, score.accuracy) == (dataset.size(split), 1.0)


def test_labels_are_matched_by_letter(dataset: Dataset) -> None:
    turned = model_of(CONTENTS, "ВЯБА")

    score = score_dataset(dataset, turned, split=Split.TRAIN)

    assert score.accuracy == 1.0
    assert score.per_letter == {"А": 1.0, "Б": 1.0, "В": 1.0}


def test_model_of_other_letters_is_refused(dataset: Dataset) -> None:
    other = model_of({"Э/1.png": making.png(1), "Ю/1.png": making.png(2)}, "ЭЮ")

    with pytest.raises(DatasetError, match="has no picture of a letter that the model knows"):
        score_dataset(dataset, other, split=Split.TEST)


def test_precision_is_applied_and_named(archive: Path) -> None:
    assert score_archive(archive, MODEL, precision="fp16").precision == "fp16"
    with pytest.raises(DatasetError, match="precision “fp1” is not one of"):
        score_archive(archive, MODEL, precision="fp1")
