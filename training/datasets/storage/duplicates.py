"""Exact duplicates: the same picture may not stand in two splits of a data set."""

from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.messages import gettext as _
from training.datasets.content.splitting import Split
from training.datasets.errors import DatasetError
from training.datasets.storage.picture_files import Index


def crosses_splits(index: Index) -> NDArray[np.bool_]:
    """Tell which pictures (n,) a stricter split holds as well (test, then validation, then train): they are dropped."""
    group = numbered(index)
    strictest = np.zeros(len(index.labels), dtype=np.uint8)
    np.maximum.at(strictest, group, index.splits)
    return np.asarray(index.splits < strictest[group], dtype=np.bool_)


def repeats(index: Index) -> int:
    """Count the pictures that are exact copies of another one (those beyond the first of each)."""
    return len(index.labels) - len(np.unique(numbered(index)))


def verify_disjoint(folder: Path) -> int:
    """Look at the finished files whether any picture stands in two splits; return how many different ones there are.

    Raises:
        DatasetError: one does; such a data set may not be saved.

    """
    index = Index.load(folder)
    splits = [{row.tobytes() for row in index.digests[index.splits == split]} for split in Split]
    shared = sum(len(one & other) for one, other in combinations(splits, 2))
    if shared:
        raise DatasetError(_("Pictures that would be in two splits: %(count)d; nothing was saved.") % {"count": shared})
    return sum(map(len, splits))


def numbered(index: Index) -> NDArray[np.int64]:
    """Give equal pictures an equal number."""
    whole = np.ascontiguousarray(index.digests).view(np.dtype((np.void, 32))).ravel()
    return np.unique(whole, return_inverse=True)[1]
