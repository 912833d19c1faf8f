"""Pictures of any size, polarity and contrast made into masks of ink."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from recognizer.core.ink.errors import InkError
from recognizer.core.ink.frame import Flags, Floats, Integers, Mask, any_ink
from recognizer.core.messages import message as _

Picture = npt.NDArray[np.uint8]
Counts = npt.NDArray[np.integer[Any]]

MAX_PIXELS = 1 << 24
"""Pixels of the largest picture that is read."""
MIN_CONTRAST = 12
"""Ink and paper differ by at least this many greys of 255; less is noise on an empty sheet."""
MOST_IN_A_BYTE = 255
SMALL = 4096
"""Pixels up to which all pictures are counted in one call; their number fits 16 bits."""
PI = 3.141592653589793
ROOT_2 = 1.4142135623730951


def checked(picture: Picture) -> Picture:
    """The picture itself, or InkError when it is not an array of pixels."""
    if not isinstance(picture, np.ndarray) or picture.dtype != np.uint8:
        raise InkError(_("A picture is an array of 8-bit greys or colours."))
    if picture.ndim not in (2, 3) or (picture.ndim == 3 and picture.shape[2] not in (2, 3, 4)):
        raise InkError(
            _("A picture has height and width, and 2 (grey, alpha), 3 (colour) or 4 (colour, alpha) channels.")
        )
    if not 0 < picture.shape[0] * picture.shape[1] <= MAX_PIXELS:
        raise InkError(_("A picture has between 1 and %(max_pixels)s pixels.") % {"max_pixels": f"{MAX_PIXELS:,}"})
    return picture


def to_greys(pictures: Picture) -> Mask:
    """Greys (n, h, w) of pictures (n, h, w) or (n, h, w, channels) of one size."""
    if pictures.ndim == 3:
        return pictures
    channels = pictures.shape[3]
    greys = pictures[..., 0] if channels == 2 else _luminance(pictures)
    if channels == 3:
        return greys
    return np.stack([_on_paper(grey, alpha) for grey, alpha in zip(greys, pictures[..., -1])])


def _luminance(pictures: Mask) -> Mask:
    """Luma in whole numbers, (77 R + 150 G + 29 B + 128) / 256, which 16 bits can hold."""
    luma = np.full(pictures.shape[:3], 128, dtype=np.uint16)
    for channel, weight in enumerate((77, 150, 29)):
        luma += pictures[..., channel] * np.uint16(weight)
    return (luma >> 8).astype(np.uint8)


def _on_paper(grey: Mask, alpha: Mask) -> Mask:
    """A picture (h, w) with transparency laid on paper.

    Where most of it is transparent, or all that is seen has one tone, the alpha channel is the ink,
    whatever its colour. Otherwise it is a card with transparent edges, laid on its own commonest side:
    light on white, dark on black.
    """
    if alpha.min() == 255:
        return grey
    seen = grey[alpha >= 128]
    if 2 * seen.size < grey.size or int(seen.max()) - int(seen.min()) < MIN_CONTRAST:
        return 255 - alpha
    paper = 255 if np.median(seen) >= 128 else 0
    opacity = alpha.astype(np.uint16)
    laid = grey * opacity + np.uint16(paper) * (255 - opacity)  # at most 255², which 16 bits hold
    return ((laid + 127) // 255).astype(np.uint8)


def to_masks(greys: Mask) -> tuple[Mask, Mask]:
    """Which pixels (n, h, w) are ink, and the same greys with ink dark and paper light.

    The paper's level is the median of a band along the border. The ink is on that side, darker or
    lighter, whose extreme is farther from it. The threshold is half-way between the paper and the
    mean of the ink.
    """
    n = len(greys)
    rank = ink_rank(greys)
    paper = border_median(greys)
    dark = darkest(greys.reshape(n, -1), rank)
    light = lightest(greys.reshape(n, -1), rank)
    inverted = light - paper > paper - dark
    if inverted.any():
        greys = greys ^ (inverted * np.uint8(255))[:, None, None]  # 255 - grey
    paper = np.where(inverted, 255 - paper, paper)
    ink = np.where(inverted, 255 - light, dark)
    threshold = _threshold(greys.reshape(n, -1), paper, ink)
    return (greys < threshold[:, None, None].astype(np.uint8)).view(np.uint8), greys


def ink_rank(greys: Mask) -> int:
    """Which of the darkest pixels of greys (n, h, w) has the ink's tone: not the very darkest, which may be dust."""
    return int(1 + greys.shape[1] * greys.shape[2] // 4096)


def border_median(greys: Mask) -> Integers:
    """Lower median of a band along the border, one sixteenth of the shorter side wide."""
    n, height, width = greys.shape
    band = max(1, min(height, width) // 16)
    edges = (greys[:, :band], greys[:, band:][:, -band:], greys[:, :, :band], greys[:, :, band:][:, :, -band:])
    border = np.concatenate([edge.reshape(n, -1) for edge in edges], axis=1)
    middle = (border.shape[1] - 1) // 2
    median: Integers = border[:, 0].astype(np.int64)
    # Mostly a corner has the paper's tone; asking whether it is the median is ten times as fast as finding it.
    corner = border[:, :1]
    for i in np.flatnonzero((counts(border < corner) > middle) | (counts(border <= corner) <= middle)):
        median[i] = np.partition(border[i], middle)[middle]
    return median


def darkest(pixels: Mask, rank: int) -> Integers:
    """The rank-th darkest grey (n,) of the pixels (n, pixels) of each picture."""
    lowest: Integers = pixels.min(axis=1).astype(np.int64)
    # Mostly there are that many of the very darkest; counting those is five times as fast as a histogram.
    for i in np.flatnonzero(counts(pixels == lowest[:, None].astype(np.uint8)) < rank):
        lowest[i] = np.searchsorted(np.cumsum(np.bincount(pixels[i], minlength=256)), rank)
    return lowest


def lightest(pixels: Mask, rank: int) -> Integers:
    """The rank-th lightest grey (n,) of the pixels (n, pixels) of each picture."""
    highest: Integers = pixels.max(axis=1).astype(np.int64)
    for i in np.flatnonzero(counts(pixels == highest[:, None].astype(np.uint8)) < rank):
        highest[i] = 255 - darkest(255 - pixels[i : i + 1], rank)[0]
    return highest


def _threshold(pixels: Mask, paper: Integers, ink: Integers) -> Integers:
    """The lowest grey (n,) that is paper: half-way between paper and the mean of all beyond their middle.

    0, which nothing is below, where paper and ink differ too little.
    """
    half = (paper + ink + 1) // 2
    darker = pixels < half[:, None].astype(np.uint8)
    # At most MAX_PIXELS times 255, which 32 bits hold.
    mean = (pixels * darker).sum(axis=1, dtype=np.uint32).astype(np.int64) // np.maximum(counts(darker), 1)
    return np.where(paper - ink >= MIN_CONTRAST, (paper + mean + 1) // 2, 0)


def counts(flags: Flags) -> Integers:
    """How many flags of each picture (n, …) are set."""
    if flags[:1].size <= SMALL:  # a call for each picture would take most of the time
        few = flags.view(np.uint8).reshape(len(flags), -1).sum(axis=1, dtype=np.uint16)
        return np.asarray(few, dtype=np.int64)
    return np.array([np.count_nonzero(each) for each in flags], dtype=np.int64)


def thickness(masks: Mask) -> Floats:
    """Thickness of the strokes of masks (n, h, w) with ink, px: twice the area over the perimeter.

    The perimeter is Cauchy-Crofton's, from crossings along rows, columns and both diagonals.
    """
    n, height, width = masks.shape
    area = counts(masks.view(np.bool_))
    # A row and a column of paper after each mask, all in one line with some before it: the neighbours to the left,
    # above and on both diagonals are then the same line, moved, and paper beyond every edge.
    step = width + 1
    before = step + 1
    line = np.zeros(before + n * (height + 1) * step, dtype=np.uint8)
    line[before:].reshape(n, height + 1, step)[:, :height, :width] = masks

    def crossings(distance: int) -> Integers:
        return counts((line[before:] != line[before - distance : len(line) - distance]).reshape(n, -1))

    straight = crossings(1) + crossings(step)
    diagonal = crossings(step + 1) + crossings(step - 1)
    return 2 * area / ((straight + diagonal / ROOT_2) * PI / 8)


def without_specks(masks: Mask, pen: Floats) -> Mask:
    """Masks (n, h, w) without bits of ink much smaller than the pen, px (n,), could make.

    Where the pen is thicker than 2 px, a pixel stays if the square of side 2·floor(pen) + 1 around it
    holds at least pen²/4 ink pixels; a mask that would lose all of its ink is left as it is.
    """
    reach = np.where(pen > 2, np.floor(pen), 0).astype(np.int64)
    cleaned = masks.copy()
    for size in np.unique(reach[reach > 0]).tolist():
        which = reach == size
        held = window_counts(masks[which], size)
        needed = np.ceil(pen[which] * pen[which] / 4).astype(held.dtype)
        cleaned[which] &= (held >= needed[:, None, None]).view(np.uint8)
    emptied = ~any_ink(cleaned, axis=(1, 2))
    cleaned[emptied] = masks[emptied]
    return cleaned


def window_counts(masks: Mask, reach: int) -> Counts:
    """How many ink pixels (n, h, w) the square of side 2·reach + 1 around each pixel holds."""
    n, height, width = masks.shape
    side = 2 * reach + 1
    # All masks in one line with margins of paper: to go right is to go on by 1, to go down by a row.
    high, wide = height + 2 * reach, width + 2 * reach
    padded = np.zeros((n, high, wide), dtype=np.uint8 if side <= MOST_IN_A_BYTE else np.int32)
    padded[:, reach : reach + height, reach : reach + width] = masks
    across = _summed(padded.reshape(-1), side, 1)
    if side <= MOST_IN_A_BYTE < side * side:
        across = across.astype(np.uint16)
    return _summed(across, side, wide).reshape(n, high, wide)[:, :height, :width]


def _summed(line: Counts, terms: int, step: int) -> Counts:
    """Each place of a line of small counts plus those 1, 2, … steps further on, as many as there are terms in all.

    Sums of 1, 2, 4, … terms, each made of the one before; those that add up to all terms are taken. The last places,
    which have not that many behind them, are 0.
    """
    length = len(line) - (terms - 1) * step
    total, taken, sums = np.zeros_like(line), 0, line
    for bit in range(terms.bit_length()):
        size = 1 << bit
        if bit:
            sums = sums[: -size // 2 * step] + sums[size // 2 * step :]
        if terms & size:
            total[:length] += sums[taken * step : taken * step + length]
            taken += size
    return total
