"""Frames sheared until their letters stand nearly upright.

A letter that leans is the same letter. Taking half of its slant away brings hands together and leaves letters that
lean by themselves, such as Л or У, most of their shape; taking all of it away reads less well (docs/ink.md).
"""

from __future__ import annotations

import numpy as np

from recognizer.core.ink.frame import SIDE, Floats, Mask

MARGIN = 16
"""Columns that a sheared frame has more than a frame on either side, px."""
STEEPEST = 0.5
"""Largest shear, px along a row for each row."""


def upright(frames: Mask) -> Mask:
    """Frames (n, 84, 84) that each have some ink, with each row moved by whole pixels: (n, 84, 116)."""
    slope, middle = _slopes(frames)
    rows = np.arange(SIDE)
    shifts = np.floor(slope[:, None] * (rows - middle[:, None]) + 0.5).astype(np.int64)
    reach = int(np.abs(shifts).max())
    width, wide = SIDE + 2 * MARGIN, SIDE + 2 * (MARGIN + reach)
    padded = np.zeros((len(frames), SIDE, wide), np.uint8)
    padded[:, :, MARGIN + reach : MARGIN + reach + SIDE] = frames
    firsts = np.arange(len(frames) * SIDE).reshape(-1, SIDE) * wide + shifts + reach
    # Every run of `width` bytes of the line that all rows make together; the last one ends with it.
    runs = np.ndarray((padded.size - width + 1, width), np.uint8, padded, strides=(1, 1))
    return np.asarray(runs[firsts])


def _slopes(frames: Mask) -> tuple[Floats, Floats]:
    """What to shear by (n,), columns a row, and the middle row (n,) of the ink, which stays in place."""
    positions = np.arange(SIDE, dtype=np.int64)
    # Counts and sums of columns of each row: whole numbers below 2¹², so float32 is exact.
    weights = np.stack([np.ones(SIDE, np.float32), np.arange(SIDE, dtype=np.float32)], axis=1)
    sums = (frames.reshape(-1, SIDE).astype(np.float32) @ weights).astype(np.int64).reshape(-1, SIDE, 2)
    counts, along = sums[..., 0], sums[..., 1]
    m0 = counts.sum(axis=1)
    down = counts @ positions
    across = along.sum(axis=1)
    spread = m0 * (counts @ (positions * positions)) - down * down
    lean = m0 * (along @ positions) - down * across
    slope = lean / (2 * np.maximum(spread, 1))
    return np.minimum(np.maximum(slope, -STEEPEST), STEEPEST), down / m0
