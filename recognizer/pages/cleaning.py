"""A straight page without its shadows and ruling: which pixels are ink."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.messages import gettext as _
from recognizer.pages.errors import PageError

Greys = NDArray[np.uint8]

COARSE = 8
"""Pixels to one in which the paper's tone is looked for."""
PAPER_REACH = 15
"""Of those, across which ink is bridged: more than a pen is wide, less than a shadow."""
FAINTEST = 26
"""Greys of 255 by which ink is darker than its paper at least."""
RULE_SHARE = 0.18
"""Of the page's side that a line of the ruling goes on for at least."""
LEAST_COVERED, THICKEST = 0.72, 9.0
"""Of a line's length that must be there, and pixels that it may be thick: letters in a row have gaps."""
MOST_RULES = 400
CLEARLY_DARKER = 1.5
"""So many times as dark as the ruling is ink on top of it."""
AS_DARK = 0.75
"""Of the ink's tone; a line darker than that is taken out, and the ink that it crossed is bridged."""
INK_SHARE = 0.45
"""Of the ink's tone, from which on a pixel is ink."""
FEWEST = 30
"""Pixels of ink; fewer are dust."""


@dataclass(frozen=True)
class CleanPage:
    """A page's ink.

    Attributes:
        flat: uint8 (h, w), greys as they would be in even light on white paper.
        ink: uint8 (h, w), 1 where there is ink.

    """

    flat: Greys
    ink: Greys


def clean(greys: Greys) -> CleanPage:
    """Take shadows and ruling off a straight page (h, w).

    Raises:
        PageError: it is empty.

    """
    flat = evenly_lit(greys)
    darkness = 255 - flat
    rules = _ruling(darkness)
    tone = _tone_of(darkness, rules)
    ink = _inked(darkness, rules, tone)
    if np.count_nonzero(ink) < FEWEST:
        raise empty_page()
    return CleanPage(flat, ink)


def empty_page() -> PageError:
    """Make the error of a page without ink."""
    return PageError(_("The page is empty, or its writing is too faint to be told from the paper."))


def evenly_lit(greys: Greys) -> Greys:
    """Each pixel as a share of the paper's tone around it."""
    smooth = cv2.GaussianBlur(greys, (3, 3), 0)
    size = (max(1, greys.shape[1] // COARSE), max(1, greys.shape[0] // COARSE))
    small = cv2.resize(smooth, size, interpolation=cv2.INTER_AREA)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (PAPER_REACH, PAPER_REACH))
    paper = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel), (0, 0), 4)
    large = cv2.resize(paper, (greys.shape[1], greys.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(smooth, np.maximum(large, 1), scale=250), np.uint8)


def _ruling(darkness: Greys) -> Greys:
    """How dark the line of the ruling is that a pixel (h, w) lies on; 0 off the lines."""
    level = _long_lines(darkness)
    upright = _long_lines(np.ascontiguousarray(darkness.T)).T
    return np.asarray(np.maximum(level, upright), np.uint8)


def _long_lines(darkness: Greys) -> Greys:
    """Level lines that are longer than writing is, each in its own tone."""
    dark = np.asarray(darkness > FAINTEST // 2, np.uint8)
    width = dark.shape[1]
    piece = max(25, width // 40)
    joined = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((1, 9), np.uint8))
    slanted = cv2.dilate(joined, np.ones((3, 1), np.uint8))  # so that a line may rise by a pixel or two
    pieces = cv2.morphologyEx(slanted, cv2.MORPH_OPEN, np.ones((1, piece), np.uint8)) & joined
    bridged = cv2.morphologyEx(pieces, cv2.MORPH_CLOSE, np.ones((3, piece), np.uint8))
    _count, labels, stats, _centres = cv2.connectedComponentsWithStats(bridged, connectivity=8)
    tones = np.zeros(darkness.shape, np.uint8)
    for number in np.flatnonzero(stats[:, cv2.CC_STAT_WIDTH] > RULE_SHARE * width)[:MOST_RULES]:
        if number:
            _add_line(tones, darkness, np.asarray(pieces, np.uint8), labels, stats[number], int(number))
    return np.asarray(cv2.dilate(tones, np.ones((5, 3), np.uint8)), np.uint8)


def _add_line(
    tones: Greys, darkness: Greys, pieces: Greys, labels: NDArray[np.int32], stat: NDArray[np.int32], number: int
) -> None:
    """Enter a line, if it is one: thin, and without gaps as letters have them between them."""
    left, top, width, height, _area = stat
    part = slice(top, top + height), slice(left, left + width)
    own = (labels[part] == number) & (pieces[part] > 0)
    covered = float(own.any(axis=0).mean())
    thickness = float(own.sum()) / max(1.0, covered * width)
    if covered < LEAST_COVERED or thickness > THICKEST:
        return
    core = np.where(own, darkness[part], 0).max(axis=0)[own.any(axis=0)]  # (its edges are fainter)
    tones[part][own] = max(1, int(np.median(core)))


def _tone_of(darkness: Greys, rules: Greys) -> float:
    """How dark the ink is: the middle of what is darker than half-way, off the ruling."""
    off = darkness[::2, ::2][rules[::2, ::2] == 0]
    dark = off[off > FAINTEST]
    if len(dark) < FEWEST:
        raise empty_page()
    level, _mask = cv2.threshold(dark.reshape(-1, 1), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    inked = dark[dark > level]
    return float(np.median(inked if len(inked) else dark))


def _inked(darkness: Greys, rules: Greys, tone: float) -> Greys:
    """What is ink; on the ruling what is clearly darker, or where that cannot be told, what has ink above and below."""
    level = max(FAINTEST, INK_SHARE * tone)
    ink = np.asarray(darkness > level, np.uint8)
    on_rules = rules > 0
    clearly = np.maximum(level, np.minimum(CLEARLY_DARKER * rules.astype(np.float32), (rules + np.float32(tone)) / 2))
    ink[on_rules & (darkness <= clearly)] = 0
    as_dark = rules > AS_DARK * tone
    if as_dark.any():
        ink[as_dark] = 0
        bridged = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
        ink |= np.asarray(bridged & as_dark, np.uint8)
    return ink
