"""Photographs that are made: a sheet of paper on a desk, seen at an angle, in a shadow, noisy, blurred, as JPEG."""

import io
import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Greys = NDArray[np.uint8]
Matrix = NDArray[np.float64]

MOST_TILT = 15.0
"""Degrees that a sheet is tilted about each axis."""
MOST_TURN = 4.0
PHOTOGRAPH = (2400, 3200)
"""Width and height, px."""


@dataclass(frozen=True)
class Photograph:
    """A made photograph.

    Attributes:
        data: the JPEG file.
        placement: (3, 3), from the sheet's pixels to the photograph's.

    """

    data: bytes
    placement: Matrix

    def placed(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where points (n, 2) of the sheet are in the photograph."""
        moved: NDArray[np.float64] = cv2.perspectiveTransform(points.reshape(-1, 1, 2), self.placement)
        return moved.reshape(-1, 2)


def photograph(
    sheet: Greys, rng: np.random.Generator, *, upside_down: bool = False, size: tuple[int, int] = PHOTOGRAPH
) -> Photograph:
    """Photograph a sheet (h, w) of greys."""
    placement = _placement(sheet.shape[1], sheet.shape[0], size, rng, upside_down)
    seen = _desk(size, rng)
    cv2.warpPerspective(sheet, placement, size, dst=seen, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_TRANSPARENT)
    lit = cv2.GaussianBlur(seen, (0, 0), rng.uniform(0.5, 1.2)).astype(np.float32) * _shadow(size, rng)
    noise = np.empty(lit.shape, np.float32)
    cv2.setRNGSeed(int(rng.integers(2**31)))
    cv2.randn(noise, 0, rng.uniform(2, 6))
    file = io.BytesIO()
    Image.fromarray(np.clip(lit + noise, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=int(rng.integers(65, 92)))
    return Photograph(file.getvalue(), placement)


def _placement(width: int, height: int, size: tuple[int, int], rng: np.random.Generator, upside_down: bool) -> Matrix:
    """A camera above the middle of the sheet that looks at it at an angle."""
    tilts = np.radians(rng.uniform(-MOST_TILT, MOST_TILT, 2))
    turn = math.radians(rng.uniform(-MOST_TURN, MOST_TURN)) + (math.pi if upside_down else 0)
    corners = np.array([[-width, -height], [width, -height], [width, height], [-width, height]]) / 2
    distance = 1.4 * max(width, height)
    (cos_x, cos_y), (sin_x, sin_y) = np.cos(tilts), np.sin(tilts)
    x = corners[:, 0] * math.cos(turn) - corners[:, 1] * math.sin(turn)
    y = corners[:, 0] * math.sin(turn) + corners[:, 1] * math.cos(turn)
    depth = distance + sin_x * y + sin_y * x
    seen = np.stack([x * cos_y / depth, y * cos_x / depth], axis=1)
    low, high = seen.min(axis=0), seen.max(axis=0)
    fill = rng.uniform(0.88, 0.95)
    scale = fill * min(size[0] / (high[0] - low[0]), size[1] / (high[1] - low[1]))
    middle = np.array(size) / 2 - scale * (low + high) / 2
    target = (scale * seen + middle).astype(np.float32)
    source = (corners + np.array([width, height]) / 2).astype(np.float32)
    return np.asarray(cv2.getPerspectiveTransform(source, target), np.float64)


def _desk(size: tuple[int, int], rng: np.random.Generator) -> Greys:
    """A table top with a grain."""
    grain = rng.normal(0, 1, (size[1] // 8, size[0] // 64)).astype(np.float32)
    grain = cv2.resize(grain, size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(rng.uniform(60, 150) + 10 * grain, 0, 255), np.uint8)


def _shadow(size: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float32]:
    """Light that falls off to one side, and the soft edge of a shadow across it."""
    x, y = np.meshgrid(np.linspace(-1, 1, size[0], dtype=np.float32), np.linspace(-1, 1, size[1], dtype=np.float32))
    across, edge = rng.uniform(0, 2 * math.pi, 2)
    light = 1 - rng.uniform(0.05, 0.25) * (1 + x * math.cos(across) + y * math.sin(across)) / 2
    side = x * math.cos(edge) + y * math.sin(edge) - rng.uniform(-0.3, 0.6)
    return np.asarray(light * (1 - rng.uniform(0.1, 0.35) / (1 + np.exp(-side * rng.uniform(6, 20)))), np.float32)
