"""Ink specifications: the named ways by which strokes and pictures become the 784 values of an input."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from recognizer.core.ink.errors import EmptyInkError, InkError
from recognizer.core.ink.frame import INPUT_SIDE, SIDE, Flags, Mask, any_ink
from recognizer.core.ink.moments import inputs_from_frames
from recognizer.core.ink.pictures import Picture, checked, to_greys, to_masks
from recognizer.core.ink.placing import LARGEST, frames_from_masks, reduced
from recognizer.core.ink.slant import upright
from recognizer.core.ink.strokes import Strokes, frame_from_strokes

Input = npt.NDArray[np.uint8]

INPUTS = INPUT_SIDE * INPUT_SIDE
CHUNK_PIXELS = 1 << 20
"""Pixels of the pictures that are worked on at once."""
MAX_CHUNK = 128


class InkSpecification(ABC):
    """One way of making inputs; models name the one that they were trained on.

    A picture is a uint8 array: grey (h, w), grey and alpha (h, w, 2), colour (h, w, 3), or colour and
    alpha (h, w, 4); dark ink on light paper or light on dark.
    """

    name: str
    paper: int
    """The value of an input where there is no ink."""

    @property
    def ink_bright(self) -> bool:
        """Whether ink is the high value of an input (1) and paper the low one (0)."""
        return self.paper == 0

    def from_strokes(self, strokes: Strokes) -> Input:
        """Input (784,) of a drawing. Raises EmptyInkError, InkError."""
        inputs = self._from_frames(frame_from_strokes(strokes)[None])
        return inputs.reshape(INPUTS)

    def from_picture(self, picture: Picture) -> Input:
        """Input (784,) of one picture. Raises EmptyInkError, InkError."""
        inputs, has_ink = self.from_pictures([picture])
        if not has_ink[0]:
            raise EmptyInkError("The picture shows no ink: it is empty, or too faint to tell from its paper.")
        return inputs.reshape(INPUTS)

    def from_pictures(self, pictures: Sequence[Picture] | Picture) -> tuple[Input, Flags]:
        """Inputs (n, 784) of many pictures, and which of them (n,) have ink; the others' are paper.

        Works through chunks of one size, so that memory stays bounded. Raises InkError for what is
        not a picture.
        """
        inputs = np.full((len(pictures), INPUTS), self.paper, dtype=np.uint8)
        has_ink = np.zeros(len(pictures), dtype=np.bool_)
        for first, last in _chunks(pictures):
            stack = np.stack(list(pictures[first:last]))
            inputs[first:last], has_ink[first:last] = self._from_stack(stack)
        return inputs, has_ink

    def scale(self, inputs: Input) -> npt.NDArray[np.float32]:
        """What a network is given: inputs as float32 in 0…1."""
        return inputs.astype(np.float32) / np.float32(255)

    def _from_stack(self, stack: Picture) -> tuple[Input, Flags]:
        """`from_pictures` for a stack of pictures of one size."""
        masks, _ = to_masks(to_greys(stack))
        return self._from_masks(masks)

    def _from_masks(self, masks: Mask) -> tuple[Input, Flags]:
        has_ink = any_ink(masks, axis=(1, 2))
        inputs = np.full((len(masks), INPUTS), self.paper, dtype=np.uint8)
        if has_ink.all():
            inputs = self._from_frames(frames_from_masks(_small(masks)))
        elif has_ink.any():
            inputs[has_ink] = self._from_frames(frames_from_masks(_small(masks[has_ink])))
        return inputs, has_ink

    @abstractmethod
    def _from_frames(self, frames: Mask) -> Input:
        """Inputs (n, 784) from frames (n, 84, 84)."""


class Moments1(InkSpecification):
    """Letters of equal stroke, centred, with equal spread along both axes as far as they allow."""

    name = "moments-1"
    paper = 0

    def _from_frames(self, frames: Mask) -> Input:
        return inputs_from_frames(frames)


class Moments2(InkSpecification):
    """As `moments-1`, of letters that were made upright first."""

    name = "moments-2"
    paper = 0

    def _from_frames(self, frames: Mask) -> Input:
        return inputs_from_frames(upright(frames))


class Raw28(InkSpecification):
    """The thesis's own pixels: 0 = black ink, 255 = white paper; a grey 28×28 picture is taken as it is."""

    name = "raw-28"
    paper = 255

    def _from_stack(self, stack: Picture) -> tuple[Input, Flags]:
        if stack.shape[1:3] != (INPUT_SIDE, INPUT_SIDE):
            return super()._from_stack(stack)
        masks, greys = to_masks(to_greys(stack))
        return greys.reshape(-1, INPUTS), any_ink(masks, axis=(1, 2))

    def _from_frames(self, frames: Mask) -> Input:
        pool = SIDE // INPUT_SIDE
        ink = frames.reshape(-1, INPUT_SIDE, pool, INPUT_SIDE, pool).sum(axis=(2, 4))
        return np.where(2 * ink > pool * pool, 0, 255).astype(np.uint8).reshape(-1, INPUTS)


def _chunks(pictures: Sequence[Picture] | Picture) -> Iterator[tuple[int, int]]:
    """First index, and the one after the last, of runs of pictures of one size."""
    first = 0
    while first < len(pictures):
        shape = checked(pictures[first]).shape
        limit = min(MAX_CHUNK, max(1, CHUNK_PIXELS // (shape[0] * shape[1])))
        last = first + 1
        while last < min(len(pictures), first + limit) and checked(pictures[last]).shape == shape:
            last += 1
        yield first, last
        first = last


def _small(masks: Mask) -> Mask:
    """Masks none of which is larger than 100 px."""
    if max(masks.shape[1:]) <= LARGEST:
        return masks
    small = np.zeros((len(masks), LARGEST, LARGEST), dtype=np.uint8)
    for place, mask in zip(small, masks):
        ink = reduced(mask)
        place[: ink.shape[0], : ink.shape[1]] = ink
    return small


SPECIFICATIONS: dict[str, InkSpecification] = {each.name: each for each in (Raw28(), Moments1(), Moments2())}


def specification(name: str) -> InkSpecification:
    """The ink specification of that name. Raises InkError when there is none."""
    if name not in SPECIFICATIONS:
        known = ", ".join(SPECIFICATIONS)
        raise InkError(f"There is no ink specification called “{name}”; there are: {known}.")
    return SPECIFICATIONS[name]
