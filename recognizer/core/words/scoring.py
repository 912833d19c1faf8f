"""How likely a group of strokes is one letter, and a place between two groups the end of one.

A way to cut a word is scored by a weighted sum of what is known of its groups and of its cuts: a semi-Markov
conditional random field (Sarawagi and Cohen, 2004). Its weights were fitted on validation letters
(`benchmarks/words/fitting.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

import numpy as np
import numpy.typing as npt

from recognizer.core.words.lattice import Lattice
from recognizer.core.words.marks import BOTTOM, LEFT, RIGHT, TOP

Floats = npt.NDArray[np.float64]
LETTERLIKE = (-6.0, 0.0, 3.0)
"""Where the score of a letter's likeness bends: below the first and above the last it no longer matters."""
LEAST_LOG = -3.0
WIDE, NARROW, LOW = 1.1, 0.4, 0.7
"""Of the letters' height: what is wider, narrower or lower than most letters are."""
SMALL_GAP, MOST_GAP = 0.1, 0.5
"""Of the letters' height: gaps count more up to the first, and no more beyond the second."""
MOST_INK = 8.0
"""Thicknesses of the pen, of what a cut crosses."""


@dataclass(frozen=True)
class CutWeights:
    """Weights of the sum.

    Attributes:
        of_groups: for the columns of `group_features`.
        of_cuts: for those of `cut_features`.
        trust: in a lexicon, the share of what its words gain.
        temperature: of the letters' probabilities where they are compared with a lexicon: ink that another letter left
            in a group makes a network surer of the wrong letter than it should be.
    """

    of_groups: Tuple[float, ...]
    of_cuts: Tuple[float, ...]
    trust: float
    temperature: float


DRAWN = CutWeights(
    (-0.011, 0.861, 1.155, 0.699, -1.056, -0.157, -0.404, -0.558, -0.764),
    (0.237, 0.358, 0.761, -0.443, 0.0),
    trust=0.5,
    temperature=1.0,
)
PICTURED = CutWeights(
    (0.372, 0.226, 0.681, 0.571, -2.024, -0.947, -1.664, -0.906, 0.283),
    (0.509, 0.41, 1.178, -2.414, -0.137),
    trust=0.7,
    temperature=1.5,
)
"""For strokes and for pictures. With this trust and temperature most validation words are read right."""


def group_features(lattice: Lattice, scores: Floats, logs: Floats) -> Floats:
    """What is known of each group (groups, 9).

    Args:
        lattice: of the word.
        scores: (groups,), how like a letter each is.
        logs: (groups, letters), logarithms of probabilities.
    """
    height = max(lattice.marks.height, 1e-9)
    wide = (lattice.boxes[:, RIGHT] - lattice.boxes[:, LEFT]) / height
    high = (lattice.boxes[:, BOTTOM] - lattice.boxes[:, TOP]) / height
    low, middle, top = LETTERLIKE
    return np.stack(
        [
            np.ones(len(scores)),
            np.clip(scores, low, middle),
            np.clip(scores, middle, top),
            np.maximum(logs.max(axis=1), LEAST_LOG),
            np.maximum(wide - WIDE, 0.0),
            np.maximum(NARROW - wide, 0.0),
            np.maximum(LOW - high, 0.0),
            _largest_gaps(lattice),
            (lattice.ends - lattice.firsts > 1).astype(np.float64),
        ],
        axis=1,
    )


def cut_features(lattice: Lattice) -> Floats:
    """What is known of each bound between pieces (pieces + 1, 5); zeros at both ends, which are no cuts."""
    gaps, ink = lattice.gaps, lattice.touching
    features = np.stack(
        [
            np.clip(gaps, 0.0, SMALL_GAP),
            np.clip(gaps - SMALL_GAP, 0.0, MOST_GAP),
            np.minimum(gaps, 0.0),
            np.minimum(ink, 1.0),
            np.clip(ink - 1.0, 0.0, MOST_INK) / MOST_INK,
        ],
        axis=1,
    )
    features[[0, -1]] = 0.0
    return features


def _largest_gaps(lattice: Lattice) -> Floats:
    """The largest gap inside of each group (groups,), in heights; 0 where its parts overlap."""
    return np.array(
        [
            min(max(lattice.gaps[first + 1 : end].max(initial=0.0), 0.0), MOST_GAP)
            for first, end in zip(lattice.firsts.tolist(), lattice.ends.tolist())
        ]
    )


def features(lattice: Lattice, scores: Floats, logs: Floats) -> Floats:
    """What is known of each group and of the cut at its end (groups, 14)."""
    return np.concatenate([group_features(lattice, scores, logs), cut_features(lattice)[lattice.ends]], axis=1)


def group_scores(lattice: Lattice, scores: Floats, logs: Floats, weights: CutWeights) -> Floats:
    """The score of each group (groups,), that of the cut at its end among it, without its letter's."""
    return np.asarray(features(lattice, scores, logs) @ np.array((*weights.of_groups, *weights.of_cuts)))


def softened(logs: Floats, temperature: float) -> Floats:
    """Log-probabilities (groups, letters) at a temperature; at 1 they stay."""
    if temperature == 1.0:
        return logs
    cooled = logs / temperature
    cooled -= cooled.max(axis=1, keepdims=True)
    return np.asarray(cooled - np.log(np.exp(cooled).sum(axis=1, keepdims=True)))
