"""The split is exact, stratified, seeded, and keeps what the publisher has split."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from training.datasets.content.splitting import UNSPLIT, Split, SplitChoice, assign, size_of, split_of
from training.datasets.errors import DatasetError

LABELS = st.lists(st.integers(0, 32), min_size=1, max_size=300).map(lambda labels: np.array(labels, dtype=np.uint8))


def unsplit(labels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """No split for any."""
    return np.full(len(labels), UNSPLIT, dtype=np.uint8)


@given(LABELS, st.integers(0, 2**63 - 1))
def test_splits_have_exact_sizes_and_each_letter_its_share(labels: NDArray[np.uint8], seed: int) -> None:
    splits = assign(labels, unsplit(labels), seed=seed)

    n = len(labels)
    assert (splits == Split.TEST).sum() == round(n / 4)
    assert (splits == Split.VALIDATION).sum() == min(round(0.10 * n), n - round(n / 4))
    for label in np.unique(labels):
        of_letter = splits[labels == label]
        assert abs((of_letter == Split.TEST).sum() - len(of_letter) / 4) < 1
    assert np.array_equal(splits, assign(labels, unsplit(labels), seed=seed))


@given(LABELS, st.data())
def test_what_the_publisher_has_split_stays(labels: NDArray[np.uint8], data: st.DataObject) -> None:
    drawn = data.draw(st.lists(st.sampled_from([0, 1, 2, UNSPLIT]), min_size=len(labels), max_size=len(labels)))
    published = np.array(drawn, dtype=np.uint8)

    splits = assign(labels, published, seed=0)

    for split in (Split.TEST, Split.VALIDATION):
        if (published == split).any():
            assert np.array_equal(splits == split, published == split)
    assert (splits[published == Split.TEST] == Split.TEST).all()
    assert (splits[published == Split.VALIDATION] == Split.VALIDATION).all()


def test_another_seed_gives_another_split() -> None:
    labels = np.arange(200, dtype=np.uint8) % 5

    assert not np.array_equal(assign(labels, unsplit(labels), seed=1), assign(labels, unsplit(labels), seed=2))


def test_missing_validation_is_drawn_from_training_alone() -> None:
    labels = np.zeros(100, dtype=np.uint8)
    published = np.array([Split.TRAIN] * 70 + [Split.TEST] * 30, dtype=np.uint8)

    splits = assign(labels, published, seed=0)

    assert np.bincount(splits).tolist() == [60, 10, 30]
    assert (splits[70:] == Split.TEST).all()


def test_publishers_words() -> None:
    assert [split_of(word) for word in ("train", " VALID ", "dev", "Testing", "", "other")] == [
        Split.TRAIN,
        Split.VALIDATION,
        Split.VALIDATION,
        Split.TEST,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        *(("16500", 16500), ("0.25", 0.25), (" 25% ", 0.25), ("0,25", 0.25), ("16500/93135", 16500 / 93135), ("1", 1)),
        *(("76635:16500", 16500 / 93135), ("4:1", 0.2), ("93134:1", 1 / 93135)),
    ],
)
def test_sizes_of_splits_are_read(text: str, size: float) -> None:
    assert size_of(text) == size
    assert isinstance(size_of(text), type(size))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "0",
            "0.0",
            "-5",
            "1.5",
            "100%",
            "120%",
            "nan",
            "inf",
            "1/0",
            "a",
            "2/1",
            "%",
            "9" * 5000,
            "0." + "1" * 99,
        ),
        *("0:1", "1:0", "1:2:3", ":", "-1:2", "a:b"),
    ],
)
def test_an_invalid_size_of_a_split_is_refused(text: str) -> None:
    with pytest.raises(DatasetError, match="is not the size of a split"):
        size_of(text)


@pytest.mark.parametrize("text", ["0", "0%", "0.0", " 0 "])
def test_no_validation_is_a_size_and_no_test_is_none(text: str) -> None:
    choice = SplitChoice.of("", text, redraw=False)

    assert (choice.test, choice.validation) == (None, 0)
    with pytest.raises(DatasetError, match="is not the size of a split"):
        SplitChoice.of(text, "", redraw=False)


@pytest.mark.parametrize("size", ["16500/93135", "76635:16500", "16500"])
def test_sizes_of_the_thesis(size: str) -> None:
    labels = (np.arange(93_135, dtype=np.int64) % 33).astype(np.uint8)
    choice = SplitChoice.of(size, "0", redraw=True)

    splits = assign(labels, unsplit(labels), seed=0, test=choice.test, validation=choice.validation)

    assert np.bincount(splits, minlength=3).tolist() == [76_635, 0, 16_500]


@pytest.mark.parametrize("seed", range(5))
def test_sizes_that_are_asked_for_stay_exact_where_pictures_have_copies(seed: int) -> None:
    """Copies across splits are dropped later, from the split that is less strict."""
    labels = np.arange(300).astype(np.uint8) % 3
    copies = np.arange(300) // 12 * 3 + labels  # fours of a kind
    copies[150:] = 1000 + np.arange(150)
    copies[297:] = 2000  # of three letters: somebody erred

    splits = assign(labels, unsplit(labels), seed=seed, test=75, validation=30, copies=copies)

    assert np.bincount(splits).tolist() == [195, 30, 75]
    assert all(len(set(splits[copies == number])) == 1 for number in set(copies.tolist()))


def test_validation_that_is_asked_for_has_no_copy_of_the_publishers_test() -> None:
    labels = np.zeros(100, dtype=np.uint8)
    published = np.array([Split.TRAIN] * 70 + [Split.TEST] * 30, dtype=np.uint8)
    copies = np.arange(100)
    copies[:30] = copies[70:]

    splits = assign(labels, published, seed=0, validation=20, copies=copies)

    assert np.bincount(splits).tolist() == [50, 20, 30]
    assert (splits[:30] == Split.TRAIN).all()
