"""Writers: found in columns and folders, kept together in the split."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.datasets import making
from training.datasets.content import writers
from training.datasets.content.splitting import UNSPLIT, Size, Split, SplitChoice, assign
from training.datasets.errors import DatasetError
from training.datasets.imports.pipeline import import_archive
from training.datasets.layouts import Choice
from training.datasets.models import Dataset
from training.datasets.storage import duplicates
from training.datasets.storage.picture_files import Index


@pytest.mark.parametrize(
    ("path", "writer"),
    [
        (["set", "writer-07", "А"], "writer-07"),
        (["Author_Anna", "train", "А"], "author_anna"),
        (["ученик 3", "А"], "ученик 3"),
        (["writers", "Anna", "А"], "anna"),
        (["train", "А", "person12"], "person12"),
        (["set", "writer", "А"], ""),
        (["users"], ""),
        (["personal", "А"], ""),
        ([], ""),
    ],
)
def test_folder_of_a_writer_is_known_by_its_name(path: Sequence[str], writer: str) -> None:
    assert writers.writer_in(path) == writer


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(-1, 11)), min_size=60, max_size=200),
    st.integers(0, 2**32),
)
def test_no_writer_is_cut_in_two(pictures: list[tuple[int, int]], seed: int) -> None:
    labels, groups = (np.array(column) for column in zip(*pictures, strict=True))
    labels = labels.astype(np.uint8)
    unsplit = np.full(len(labels), UNSPLIT, dtype=np.uint8)
    if len(np.unique(groups[groups >= 0])) < 4:
        return

    splits = assign(labels, unsplit, seed=seed, groups=groups)

    assert writers.in_several_splits(groups, splits) == 0
    assert {*splits.tolist()} == {*Split}
    assert np.array_equal(splits, assign(labels, unsplit, seed=seed, groups=groups))


def test_splits_of_many_writers_have_nearly_their_sizes_and_each_letter_its_share() -> None:
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(200), rng.integers(10, 60, 200))
    labels = rng.integers(0, 33, len(groups)).astype(np.uint8)
    unsplit = np.full(len(labels), UNSPLIT, dtype=np.uint8)

    splits = assign(labels, unsplit, seed=3, groups=groups, test=0.2, validation=700)

    assert abs((splits == Split.TEST).mean() - 0.2) < 0.01
    assert abs((splits == Split.VALIDATION).sum() - 700) < 60
    shares = np.bincount(labels[splits == Split.TEST], minlength=33) / np.bincount(labels, minlength=33)
    assert shares.min() > 0.1
    assert shares.max() < 0.3


def test_two_writers_are_too_few_for_three_splits() -> None:
    labels = np.zeros(20, dtype=np.uint8)
    groups = np.repeat([0, 1], 10)

    with pytest.raises(DatasetError, match="too few writers"):
        assign(labels, np.full(20, UNSPLIT, dtype=np.uint8), seed=0, groups=groups)


def by_writers() -> dict[str, bytes]:
    """Contents with a folder for each of twelve writers and in it for each letter."""
    return {
        f"set/writer{writer:02d}/{letter}/{number}.png": making.png(1000 * writer + 100 * label + number)
        for writer in range(12)
        for label, letter in enumerate(making.LETTERS)
        for number in range(2)
    }


def splits_of_writers(dataset: Dataset) -> dict[str, set[int]]:
    """The splits in which each writer is."""
    index = Index.load(dataset.folder)
    found: dict[str, set[int]] = {}
    for name, split in zip(index.names, index.splits.tolist(), strict=True):
        found.setdefault(name.split("/")[1], set()).add(split)
    return found


@pytest.mark.django_db
def test_writers_of_folders_stay_in_one_split_unless_they_are_overlooked(tmp_path: Path) -> None:
    path = making.write_zip(tmp_path / "a.zip", by_writers())

    kept = import_archive(path, name="kept", letters=making.LETTERS)
    overlooked = import_archive(path, name="over", letters=making.LETTERS, choice=Choice(groups="none"))

    assert {len(splits) for splits in splits_of_writers(kept).values()} == {1}
    assert all(kept.size(split) for split in Split)
    assert (kept.report["writers"], kept.report["writers_in_several_parts"]) == (12, 0)
    assert max(len(splits) for splits in splits_of_writers(overlooked).values()) > 1
    assert overlooked.report["writers"] == 0


@pytest.mark.django_db
def test_writers_of_a_column_stay_in_one_split(tmp_path: Path) -> None:
    rows = [f"{w}-{i}.png,{making.LETTERS[i % 3]},w{w}" for w in range(10) for i in range(6)]
    pictures = {f"{w}-{i}.png": making.png(100 * w + i) for w in range(10) for i in range(6)}
    table = {"i.csv": "\n".join(("filename,letter,writer", *rows)).encode()}

    dataset = import_archive(making.write_zip(tmp_path / "a.zip", table | pictures), name="a", letters=making.LETTERS)

    index = Index.load(dataset.folder)
    found = {(name.split("-")[0], split) for name, split in zip(index.names, index.splits.tolist(), strict=True)}
    assert len(found) == 10
    assert dataset.report["writers"] == 10


@pytest.mark.django_db
def test_published_writers_in_two_splits_are_reported(tmp_path: Path) -> None:
    contents = {
        name.replace("set/", f"{split}/"): data for split in ("train", "test") for name, data in by_writers().items()
    }
    contents = {name: making.png(number) for number, name in enumerate(contents)}

    dataset = import_archive(making.write_zip(tmp_path / "a.zip", contents), name="a", letters=making.LETTERS)

    assert dataset.report["published_split"] is True
    assert dataset.report["writers_in_several_parts"] == 12


@pytest.mark.django_db
def test_redrawn_split_with_chosen_sizes(tmp_path: Path) -> None:
    names = [f"{split}/{name}" for split in ("train", "test") for name in making.folders(20)]
    contents = {name: making.png(number) for number, name in enumerate(names)}
    path = making.write_zip(tmp_path / "a.zip", contents)

    with pytest.raises(DatasetError, match="has a test split of its own"):
        import_archive(path, name="a", letters=making.LETTERS, split=SplitChoice(test=10))
    dataset = import_archive(
        path, name="a", letters=making.LETTERS, split=SplitChoice(redraw=True, test=21, validation=0.1)
    )

    assert (dataset.size(Split.TEST), dataset.size(Split.VALIDATION)) == (21, 12)
    assert (dataset.report["published_split"], dataset.report["drawn_anew"]) == (False, True)


@pytest.mark.django_db
@pytest.mark.parametrize(("test", "validation"), [(24, None), (12, 12), (None, 0.99)])
def test_sizes_that_leave_nothing_for_training_are_refused(
    test: Size | None, validation: Size | None, archive: Path
) -> None:
    split = SplitChoice(test=test, validation=validation)

    with pytest.raises(DatasetError, match="leaves none for training"):
        import_archive(archive, name="a", letters=making.LETTERS, split=split)
    assert not Dataset.objects.exists()


@pytest.mark.django_db
def test_every_import_is_verified_to_be_disjoint(dataset: Dataset) -> None:
    assert dataset.report["different"] == 24
    index = Index.load(dataset.folder)
    digests = index.digests.copy()
    digests[np.flatnonzero(index.splits == Split.TEST)[0]] = digests[np.flatnonzero(index.splits == Split.TRAIN)[0]]
    replace(index, digests=digests).save(dataset.folder)

    with pytest.raises(DatasetError, match="two splits: 1;"):
        duplicates.verify_disjoint(dataset.folder)
