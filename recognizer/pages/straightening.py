"""A sheet of paper seen at an angle made straight: by its edges, by its ruling, else by how its lines of ink lie."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.pages.sheet_edges import find_sheet

Greys = NDArray[np.uint8]
Matrix = NDArray[np.float64]

LOOKED_AT = 640
"""Pixels of the longer side in which lines of ink are looked for."""
INSET = 0.006
"""Of the sheet's sides that is cut off, so that nothing of the table stays."""
FEWEST_RULES = 6
MOST_SKEW = 12.0
"""Degrees that lines of ink are turned by at most."""


@dataclass(frozen=True)
class Straightened:
    """A page that lies straight.

    Attributes:
        greys: uint8 (h, w).
        back: (3, 3), from its pixels to those of the page that was given.
        by: what told: `edges`, `ruling` or `lines`.

    """

    greys: Greys
    back: Matrix
    by: str

    def originals(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where points (n, 2) are on the page that was given."""
        moved: NDArray[np.float64] = cv2.perspectiveTransform(points.reshape(-1, 1, 2).astype(np.float64), self.back)
        return moved.reshape(-1, 2)


def straighten(greys: Greys) -> Straightened:
    """Straighten a page (h, w)."""
    corners = find_sheet(greys)
    if corners is not None:
        return _cut_out(greys, corners)
    ruled = _by_ruling(greys)
    return ruled if ruled is not None else _by_lines(greys)


def _cut_out(greys: Greys, corners: NDArray[np.float64]) -> Straightened:
    middle = corners.mean(axis=0)
    inner = middle + (corners - middle) * (1 - 2 * INSET)
    width = max(math.dist(inner[0], inner[1]), math.dist(inner[3], inner[2]))
    height = max(math.dist(inner[0], inner[3]), math.dist(inner[1], inner[2]))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    forth = cv2.getPerspectiveTransform(inner.astype(np.float32), target)
    return warped(greys, np.asarray(forth, np.float64), (round(width), round(height)), "edges")


def warped(greys: Greys, forth: Matrix, size: tuple[int, int], by: str) -> Straightened:
    """A page moved by a matrix into (width, height)."""
    straight = cv2.warpPerspective(greys, forth, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return Straightened(np.asarray(straight, np.uint8), np.asarray(np.linalg.inv(forth), np.float64), by)


def _by_ruling(greys: Greys) -> Straightened | None:
    """Straighten by lines that go far across the page: y = m x + c, whose m is a + b c where they meet in a point."""
    scale = max(1.0, max(greys.shape) / 1200)
    size = (round(greys.shape[1] / scale), round(greys.shape[0] / scale))
    small = cv2.resize(greys, size, interpolation=cv2.INTER_AREA)
    darker = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 6)
    found = cv2.HoughLinesP(darker, 1, math.pi / 720, 120, minLineLength=size[0] // 4, maxLineGap=12)
    if found is None:
        return None
    ends = found.reshape(-1, 4).astype(np.float64) * scale
    bent_y = _pencil(ends)
    if bent_y is None:
        return None
    bent_x = _pencil(ends[:, [1, 0, 3, 2]])
    a, b = bent_y
    forth = np.array([[1, 0, 0], [-a, 1, 0], [b, 0, 1]])
    if bent_x is not None:
        forth = np.array([[1, -bent_x[0], 0], [-a, 1, 0], [b, bent_x[1], 1]])
    return _kept_whole(greys, forth, "ruling")


def _pencil(ends: NDArray[np.float64]) -> tuple[float, float] | None:
    """The a and b of lines that lie about level, from their ends (n, 4); None for too few."""
    across = ends[:, 2] - ends[:, 0]
    level = np.abs(ends[:, 3] - ends[:, 1]) < 0.3 * np.abs(across)
    ends, across = ends[level], across[level]
    if len(ends) < FEWEST_RULES:
        return None
    slopes = (ends[:, 3] - ends[:, 1]) / across
    cuts = ends[:, 1] - slopes * ends[:, 0]
    keep = np.abs(slopes - np.median(slopes)) < 0.05
    spread = float(np.ptp(cuts[keep]))
    if np.count_nonzero(keep) < FEWEST_RULES or spread < 1:
        return None
    b, a = np.polyfit(cuts[keep], slopes[keep], 1)
    if abs(b) * max(1.0, float(np.abs(ends).max())) > 0.5:
        return None
    return float(a), float(b)


def _by_lines(greys: Greys) -> Straightened:
    """Turn a page so that its lines of ink are level."""
    scale = max(1.0, max(greys.shape) / LOOKED_AT)
    size = (round(greys.shape[1] / scale), round(greys.shape[0] / scale))
    small = cv2.resize(greys, size, interpolation=cv2.INTER_AREA)
    dark = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    y, x = np.nonzero(dark)
    angles = np.arange(-MOST_SKEW, MOST_SKEW + 0.01, 0.5)
    if len(y) < 50:
        return Straightened(greys, np.eye(3), "lines")
    angle = math.radians(max(angles, key=lambda each: _levelness(x, y, math.radians(each))))
    forth = np.array([[math.cos(angle), math.sin(angle), 0], [-math.sin(angle), math.cos(angle), 0], [0, 0, 1]])
    if abs(angle) < math.radians(0.6):
        return Straightened(greys, np.eye(3), "lines")
    return _kept_whole(greys, forth, "lines") or Straightened(greys, np.eye(3), "lines")


def _levelness(x: NDArray[np.intp], y: NDArray[np.intp], angle: float) -> float:
    """How uneven the rows are in which ink (n,) lies after a turn."""
    rows = np.round(y * math.cos(angle) - x * math.sin(angle)).astype(np.int64)
    counts = np.bincount(rows - rows.min())
    return float((np.diff(counts) ** 2).sum())


def _kept_whole(greys: Greys, forth: Matrix, by: str) -> Straightened | None:
    """A page moved by a matrix, and then so that all of it is there; None where it would be torn."""
    height, width = greys.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    moved = cv2.perspectiveTransform(corners.reshape(-1, 1, 2), forth).reshape(-1, 2)
    low, high = moved.min(axis=0), moved.max(axis=0)
    if not np.isfinite(moved).all() or max((high - low) / np.array([width, height])) > 1.6:
        return None
    shift = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1]])
    return warped(greys, shift @ forth, (math.ceil(high[0] - low[0]), math.ceil(high[1] - low[1])), by)
