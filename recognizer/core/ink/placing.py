"""Masks of any size brought into the frame: box of the ink to 66 px, strokes to the frame's thickness."""

from __future__ import annotations

import numpy as np

from recognizer.core.ink.frame import INK_SIDE, SIDE, THICKNESS, Flags, Floats, Integers, Mask, any_ink
from recognizer.core.ink.pictures import thickness, without_specks

LARGEST = 100
"""A mask whose box of ink is longer than this, px, is first reduced by a whole number."""
MAX_DILATION = 5
"""Radius of the largest disc that ink is grown by, px; lines of one pixel need 4.4."""


def box(mask: Mask) -> tuple[slice, slice]:
    """Rows and columns of a mask (h, w) that hold all of its ink. There must be some."""
    pixels, width = mask.tobytes(), mask.shape[1]
    rows = slice(pixels.find(1) // width, pixels.rfind(1) // width + 1)
    columns = np.flatnonzero(any_ink(mask[rows], axis=0))
    return rows, slice(int(columns[0]), int(columns[-1]) + 1)


def reduced(mask: Mask) -> Mask:
    """The box of a mask, reduced to at most 100 px: a pixel is ink if any that it stands for is."""
    ink = mask[box(mask)]
    return reduced_by(ink, -(-max(ink.shape) // LARGEST))


def reduced_by(ink: Mask, step: int) -> Mask:
    """Each `step` rows and columns of a mask made one: ink where any of them is."""
    return _merged(_merged(ink, step).T, step).T


def _merged(ink: Mask, step: int) -> Mask:
    """Each `step` rows of a mask made one: ink where any of them is."""
    merged = ink[::step].copy()
    for offset in range(1, step):
        rows = ink[offset::step]
        merged[: len(rows)] |= rows
    return merged


def frames_from_masks(masks: Mask) -> Mask:
    """Frames (n, 84, 84) from masks (n, h, w), h and w at most 100, that each have some ink."""
    pen = thickness(masks)
    masks = without_specks(masks, pen)
    top, bottom = _span(any_ink(masks, axis=2))
    left, right = _span(any_ink(masks, axis=1))
    longest = np.maximum(bottom - top, right - left)
    scale = _scale(longest, pen)
    rows = _sources(top, bottom, scale)
    columns = _sources(left, right, scale)
    frames = _sampled(masks, rows, columns)
    # Reduced by a factor, a line covers more pixels than its share: on average 1 - scale more.
    drawn = pen * scale + np.maximum(0.0, 1 - scale)
    return _dilated(frames, (THICKNESS - drawn) / 2)


def _span(lines: Flags) -> tuple[Integers, Integers]:
    """First line (n,) with ink, and the one after the last, of lines (n, length)."""
    first = lines.argmax(axis=1)
    return first, lines.shape[1] - lines[:, ::-1].argmax(axis=1)


def _scale(longest: Integers, pen: Floats) -> Floats:
    """Enlargement (n,) after which the box, with strokes made as thick as they must, is 66 px long."""
    between_axes = np.maximum(longest - pen, 1e-9)
    return np.minimum((INK_SIDE - THICKNESS) / between_axes, INK_SIDE / longest)


def _sources(low: Integers, high: Integers, scale: Floats) -> Integers:
    """First and last source line (2, n, 84) of each frame line; `high` on both marks no source.

    Frame line u reaches from (low + high)/2 + (u - 42)/scale to the same of u + 1.
    """
    edges = np.arange(SIDE + 1) - SIDE / 2
    starts = np.floor((low + high)[:, None] / 2 + edges / scale[:, None]).astype(np.int64)
    first = starts[:, :-1]
    last = np.maximum(first, starts[:, 1:] - 1)
    outside = (last < low[:, None]) | (first >= high[:, None])
    first = np.clip(first, low[:, None], high[:, None] - 1)
    last = np.clip(last, low[:, None], high[:, None] - 1)
    return np.where(outside, -1, np.stack([first, last]))


def _sampled(masks: Mask, rows: Integers, columns: Integers) -> Mask:
    """Each frame pixel (n, 84, 84) is ink if any of its up to two by two source pixels is."""
    n, height, width = masks.shape
    turned = np.zeros((n, width + 1, height + 1), dtype=np.uint8)  # index -1 is this margin of paper
    turned[:, :width, :height] = masks.transpose(0, 2, 1)
    across = _picked(turned, columns)
    return _picked(np.ascontiguousarray(across.transpose(0, 2, 1)), rows)


def _picked(masks: Mask, lines: Integers) -> Mask:
    """Lines (n, 84, w) of masks (n, h, w): each has the ink of its two source lines (2, n, 84)."""
    n, height, width = masks.shape
    every_line = masks.reshape(-1, width)
    first, last = lines % height + np.arange(n)[:, None] * height
    picked: Mask = every_line.take(first, axis=0)
    if (first != last).any():
        picked |= every_line.take(last, axis=0)
    return picked


def _dilated(frames: Mask, radius: Floats) -> Mask:
    """Frames (n, 84, 84) with the ink grown by a disc of a radius (n,) of up to 5 px.

    A pixel becomes ink where the squared distance, in whole pixels, to one of ink is at most
    (radius + 1/2)².
    """
    radius = np.clip(radius, 0.0, MAX_DILATION) + 0.5
    grows = np.flatnonzero(radius >= 1)
    if not len(grows):
        return frames
    limit = np.floor(radius[grows] * radius[grows]).astype(np.uint8)
    frames[grows] = _squared_distance(frames[grows]) <= limit[:, None, None]
    return frames


def _squared_distance(frames: Mask) -> Mask:
    """Squared distance to the nearest ink, exact up to 5 px, larger beyond, as uint8 (n, 84, 84)."""
    n, reach, wide = len(frames), MAX_DILATION, SIDE + MAX_DILATION
    # Paper after each row and each frame, all in one line: to go right is to go on by 1, to go down by a row.
    size = n * wide * wide
    line = np.zeros(reach + size + reach, dtype=np.uint8)
    line[reach:-reach].reshape(n, wide, wide)[:, :SIDE, :SIDE] = frames
    covered = line[reach:-reach].copy()
    covering = covered.copy()  # how many reaches, 0 … 5, cover the pixel along its row
    for step in range(1, reach + 1):
        covered |= line[reach - step : size + reach - step]
        covered |= line[reach + step : size + reach + step]
        covering += covered
    margin = reach * wide
    across = np.full(margin + size + margin, (reach + 1) ** 2, dtype=np.uint8)
    distance = np.uint8(reach + 1) - covering
    np.multiply(distance, distance, out=across[margin:-margin])
    squared = across[margin:-margin].copy()
    for step in range(wide, margin + 1, wide):
        nearer = np.minimum(across[margin - step : size + margin - step], across[margin + step : size + margin + step])
        nearer += np.uint8((step // wide) ** 2)
        np.minimum(squared, nearer, out=squared)
    return squared.reshape(n, wide, wide)[:, :SIDE, :SIDE]
