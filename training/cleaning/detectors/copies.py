"""Copies of pictures: exact ones by their hash, near ones by a perceptual hash in bands, then compared.

The perceptual hash is that of C. Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010:
the signs of the 64 lowest frequencies of the cosine transform against their median. Two hashes that differ in at most
seven bits share at least one of eight bytes, so that only pictures with a common byte are compared.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAX_BITS = 7
"""Near copies differ in at most this many bits of 64 …"""
MIN_CORRELATION = 0.97
"""… and their greys correlate at least so well. Measured by eye: see docs/data.md."""
BANDS = 8
LOWEST = 8
_BATCH, _ROWS, _PAIRS = 4096, 512, 4096

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Copies:
    """Of which picture each of n is a copy.

    Attributes:
        twin: int64 (n,), the number of that picture, −1 for none.
        score: float32 (n,), how well the two correlate.

    """

    twin: Numbers
    score: NDArray[np.float32]

    @classmethod
    def none(cls, n: int) -> "Copies":
        """No copies among n pictures."""
        return cls(np.full(n, -1, dtype=np.int64), np.zeros(n, dtype=np.float32))

    def put(self, copies: Numbers, twins: Numbers, scores: NDArray[np.float32]) -> None:
        """Take in pairs; of several for one picture the best stays."""
        order = np.argsort(scores, kind="stable")
        copies, twins, scores = copies[order], twins[order], scores[order]
        better = scores > self.score[copies]
        self.twin[copies[better]], self.score[copies[better]] = twins[better], scores[better]


def exact(digests: NDArray[np.uint8], splits: NDArray[np.uint8]) -> Copies:
    """Find exact copies within a split: each but the first, by SHA-256 (n, 32)."""
    rows = np.ascontiguousarray(np.hstack([digests, splits[:, None]])).view(np.dtype((np.void, 33))).ravel()
    _unique, first, group = np.unique(rows, return_index=True, return_inverse=True)
    copies = Copies.none(len(splits))
    later = np.flatnonzero(first[group] != np.arange(len(splits)))
    copies.put(later, first[group[later]], np.ones(len(later), dtype=np.float32))
    return copies


def near(
    small: NDArray[np.uint8],
    digests: NDArray[np.uint8],
    splits: NDArray[np.uint8],
    *,
    check: Callable[[], None] = lambda: None,
) -> tuple[Copies, Copies]:
    """Find near copies that are not exact ones.

    Args:
        small: uint8 (n, 32, 32), greys.
        digests: uint8 (n, 32), SHA-256 of size and pixels.
        splits: uint8 (n,), the split; the higher, the stricter.
        check: called now and then; may raise.

    Returns:
        Copies of a picture of a stricter split (without them no two splits share a near copy), and copies of an earlier
        picture of the same split.

    """
    across, within = Copies.none(len(small)), Copies.none(len(small))
    compare = _Comparison(small, digests)
    for i, j in _candidates(perceptual_hashes(small), check):
        score = compare(i, j)
        good = score >= MIN_CORRELATION
        i, j, score = i[good], j[good], score[good]
        looser, stricter = np.where(splits[i] < splits[j], (i, j), (j, i))
        differ = splits[i] != splits[j]
        across.put(looser[differ], stricter[differ], score[differ])
        within.put(np.maximum(i, j)[~differ], np.minimum(i, j)[~differ], score[~differ])
    return across, within


def perceptual_hashes(small: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Hashes (n,) of greys (n, side, side)."""
    from scipy.fft import dctn  # a quarter of a second that every start of a worker would pay

    weights = np.uint64(1) << np.arange(LOWEST**2, dtype=np.uint64)
    hashes = np.empty(len(small), dtype=np.uint64)
    for start in range(0, len(small), _BATCH):
        waves = dctn(small[start : start + _BATCH].astype(np.float32), axes=(1, 2))[:, :LOWEST, :LOWEST]
        waves = waves.reshape(len(waves), -1)
        waves[:, 0] = 0  # the mean brightness says nothing of the shape
        bits = waves > np.median(waves[:, 1:], axis=1, keepdims=True)
        hashes[start : start + _BATCH] = (bits * weights).sum(axis=1, dtype=np.uint64)
    return hashes


def _candidates(hashes: NDArray[np.uint64], check: Callable[[], None]) -> Iterator[tuple[Numbers, Numbers]]:
    """Yield pairs of pictures whose hashes are near, some several times."""
    for band in range(BANDS):
        byte = (hashes >> np.uint64(8 * band)).astype(np.uint8)
        order = np.argsort(byte, kind="stable").astype(np.int64)
        for bucket in np.split(order, np.flatnonzero(np.diff(byte[order])) + 1):
            check()
            yield from _within_bucket(bucket, hashes[bucket])


def _within_bucket(bucket: Numbers, hashes: NDArray[np.uint64]) -> Iterator[tuple[Numbers, Numbers]]:
    for start in range(0, len(bucket), _ROWS):
        distance = np.bitwise_count(hashes[start : start + _ROWS, None] ^ hashes[None, start:])
        i, j = np.nonzero(np.triu(distance <= MAX_BITS, k=1))
        for begin in range(0, len(i), _PAIRS):
            pairs = slice(begin, begin + _PAIRS)
            yield bucket[start + i[pairs]], bucket[start + j[pairs]]


class _Comparison:
    """Correlation of the greys of pairs; 0 for exact copies, which are not its business."""

    def __init__(self, small: NDArray[np.uint8], digests: NDArray[np.uint8]) -> None:
        self._flat, self._digests = small.reshape(len(small), -1), digests
        self._mean = self._flat.mean(axis=1, dtype=np.float32)
        self._deviation = np.array([row.std(dtype=np.float32) for row in self._flat], dtype=np.float32)

    def __call__(self, i: Numbers, j: Numbers) -> NDArray[np.float32]:
        products = np.einsum("pk,pk->p", self._flat[i].astype(np.float32), self._flat[j].astype(np.float32))
        covariance = products / self._flat.shape[1] - self._mean[i] * self._mean[j]
        scale = self._deviation[i] * self._deviation[j]
        correlation = covariance / np.where(scale > 0, scale, np.inf)
        correlation[(self._digests[i] == self._digests[j]).all(axis=1)] = 0
        return np.asarray(correlation, dtype=np.float32)
