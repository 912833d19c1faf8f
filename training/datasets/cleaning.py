"""Exact duplicates: the same picture may not stand in two parts of a data set."""

import numpy as np
from numpy.typing import NDArray

from training.datasets.store import Index


def crosses_parts(index: Index) -> NDArray[np.bool_]:
    """Tell which pictures (n,) a stricter part holds as well (test, then validation, then train): they are dropped."""
    group = _groups(index)
    strictest = np.zeros(len(index.labels), dtype=np.uint8)
    np.maximum.at(strictest, group, index.splits)
    return np.asarray(index.splits < strictest[group], dtype=np.bool_)


def repeats(index: Index) -> int:
    """Count the pictures that are exact copies of another one (those beyond the first of each)."""
    return len(index.labels) - len(np.unique(_groups(index)))


def _groups(index: Index) -> NDArray[np.int64]:
    """Give equal pictures an equal number."""
    whole = np.ascontiguousarray(index.digests).view(np.dtype((np.void, 32))).ravel()
    return np.unique(whole, return_inverse=True)[1]
