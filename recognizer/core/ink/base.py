"""What every ink specification is and does: from strokes or pictures to frames, and from these to inputs."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recognizer.core.ink.errors import EmptyInkError
from recognizer.core.ink.frame import INPUT_SIDE, Flags, Mask, any_ink
from recognizer.core.ink.pictures import Picture, checked, to_greys, to_masks
from recognizer.core.ink.placing import LARGEST, frames_from_masks, reduced
from recognizer.core.ink.strokes import Strokes, frame_from_strokes
from recognizer.core.inputs import unit_floats
from recognizer.core.messages import message as _

Input = npt.NDArray[np.uint8]

PICTURE = (INPUT_SIDE, INPUT_SIDE)
CHUNK_PIXELS = 1 << 20
"""Pixels of the pictures that are made into masks at once."""
MAX_RUN = 128
"""Masks or frames, none of them large, that are made into inputs at once."""


@dataclass(frozen=True)
class FoundInk:
    """The ink of one letter, before the steps that cost much less for many letters at once.

    Attributes:
        pixels: uint8, of the kind below.
        kind: `MASK` (h, w), no side longer than 100 px; `FRAME` (84, 84); or `INPUT` (length,), where nothing is left
            to be done.

    """

    pixels: Mask
    kind: str


MASK, FRAME, INPUT = "mask", "frame", "input"


class InkSpecification(ABC):
    """One way of making inputs; models name the one that they were trained on.

    A picture is a uint8 array: grey (h, w), grey and alpha (h, w, 2), colour (h, w, 3), or colour and
    alpha (h, w, 4); dark ink on light paper or light on dark.
    """

    name: str
    paper: int
    """The value of an input where there is no ink."""
    shape: tuple[int, ...] = PICTURE
    """How the values of an input lie, the last axis fastest: rows and columns of a picture."""

    @property
    def length(self) -> int:
        """How many values an input has."""
        return math.prod(self.shape)

    @property
    def ink_bright(self) -> bool:
        """Whether ink is the high value of an input (1) and paper the low one (0)."""
        return self.paper == 0

    @property
    def pictures(self) -> InkSpecification:
        """The specification of the pictures of 28×28 that inputs are made of: what data sets keep and pages show."""
        return self

    def of_pictures(self, pictures: Input) -> Input:
        """Inputs (n, length) from what `pictures` makes, (n, 784)."""
        return pictures

    def from_strokes(self, strokes: Strokes) -> Input:
        """Input (length,) of a drawing. Raises EmptyInkError, InkError."""
        return self.from_found([self.found_in_strokes(strokes)]).reshape(self.length)

    def from_picture(self, picture: Picture) -> Input:
        """Input (length,) of one picture. Raises EmptyInkError, InkError."""
        return self.from_found([self.found_in_picture(picture)]).reshape(self.length)

    def found_in_strokes(self, strokes: Strokes) -> FoundInk:
        """The ink of a drawing, the first half of `from_strokes`. Raises EmptyInkError, InkError."""
        return FoundInk(frame_from_strokes(strokes), FRAME)

    def found_in_picture(self, picture: Picture) -> FoundInk:
        """The ink of one picture, the first half of `from_picture`. Raises EmptyInkError, InkError."""
        mask = _small(to_masks(to_greys(checked(picture)[None]))[0])[0]
        if not mask.any():
            raise no_ink_found()
        return FoundInk(mask, MASK)

    def from_found(self, found: Sequence[FoundInk]) -> Input:
        """Inputs (n, length) of the ink of n letters: the second half, for all of them at once."""
        inputs = np.empty((len(found), self.length), np.uint8)
        for places, pixels, kind in _alike(found):
            frames = frames_from_masks(pixels) if kind == MASK else pixels
            inputs[places] = frames if kind == INPUT else self._from_frames(frames)
        return inputs

    def from_pictures(self, pictures: Sequence[Picture] | Picture) -> tuple[Input, Flags]:
        """Inputs (n, length) of many pictures, and which of them (n,) have ink; the others' are paper.

        Works through runs of one size, so that memory stays bounded. Raises InkError for what is not a picture.
        """
        inputs = np.full((len(pictures), self.length), self.paper, dtype=np.uint8)
        has_ink = np.zeros(len(pictures), dtype=np.bool_)
        for first, last in _runs(pictures):
            inputs[first:last], has_ink[first:last] = self._from_run(pictures[first:last])
        return inputs, has_ink

    def scale(self, inputs: Input) -> npt.NDArray[np.float32]:
        """What a network is given: inputs as float32 in 0…1."""
        return unit_floats(inputs)

    def _from_run(self, pictures: Sequence[Picture] | Picture) -> tuple[Input, Flags]:
        """`from_pictures` for a few pictures of one size."""
        masks = [_small(to_masks(to_greys(stack))[0]) for stack in _stacks(pictures)]
        return self._from_masks(masks[0] if len(masks) == 1 else np.concatenate(masks))

    def _from_masks(self, masks: Mask) -> tuple[Input, Flags]:
        has_ink = any_ink(masks, axis=(1, 2))
        inputs = np.full((len(masks), self.length), self.paper, dtype=np.uint8)
        if has_ink.all():
            inputs = self._from_frames(frames_from_masks(masks))
        elif has_ink.any():
            inputs[has_ink] = self._from_frames(frames_from_masks(masks[has_ink]))
        return inputs, has_ink

    @abstractmethod
    def _from_frames(self, frames: Mask) -> Input:
        """Inputs (n, length) from frames (n, 84, 84)."""


def no_ink_found() -> EmptyInkError:
    """Make the error of a picture without ink."""
    return EmptyInkError(_("The picture shows no ink: it is empty, or too faint to tell from its paper."))


def _alike(found: Sequence[FoundInk]) -> Iterator[tuple[list[int], Mask, str]]:
    """Ink of one kind and size: its places, all of it in one array, and its kind."""
    groups: dict[tuple[str, tuple[int, ...]], list[int]] = {}
    for place, each in enumerate(found):
        groups.setdefault((each.kind, each.pixels.shape), []).append(place)
    for (kind, _shape), places in groups.items():
        for first in range(0, len(places), MAX_RUN):
            some = places[first : first + MAX_RUN]
            yield some, np.stack([found[place].pixels for place in some]), kind


def _runs(pictures: Sequence[Picture] | Picture) -> Iterator[tuple[int, int]]:
    """First index, and the one after the last, of runs of pictures of one size."""
    shapes = [checked(picture).shape for picture in pictures]
    first = 0
    for place, shape in enumerate(shapes):
        if place - first == MAX_RUN or shape != shapes[first]:
            yield first, place
            first = place
    if shapes:
        yield first, len(shapes)


def _stacks(pictures: Sequence[Picture] | Picture) -> Iterator[Picture]:
    """Pictures of one size, stacked in chunks of at most CHUNK_PIXELS pixels, or one picture."""
    height, width = pictures[0].shape[:2]
    count = max(1, CHUNK_PIXELS // (height * width))
    for first in range(0, len(pictures), count):
        yield np.stack(list(pictures[first : first + count]))


def _small(masks: Mask) -> Mask:
    """Masks none of which is larger than 100 px; those without ink stay so."""
    if max(masks.shape[1:]) <= LARGEST:
        return masks
    small = np.zeros((len(masks), LARGEST, LARGEST), dtype=np.uint8)
    for number in np.flatnonzero(any_ink(masks, axis=(1, 2))):
        ink = reduced(masks[number])
        small[number, : ink.shape[0], : ink.shape[1]] = ink
    return small
