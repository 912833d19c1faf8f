"""Exact and near copies, within a split and across splits."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.training.cleaning.conftest import letter
from training.cleaning.detectors import copies

N = 60


@pytest.fixture
def small() -> NDArray[np.uint8]:
    """Different pictures (n, 32, 32) of one letter, and near copies: 10 of 3, 11 of 3, 20 of 4."""
    pictures = np.array([letter("АБВ"[number % 3], number, side=32) for number in range(N)])
    for copy, of in ((10, 3), (11, 3), (20, 4)):
        pictures[copy] = pictures[of]
        pictures[copy, copy % 5, 3] = 180
    pictures[30] = pictures[5]
    return pictures


def digests(small: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A stand-in for SHA-256: equal where the pictures are."""
    rows = np.zeros((len(small), 32), dtype=np.uint8)
    group = np.unique(small.reshape(len(small), -1), axis=0, return_inverse=True)[1]
    rows[:, 0] = group
    return rows


def pairs(found: copies.Copies) -> dict[int, int]:
    """Copies with their twins."""
    return {int(number): int(found.twin[number]) for number in np.flatnonzero(found.twin >= 0)}


def test_near_copies_within_a_split_are_the_later_ones(small: NDArray[np.uint8]) -> None:
    across, within = copies.near(small, digests(small), np.zeros(N, dtype=np.uint8))

    assert pairs(across) == {}
    assert set(pairs(within)) == {10, 11, 20}
    assert pairs(within)[10] == 3
    assert pairs(within)[11] in (3, 10)
    assert pairs(within)[20] == 4
    assert within.score[10] > copies.MIN_CORRELATION


def test_across_splits_the_picture_of_the_looser_split_is_the_copy(small: NDArray[np.uint8]) -> None:
    splits = np.zeros(N, dtype=np.uint8)
    splits[10], splits[4] = 1, 2

    across, within = copies.near(small, digests(small), splits)

    assert pairs(across) == {3: 10, 11: 10, 20: 4}
    assert pairs(within) == {11: 3}


def test_without_the_copies_across_none_remains(small: NDArray[np.uint8]) -> None:
    splits = np.random.default_rng(3).integers(0, 3, N).astype(np.uint8)
    across, _within = copies.near(small, digests(small), splits)
    stays = across.twin < 0

    again, _within = copies.near(small[stays], digests(small)[stays], splits[stays])

    assert 0 < np.count_nonzero(~stays) <= 3
    assert pairs(again) == {}


def test_exact_copies_are_all_but_the_first_of_their_split(small: NDArray[np.uint8]) -> None:
    splits = np.zeros(N, dtype=np.uint8)
    assert pairs(copies.exact(digests(small), splits)) == {30: 5}
    splits[30] = 1
    assert pairs(copies.exact(digests(small), splits)) == {}


def test_hashes_hold_under_brightness_and_differ_for_other_letters(small: NDArray[np.uint8]) -> None:
    paler = (small * 0.8 + 40).astype(np.uint8)
    distance = np.bitwise_count(copies.perceptual_hashes(small) ^ copies.perceptual_hashes(paler))
    assert np.median(distance) <= 2
    one = copies.perceptual_hashes(np.array([letter(shape, 1, side=32) for shape in "АБВ"]))
    assert np.bitwise_count(one[0] ^ one[1]) > copies.MAX_BITS


def test_all_pairs_that_are_near_by_hash_are_compared() -> None:
    rng = np.random.default_rng(0)
    hashes = rng.integers(0, 2**63, 300, dtype=np.uint64)
    flips = (np.uint64(1) << rng.choice(64, copies.MAX_BITS, replace=False).astype(np.uint64)).sum(dtype=np.uint64)
    hashes[200] = hashes[7] ^ flips

    met = {(int(a), int(b)) for i, j in copies._candidates(hashes, lambda: None) for a, b in zip(i, j, strict=True)}

    assert met == {(7, 200)}


def test_check_can_stop_it(small: NDArray[np.uint8]) -> None:
    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        copies.near(small, digests(small), np.zeros(N, dtype=np.uint8), check=stop)
