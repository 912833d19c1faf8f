"""The ink of a picture as patches: what hangs together, numbered."""

from __future__ import annotations

from typing import List

import numpy as np
import numpy.typing as npt

from recognizer.core.ink.frame import Mask

Labels = npt.NDArray[np.int32]


def labelled(mask: Mask) -> Labels:
    """Number the ink (h, w) from 1 on by what hangs together, over corners too; paper is 0.

    Works on runs of ink along the rows: those that lie over each other in two rows get one number.
    """
    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), np.int8)
    padded[:, 1:-1] = mask
    change = np.diff(padded, axis=1)
    rows, starts = np.nonzero(change == 1)
    ends = np.nonzero(change == -1)[1]
    roots = _roots(rows.tolist(), starts.tolist(), ends.tolist())
    numbers = np.unique(roots, return_inverse=True)[1].astype(np.int32) + 1
    labels = np.zeros(mask.shape, np.int32)
    labels[mask.view(np.bool_)] = np.repeat(numbers, ends - starts)
    return labels


def _roots(rows: List[int], starts: List[int], ends: List[int]) -> List[int]:
    """Of each run of ink, in order of the rows, one run of those that it hangs together with."""
    parent = list(range(len(rows)))

    def root(run: int) -> int:
        while parent[run] != run:
            parent[run] = parent[parent[run]]
            run = parent[run]
        return run

    above = 0  # the first run that may touch the next one from above
    for run, row in enumerate(rows):
        while rows[above] < row - 1 or (rows[above] == row - 1 and ends[above] < starts[run]):
            above += 1
        other = above
        while rows[other] == row - 1 and starts[other] <= ends[run]:
            parent[root(run)] = root(other)
            other += 1
    return [root(run) for run in range(len(rows))]
