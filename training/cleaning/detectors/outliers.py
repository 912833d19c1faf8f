"""Outliers: pictures that are far from all others, even for their letter.

The score is the distance to the k-th nearest picture (S. Ramaswamy, R. Rastogi, K. Shim, "Efficient algorithms for
mining outliers from large data sets", 2000), among a sample of the others and in the main directions of the inputs.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = 5
DIRECTIONS = 32
SAMPLE = 10_000
FENCE = 1.5
"""Tukey's fence: this many interquartile ranges above the upper quartile of the letter."""
LEAST_PICTURES = 50
"""A letter with fewer has no quartiles to speak of."""
_CHUNK = 1000


def find_outliers(
    inputs: NDArray[np.uint8], labels: NDArray[np.integer], *, seed: int, check: Callable[[], None] = lambda: None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return numbers (m,) of outliers among inputs (n, n_in) with labels (n,), and how far beyond the fence each is.

    That is the ratio of its distance to the fence of its letter, above 1.
    """
    rng = np.random.default_rng(seed)
    chosen = np.sort(rng.permutation(len(inputs))[:SAMPLE])
    basis, mean = _main_directions(inputs[chosen])
    points = np.concatenate(
        [(inputs[start : start + _CHUNK] - mean) @ basis for start in range(0, len(inputs), _CHUNK)]
    )
    distances = _kth_distances(points, points[chosen], check)
    logs = np.log(np.maximum(distances, 1e-9))  # distances are skewed; their logarithms are nearly normal
    over = np.full(len(logs), -np.inf)
    for label in np.flatnonzero(np.bincount(labels) >= LEAST_PICTURES):
        own = labels == label
        lower, upper = np.percentile(logs[own], (25, 75))
        over[own] = logs[own] - (upper + FENCE * (upper - lower))
    outliers = np.flatnonzero(over > 0)
    return outliers, np.exp(over[outliers])


def _main_directions(sample: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the principal directions (length, d) of a sample, and its mean (length,)."""
    from scipy.linalg import eigh  # as in copies.py

    mean = sample.mean(axis=0, dtype=np.float32)
    centred = sample - mean
    size = centred.shape[1]
    _values, vectors = eigh(centred.T @ centred, subset_by_index=(size - DIRECTIONS, size - 1))
    return np.asarray(vectors, dtype=np.float32), mean


def _kth_distances(
    points: NDArray[np.float32], sample: NDArray[np.float32], check: Callable[[], None]
) -> NDArray[np.float32]:
    """Distance of each point to its k-th nearest of the sample; one of the sample is also near itself."""
    squares = (sample**2).sum(axis=1)
    place = min(NEIGHBOURS, len(sample) - 1)
    distances = np.empty(len(points), dtype=np.float32)
    for start in range(0, len(points), _CHUNK):
        check()
        chunk = points[start : start + _CHUNK]
        to_all = squares - 2 * chunk @ sample.T
        nearest = np.partition(to_all, place, axis=1)[:, place] + (chunk**2).sum(axis=1)
        distances[start : start + _CHUNK] = np.sqrt(np.maximum(nearest, 0))
    return distances
