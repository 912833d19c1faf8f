"""The edges of a bright sheet on something darker: its four corners, first about, then to the pixel."""

import math
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

Greys = NDArray[np.uint8]
Points = NDArray[np.float64]

LOOKED_AT = 640
"""Pixels of the longer side in which edges are looked for."""
LEAST_SHEET, MOST_SHEET = 0.25, 0.985
"""Of the picture that a sheet may cover for its edges to be believed."""
ONE_OF_SEVERAL = 0.12
"""Of the picture that each of several sheets covers at least."""
SOLID = 0.93
"""So much of the four corners' area must be the sheet's."""
SAMPLES = 60
"""Places along a side where its edge is looked for."""
REACH = 0.03
"""Of the longer side: so far from where it was seen first."""
TOUCHING = 4.0
"""Pixels that an edge is away from its place at most."""
LEAST_CLEAR = 4.2
"""Of 5 and a little, where all four sides are seen whole; the edge of a shadow gives less."""
CLEAR = 10
"""Greys by which the table is darker than the sheet."""


def find_sheet(greys: Greys) -> Points | None:
    """Corners (4, 2) of a sheet, from the left upper one clockwise; None where none shows."""
    scale = max(1.0, max(greys.shape) / LOOKED_AT)
    size = (round(greys.shape[1] / scale), round(greys.shape[0] / scale))
    small = cv2.medianBlur(cv2.resize(greys, size, interpolation=cv2.INTER_AREA), 5)
    found = [quad for quad in map(_corners, _bright_parts(np.asarray(small, np.uint8))) if quad is not None]
    if not found:
        return None
    grown = np.array([greys.shape[1] / size[0], greys.shape[0] / size[1]])
    smooth = np.asarray(cv2.GaussianBlur(greys, (5, 5), 0), np.uint8)
    refined = [_refined(smooth, quad * grown) for quad in found]
    best = max(refined, key=lambda each: _clearness(smooth, each))
    return best if _clearness(smooth, best) > LEAST_CLEAR else None


def count_sheets(greys: Greys) -> int:
    """How many sheets of paper lie beside each other on something darker, as far as they show whole."""
    scale = max(1.0, max(greys.shape) / LOOKED_AT)
    size = (round(greys.shape[1] / scale), round(greys.shape[0] / scale))
    small = cv2.medianBlur(cv2.resize(greys, size, interpolation=cv2.INTER_AREA), 5)
    _level, mask = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    contours, _hierarchy = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return sum(_is_one_of_several(contour, mask.size) for contour in contours)


def _is_one_of_several(contour: NDArray[np.integer], size: int) -> bool:
    hull = cv2.convexHull(contour)
    area = cv2.contourArea(hull)
    if area < ONE_OF_SEVERAL * size or cv2.contourArea(contour) < SOLID * area:
        return False
    quad = cv2.approxPolyDP(hull, 0.03 * cv2.arcLength(hull, True), True).reshape(-1, 2)
    return len(quad) == 4 and _is_sheet(quad)


def _bright_parts(small: Greys) -> Iterator[Greys]:
    """Masks of what could be the sheet: by several thresholds, and what no edge separates from the middle."""
    otsu, _mask = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    edges = cv2.dilate(cv2.Canny(small, 25, 75), np.ones((3, 3), np.uint8))
    for level in (otsu, 0.85 * otsu, 0.72 * otsu):
        bright = np.asarray(small > level, np.uint8) * np.uint8(255)
        yield np.asarray(cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), np.uint8)
        yield np.asarray(cv2.dilate(bright & ~edges, np.ones((3, 3), np.uint8)), np.uint8)
    for fainter, kernel in ((edges, 5), (cv2.dilate(cv2.Canny(small, 10, 30), np.ones((3, 3), np.uint8)), 9)):
        inside = cv2.erode(np.asarray(fainter == 0, np.uint8), np.ones((kernel, kernel), np.uint8))
        yield np.asarray(cv2.dilate(inside, np.ones((kernel, kernel), np.uint8)), np.uint8)


def _corners(mask: Greys) -> Points | None:
    contours, _hierarchy = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    hull = cv2.convexHull(max(contours, key=cv2.contourArea))
    area = cv2.contourArea(hull)
    if not LEAST_SHEET <= area / mask.size <= MOST_SHEET:
        return None
    for tolerance in (0.02, 0.03, 0.05):
        quad = cv2.approxPolyDP(hull, tolerance * cv2.arcLength(hull, True), True).reshape(-1, 2)
        if len(quad) == 4 and SOLID <= area / max(cv2.contourArea(quad), 1.0) <= 1 / SOLID and _is_sheet(quad):
            return clockwise(quad.astype(np.float64))
    return None


def _is_sheet(quad: NDArray[np.integer]) -> bool:
    """Whether four corners are about those of a rectangle."""
    sides = np.roll(quad, -1, axis=0) - quad.astype(np.float64)
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    turned = np.roll(sides, -1, axis=0)
    cosines = np.abs((sides * turned).sum(axis=1)) / (lengths * np.roll(lengths, -1) + 1e-9)
    return bool(cosines.max() < math.cos(math.radians(60)) and lengths.min() > 0.3 * lengths.max())


def clockwise(quad: Points) -> Points:
    """Corners (4, 2) from the left upper one clockwise."""
    middle = quad.mean(axis=0)
    quad = quad[np.argsort(np.arctan2(quad[:, 1] - middle[1], quad[:, 0] - middle[0]))]
    return np.roll(quad, -int(np.argmin(quad.sum(axis=1))), axis=0)


def _clearness(smooth: Greys, corners: Points) -> float:
    """How much of the four sides is seen as an edge, and how much of the picture is between them."""
    seen = [len(_edge_points(smooth, corners[side], corners[(side + 1) % 4], TOUCHING)) / SAMPLES for side in range(4)]
    return sum(seen) + min(seen) + 0.5 * float(cv2.contourArea(corners.astype(np.float32))) / smooth.size


def _refined(smooth: Greys, corners: Points) -> Points:
    """Corners where the lines meet along which the picture darkens most, each side near where it was seen."""
    reach = REACH * max(smooth.shape)
    lines = [_edge(smooth, corners[side], corners[(side + 1) % 4], reach) for side in range(4)]
    moved = np.array([_crossing(lines[side - 1], lines[side]) for side in range(4)])
    far = np.abs(moved - corners).max() > 4 * reach
    return corners if far or not np.isfinite(moved).all() else moved


def _edge(smooth: Greys, start: Points, end: Points, reach: float) -> Points:
    """The edge between two corners, as a x + b y = c."""
    clear = _edge_points(smooth, start, end, reach)
    return _line(clear if len(clear) >= SAMPLES // 3 else np.stack([start, end]))


def _edge_points(smooth: Greys, start: Points, end: Points, reach: float) -> Points:
    """Points (n, 2) near the line between two corners at which the picture darkens clearly."""
    along = (end - start) / max(1.0, math.dist(start, end))
    outward = np.array([along[1], -along[0]])  # (corners go clockwise, y downwards)
    places = start + np.linspace(0.06, 0.94, SAMPLES)[:, None] * (end - start)
    offsets = np.arange(-reach - 2, reach + 3)
    points = np.rint(places[:, None] + offsets[:, None] * outward).astype(int)
    x, y = (points[..., axis].clip(0, smooth.shape[1 - axis] - 1) for axis in (0, 1))
    values = smooth[y, x].astype(np.float64)
    falls = values[:, :-4] - values[:, 4:]
    found = places + offsets[falls.argmax(axis=1) + 2][:, None] * outward
    return np.asarray(found[falls.max(axis=1) > CLEAR], np.float64)


def _line(points: Points) -> Points:
    """A line through points (n, 2) that few outliers do not move, as a, b and c of a x + b y = c."""
    line = _fitted(points, cv2.DIST_HUBER)
    off = np.abs(points @ line[:2] - line[2])
    return _fitted(points[off <= max(2.0, 2 * float(np.median(off)))], cv2.DIST_L2)


def _fitted(points: Points, how: int) -> Points:
    x, y, left, top = cv2.fitLine(points.astype(np.float32), how, 0, 0.01, 0.01).astype(np.float64).ravel().tolist()
    return np.array([-y, x, -y * left + x * top])


def _crossing(first: Points, second: Points) -> Points:
    """Where two lines meet."""
    sides = np.stack([first[:2], second[:2]])
    if abs(np.linalg.det(sides)) < 1e-6:
        return np.full(2, np.inf)
    return np.asarray(np.linalg.solve(sides, np.array([first[2], second[2]])), np.float64)
