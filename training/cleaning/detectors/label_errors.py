"""Suspected wrong labels by confident learning.

C. Northcutt, L. Jiang, I. Chuang, "Confident learning: estimating uncertainty in dataset labels", Journal of Artificial
Intelligence Research 70, 2021: the pictures off the diagonal of the confident joint.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST_PICTURES = 8
"""A letter with fewer pictures has no threshold that means anything: its own pictures are not judged."""


@dataclass(frozen=True)
class Suspects:
    """Pictures that probably have a wrong letter.

    Attributes:
        pictures: int64 (m,), their numbers.
        likely: int64 (m,), the letter that they probably are.
        scores: float64 (m,), probability of that letter minus that of their own, −1…1.

    """

    pictures: NDArray[np.int64]
    likely: NDArray[np.int64]
    scores: NDArray[np.float64]


def find_suspects(probabilities: NDArray[np.floating], labels: NDArray[np.integer]) -> Suspects:
    """Find suspects by predictions (n, k) of networks that have not seen the pictures, and the labels (n,)."""
    given = labels.astype(np.int64)
    own = probabilities[np.arange(len(given)), given].astype(np.float64)
    counts = np.bincount(given, minlength=probabilities.shape[1])
    # (2) of the paper: the mean self-confidence of a class is its threshold.
    thresholds = np.bincount(given, weights=own, minlength=len(counts)) / np.maximum(counts, 1)
    thresholds[counts < LEAST_PICTURES] = np.inf
    # (1): a picture is counted as class j if p_j is at least j's threshold; of several the most probable.
    confident = probabilities >= thresholds
    likely = np.where(confident, probabilities, -1).argmax(axis=1)
    is_suspect = confident.any(axis=1) & (likely != given) & (counts[given] >= LEAST_PICTURES)
    pictures = np.flatnonzero(is_suspect)
    likely = likely[pictures]
    return Suspects(pictures, likely, probabilities[pictures, likely] - own[pictures])
