"""The ink of a word's picture as marks: patches that hang together, cut where letters may touch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, List, Sequence

import numpy as np

from recognizer.core.ink.frame import Flags, Floats, Integers, Mask
from recognizer.core.ink.pictures import thickness
from recognizer.core.ink.placing import LARGEST, box, reduced, reduced_by
from recognizer.core.words.marks import LEFT, RIGHT, Boxes, Marks, in_order, letter_height
from recognizer.core.words.patches import Labels, labelled
from recognizer.core.words.seams import seams

HIGHEST = 130
"""Rows of ink of a word; a picture that has twice as many is first reduced by a whole number."""
WIDE, WIDEST = 0.8, 1.3
"""Of the letters' height: what is no wider than the first is one letter at most, what is wider than the second more."""
SHARED = 0.7
"""Of the pen's thickness: so much of the ink beyond a cut belongs to both letters."""
SPECK = 0.6
"""Of the square of the pen's thickness: a patch with fewer pixels is dirt."""


IsLetter = Callable[[Sequence[Mask]], Sequence[bool]]
"""Which of these masks are clearly one letter each."""


@dataclass(frozen=True, eq=False)
class PatchedInk:
    """The ink of a word, cut into patches.

    Attributes:
        labels: (h, w), of each pixel the number of its patch, from 1 on; 0 is paper.
        families: of each patch, what it was cut of: patches of one family hang together.
        pen: thickness of its lines.
        scale: pixels of the picture to one of these.
        left, top: where these begin, in pixels of the picture.
    """

    labels: Labels
    families: Sequence[int]
    pen: float
    scale: int
    left: int
    top: int

    def in_picture(self, bounds: Sequence[float]) -> List[float]:
        """Left, top, right and bottom in pixels of the picture."""
        left, top, right, bottom = (self.scale * each for each in bounds)
        return [left + self.left, top + self.top, right + self.left, bottom + self.top]

    def mask(self, patches: Sequence[int], bounds: Sequence[float]) -> Mask:
        """The ink of patches, by their places, within left, top, right and bottom: a mask of 100×100 px.

        Where they were cut off from others, they keep so much of these as the pen is thick: both letters have a line
        that they share.
        """
        left, top, right, bottom = (round(each) for each in bounds)
        reach = round(self.pen * SHARED)
        first = max(0, left - reach)
        part = self.labels[top:bottom, first : right + reach]
        ink = _among(part, [patch + 1 for patch in patches])
        own = {self.families[patch] for patch in patches}
        if sum(self.families.count(family) for family in own) > len(patches):  # (something was cut off)
            ink = _grown(ink, reach) & _among(part, [n for n, family in enumerate(self.families, 1) if family in own])
        padded = np.zeros((LARGEST, LARGEST), np.uint8)
        small = reduced(ink.view(np.uint8))
        padded[: small.shape[0], : small.shape[1]] = small
        return padded


def _among(labels: Labels, numbers: Sequence[int]) -> Flags:
    """Which pixels (h, w) have one of these numbers."""
    chosen = np.zeros(max(int(labels.max()), *numbers) + 1, np.bool_)
    chosen[list(numbers)] = True
    return chosen[labels]


def _grown(ink: Flags, reach: int) -> Flags:
    """Ink (h, w) with what is so near along the rows, by ever longer steps."""
    reached = 0
    while reached < reach:
        step = min(reached + 1, reach - reached)  # (a longer one would leave gaps at the edges)
        grown = ink.copy()
        grown[:, step:] |= ink[:, :-step]
        grown[:, :-step] |= ink[:, step:]
        ink, reached = grown, reached + step
    return ink


def patched(mask: Mask, is_letter: IsLetter) -> tuple[PatchedInk, Marks]:
    """Cut the ink of a mask (h, w), which has some, into patches: all that is wide, and not clearly one letter."""
    rows, columns = box(mask)
    step = max(1, (rows.stop - rows.start) // HIGHEST)
    ink = reduced_by(mask[rows, columns], step)
    pen = float(thickness(ink[None])[0])
    whole = _without_dirt(labelled(ink), SPECK * pen * pen)
    boxes = _boxes(whole)
    height = letter_height(boxes)
    uncut = PatchedInk(whole, range(len(boxes)), pen, step, columns.start, rows.start)
    wide = _to_be_cut(uncut, boxes, height, is_letter)
    labels, family, crossed = _cut(whole, boxes, wide, height, pen)
    boxes = _boxes(labels)
    order = in_order(boxes)
    members = [[place] for place in order.tolist()]
    of, ink_before = family[order], crossed[order]
    touching = np.where(of[:, None] == of[None], np.maximum(ink_before[:, None], ink_before[None]), 0.0)
    return replace(uncut, labels=labels, families=family.tolist()), Marks(members, boxes[order], height, touching)


def _to_be_cut(ink: PatchedInk, boxes: Boxes, height: float, is_letter: IsLetter) -> List[int]:
    """Places of the patches that may be several letters."""
    widths = (boxes[:, RIGHT] - boxes[:, LEFT]) / height
    unsure = np.flatnonzero((widths > WIDE) & (widths <= WIDEST)).tolist()
    clear = is_letter([ink.mask([place], boxes[place]) for place in unsure]) if unsure else []
    several = [place for place, is_clear in zip(unsure, clear) if not is_clear]
    return sorted([*several, *np.flatnonzero(widths > WIDEST).tolist()])


def _without_dirt(labels: Labels, least: float) -> Labels:
    """Patches numbered anew, those with fewer pixels left out; all of them stay where none has as many."""
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    kept = sizes >= min(least, sizes.max())
    numbers = np.where(kept, np.cumsum(kept), 0).astype(np.int32)
    return numbers[labels]


def _boxes(labels: Labels) -> Boxes:
    """Left, top, right and bottom (patches, 4) of each patch: of what is written to one place, the last stays."""
    boxes = np.empty((int(labels.max()), 4))
    for axis, pixels in enumerate((labels.T, labels)):
        lines, along = np.nonzero(pixels)
        numbers = pixels[lines, along] - 1
        boxes[numbers, 2 + axis] = lines + 1
        boxes[numbers[::-1], axis] = lines[::-1]
    return boxes


def _cut(
    labels: Labels, boxes: Boxes, wide: Sequence[int], height: float, pen: float
) -> tuple[Labels, Integers, Floats]:
    """Patches cut along their seams and numbered anew.

    Also of each new one the number of the patch that it was of, and how much ink the seam at its left crosses.
    """
    cut = np.zeros_like(labels)
    family: List[int] = []
    crossed: List[float] = []
    for place, (left, top, right, bottom) in enumerate(boxes.astype(np.int64).tolist()):
        inside = labels[top:bottom, left:right] == place + 1
        if place not in wide:
            cut[top:bottom, left:right][inside] = len(family) + 1
            family.append(place)
            crossed.append(0.0)
            continue
        columns, ink = seams(inside.view(np.uint8), height, pen)
        parts = np.zeros(inside.shape, np.int64)
        for seam in columns:
            parts += np.arange(inside.shape[1]) >= seam[:, None]
        present = np.unique(parts[inside])
        cut[top:bottom, left:right][inside] = np.searchsorted(present, parts[inside]) + len(family) + 1
        family += [place] * len(present)
        crossed += np.array([0.0, *ink])[present].tolist()
    return cut, np.array(family), np.array(crossed)
