"""Smooth curves through points, as a linear map: the samples of a stroke are one matrix times its points.

So a thousand letters of one skeleton, each with points of its own, are one product.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from training.datasets.synthesis.skeletons import Piece, Skeleton

Floats = NDArray[np.float64]
STEP = 4.0
"""Distance between two samples, in hundredths of the letter's box."""
ROUNDING = 9.0
"""Standard deviation of the smoothing that rounds a stroke wholly, in hundredths of the letter's box."""


@dataclass(frozen=True)
class Curve:
    """A stroke of a skeleton, ready to be sampled.

    Attributes:
        points: (k, 2), what the pen passes, corners once.
        sharp: (m, k), samples = sharp @ points, with corners as they stand.
        round: (m, k), the same stroke written fast: its corners rounded.
        corners: which samples are corners or ends.

    """

    points: Floats
    sharp: Floats
    round: Floats
    corners: tuple[int, ...]


@lru_cache(maxsize=1024)
def curves(skeleton: Skeleton) -> tuple[Curve, ...]:
    """Return the curves of a skeleton's strokes."""
    return tuple(_curve(stroke) for stroke in skeleton.strokes)


def _curve(pieces: tuple[Piece, ...]) -> Curve:
    points = np.array([*pieces[0][:1], *(point for piece in pieces for point in piece[1:])])
    rows: list[Floats] = []
    corners = [0]
    first = 0
    for piece in pieces:
        part = _samples(np.array(piece))
        matrix = np.zeros((len(part), len(points)))
        matrix[:, first : first + len(piece)] = part
        rows.append(matrix if not rows else matrix[1:])
        corners.append(corners[-1] + len(part) - 1)
        first += len(piece) - 1
    sharp = np.concatenate(rows)
    return Curve(points, sharp, _rounded(sharp), tuple(corners))


def _samples(points: Floats) -> Floats:
    """Matrix (m, k) of a natural cubic spline through k points, centripetal: no loops where they lie unevenly."""
    distances = np.linalg.norm(np.diff(points, axis=0), axis=1)
    count = max(3, round(float(distances.sum()) / STEP) + 1)
    knots = np.concatenate([[0.0], np.cumsum(np.sqrt(np.maximum(distances, 1e-3)))])
    places = np.linspace(0.0, knots[-1], count)
    if len(points) == 2:
        share = places / knots[-1]
        return np.column_stack([1 - share, share])
    from scipy.interpolate import CubicSpline  # half a second that every start of a process would pay

    matrix: Floats = CubicSpline(knots, np.eye(len(points)), bc_type="natural")(places)
    return matrix


def _rounded(sharp: Floats) -> Floats:
    """The same samples, smoothed along the stroke; its ends stay where they are."""
    from scipy.ndimage import gaussian_filter1d  # as above

    mirrored = np.concatenate([2 * sharp[0] - sharp[:0:-1], sharp, 2 * sharp[-1] - sharp[-2::-1]])
    smooth: Floats = gaussian_filter1d(mirrored, ROUNDING / STEP, axis=0)[len(sharp) - 1 : 2 * len(sharp) - 1]
    smooth[[0, -1]] = sharp[[0, -1]]  # a stroke shorter than the filter feels the other end's mirror too
    return smooth
