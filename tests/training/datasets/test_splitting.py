"""The split is exact, stratified, seeded, and keeps what the publisher has split."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from training.datasets.errors import DatasetError
from training.datasets.splitting import UNSPLIT, Split, assign, size_of, split_of

LABELS = st.lists(st.integers(0, 32), min_size=1, max_size=300).map(lambda labels: np.array(labels, dtype=np.uint8))


def unsplit(labels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """No part for any."""
    return np.full(len(labels), UNSPLIT, dtype=np.uint8)


@given(LABELS, st.integers(0, 2**63 - 1))
def test_parts_have_exact_sizes_and_each_letter_its_share(labels: NDArray[np.uint8], seed: int) -> None:
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
    parts = data.draw(st.lists(st.sampled_from([0, 1, 2, UNSPLIT]), min_size=len(labels), max_size=len(labels)))
    published = np.array(parts, dtype=np.uint8)

    splits = assign(labels, published, seed=0)

    for part in (Split.TEST, Split.VALIDATION):
        if (published == part).any():
            assert np.array_equal(splits == part, published == part)
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
    [("16500", 16500), ("0.25", 0.25), (" 25% ", 0.25), ("0,25", 0.25), ("16500/93135", 16500 / 93135), ("1", 1)],
)
def test_sizes_of_parts_are_read(text: str, size: float) -> None:
    assert size_of(text) == size
    assert isinstance(size_of(text), type(size))


@pytest.mark.parametrize(
    "text",
    ["", "0", "0.0", "-5", "1.5", "100%", "120%", "nan", "inf", "1/0", "a", "2/1", "%", "9" * 5000, "0." + "1" * 99],
)
def test_what_is_no_size_of_a_part_is_refused(text: str) -> None:
    with pytest.raises(DatasetError, match="is no size of a part"):
        size_of(text)


def test_ratio_of_the_thesis() -> None:
    labels = np.arange(93_135, dtype=np.int64) % 33

    splits = assign(labels.astype(np.uint8), unsplit(labels.astype(np.uint8)), seed=0, test=size_of("16500/93135"))

    assert (splits == Split.TEST).sum() == 16_500
