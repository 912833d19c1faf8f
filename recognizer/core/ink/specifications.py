"""Ink specifications: the named ways by which strokes and pictures become the bytes of an input."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recognizer.core.ink.base import INPUT, FoundInk, InkSpecification, Input, no_ink_found
from recognizer.core.ink.directions import DIRECTIONS, DirectionMaps
from recognizer.core.ink.errors import InkError
from recognizer.core.ink.frame import INPUT_SIDE, SIDE, Flags, Mask, any_ink
from recognizer.core.ink.moments import inputs_from_frames
from recognizer.core.ink.pictures import Picture, checked, to_greys, to_masks
from recognizer.core.ink.slant import upright
from recognizer.core.messages import message as _

AT_ONCE = 64
"""Pictures whose direction maps are made at once: what they need stays in a processor's cache."""


class Moments1(InkSpecification):
    """Letters of equal stroke, centred, with equal spread along both axes as far as they allow."""

    name = "moments-1"
    paper = 0

    def _from_frames(self, frames: Mask) -> Input:
        return inputs_from_frames(frames)


class Moments2(InkSpecification):
    """As `moments-1`, after half of each letter's slant is taken away."""

    name = "moments-2"
    paper = 0

    def _from_frames(self, frames: Mask) -> Input:
        return inputs_from_frames(upright(frames))


class Raw28(InkSpecification):
    """The thesis's own pixels: 0 = black ink, 255 = white paper; a grey 28×28 picture is taken as it is."""

    name = "raw-28"
    paper = 255

    def found_in_picture(self, picture: Picture) -> FoundInk:
        """The ink of one picture; the input itself of one that has its size. Raises EmptyInkError, InkError."""
        if checked(picture).shape[:2] != (INPUT_SIDE, INPUT_SIDE):
            return super().found_in_picture(picture)
        inputs, has_ink = self._from_run([picture])
        if not has_ink[0]:
            raise no_ink_found()
        return FoundInk(inputs[0], INPUT)

    def _from_run(self, pictures: Sequence[Picture] | Picture) -> tuple[Input, Flags]:
        if pictures[0].shape[:2] != (INPUT_SIDE, INPUT_SIDE):
            return super()._from_run(pictures)
        masks, greys = to_masks(to_greys(np.stack(list(pictures))))
        return greys.reshape(len(greys), -1), any_ink(masks, axis=(1, 2))

    def _from_frames(self, frames: Mask) -> Input:
        pool = SIDE // INPUT_SIDE
        ink = frames.reshape(-1, INPUT_SIDE, pool, INPUT_SIDE, pool).sum(axis=(2, 4))
        return np.where(2 * ink > pool * pool, 0, 255).astype(np.uint8).reshape(len(frames), -1)


class Directions1(InkSpecification):
    """Eight directions of the strokes of a `moments-2` picture, each on a grid of windows.

    Args:
        name: of the specification.
        grid: windows along each axis.
    """

    paper = 0

    def __init__(self, name: str, grid: int) -> None:
        self.name = name
        self.grid = grid
        self.shape = (DIRECTIONS, grid, grid)
        self._pictures = Moments2()

    @property
    def pictures(self) -> InkSpecification:
        """`moments-2`."""
        return self._pictures

    def of_pictures(self, pictures: Input) -> Input:
        """Inputs (n, length) from pictures (n, 784)."""
        inputs = np.empty((len(pictures), self.length), np.uint8)
        maps = DirectionMaps(self.grid, AT_ONCE) if len(pictures) >= AT_ONCE else None
        for first in range(0, len(pictures), AT_ONCE):
            some = pictures[first : first + AT_ONCE].T
            of_size = maps if maps and some.shape[1] == AT_ONCE else DirectionMaps(self.grid, some.shape[1])
            inputs[first : first + AT_ONCE] = of_size.of(some).T
        return inputs

    def _from_frames(self, frames: Mask) -> Input:
        return self.of_pictures(self._pictures._from_frames(frames))


SPECIFICATIONS: dict[str, InkSpecification] = {
    each.name: each
    for each in (
        Raw28(),
        Moments1(),
        Moments2(),
        Directions1("directions-1", grid=7),
        Directions1("directions-1-coarse", grid=5),
        Directions1("directions-1-fine", grid=10),
    )
}


def specification(name: str) -> InkSpecification:
    """The ink specification of that name. Raises InkError when there is none."""
    if name not in SPECIFICATIONS:
        known = ", ".join(SPECIFICATIONS)
        raise InkError(
            _("There is no ink specification called “%(name)s”; there are: %(known)s.") % {"name": name, "known": known}
        )
    return SPECIFICATIONS[name]
