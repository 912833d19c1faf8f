"""A frame sampled so that every letter has the same centre and nearly the same spread."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from recognizer.core.ink.frame import INPUT_SIDE, SIDE, Floats, Integers, Mask

SPREAD = 18.5
"""Standard deviation of the ink along the axis where it is larger, after sampling, px of the frame."""
MIN_FACTOR, MAX_FACTOR = 0.6, 2.0
STEPS = 256
"""Sample positions are floored to 1/256 px."""
POOL = SIDE // INPUT_SIDE
WEIGHT = (POOL * STEPS) ** 2
"""Sum of the weights of the pixels that make one input value."""


def inputs_from_frames(frames: Mask) -> npt.NDArray[np.uint8]:
    """Inputs (n, 784), ink = 255, from frames (n, 84, 84), or wider, that each have some ink."""
    # Whole numbers below 2²⁴ all the way, so float32 sums and products are exact.
    ink = frames.astype(np.float32)
    centre_y, spread_y = _moments((ink @ np.ones(frames.shape[2], np.float32)).astype(np.int64))
    centre_x, spread_x = _moments((np.ones(frames.shape[1], np.float32) @ ink).astype(np.int64))
    larger = np.maximum(spread_x, spread_y)
    smaller = np.minimum(spread_x, spread_y)
    factors = _factor(np.concatenate([spread_y, spread_x]), np.tile(larger, 2), np.tile(smaller, 2))
    weights = _weights(np.concatenate([centre_y, centre_x]), factors, max(frames.shape[1:]))
    rows, columns = weights[: len(frames), :, : frames.shape[1]], weights[len(frames) :, :, : frames.shape[2]]
    values = (rows @ ink @ columns.transpose(0, 2, 1)).astype(np.uint32)
    values *= np.uint32(255)
    values += np.uint32(WEIGHT // 2)
    values //= np.uint32(WEIGHT)
    return values.astype(np.uint8).reshape(len(frames), INPUT_SIDE * INPUT_SIDE)


def _moments(profile: Integers) -> tuple[Floats, Floats]:
    """Centre and standard deviation of the ink along one axis, from its counts (n, length)."""
    positions = np.arange(profile.shape[1], dtype=np.int64)
    m0 = profile.sum(axis=1)
    m1 = profile @ positions
    m2 = profile @ (positions * positions)
    return m1 / m0, np.sqrt((m0 * m2 - m1 * m1).astype(np.float64)) / m0


def _factor(spread: Floats, larger: Floats, smaller: Floats) -> Floats:
    """Enlargement along one axis: the larger spread to 18.5 px, the smaller to 18.5·√(smaller/larger)."""
    wide = np.maximum(larger, 1e-9)
    target = np.where(spread >= larger, SPREAD, SPREAD * np.sqrt(smaller / wide))
    return np.minimum(np.maximum(target / np.maximum(spread, 1e-9), MIN_FACTOR), MAX_FACTOR)


def _weights(centre: Floats, factor: Floats, length: int) -> npt.NDArray[np.float32]:
    """Weights (n, 28, length) of frame pixels along one axis: three bilinear samples an input pixel."""
    n = len(centre)
    offsets = np.arange(SIDE) - (SIDE - 1) / 2
    positions = np.floor((centre[:, None] + offsets / factor[:, None]) * STEPS).astype(np.int64)
    first, fraction = positions // STEPS, positions % STEPS
    # One pixel of margin on either side takes what falls outside of the frame.
    weights = np.zeros(n * INPUT_SIDE * (length + 2), dtype=np.float32)
    rows = np.arange(n * INPUT_SIDE)[:, None] * (length + 2) + 1
    low = rows + np.minimum(np.maximum(first, -1), length).reshape(-1, POOL)
    high = rows + np.minimum(np.maximum(first + 1, -1), length).reshape(-1, POOL)
    share = fraction.reshape(-1, POOL).astype(np.float32)
    for sample in range(POOL):
        weights[low[:, sample]] += STEPS - share[:, sample]
        weights[high[:, sample]] += share[:, sample]
    return weights.reshape(n, INPUT_SIDE, length + 2)[:, :, 1:-1]
