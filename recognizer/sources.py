"""Where the input of a letter comes from: strokes, the bytes of a picture file, or those of the input itself."""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from recognizer import pictures
from recognizer.core.ink import EmptyInkError, InkError, InkSpecification, Strokes
from recognizer.core.ink.size import is_dot, overlooked_share
from recognizer.messages import gettext as _

Values = NDArray[np.uint8]


class LetterSource(Protocol):
    """What makes the input of one letter."""

    def input(self, ink: InkSpecification) -> Values:
        """The input (length,) that a model of this ink takes; whatever ink there is, or none.

        Raises:
            recognizer.core.ink.InkError, recognizer.pictures.PictureError: there is no letter to be read.

        """


class PictureSource:
    """A source whose input is made of a picture of 28×28."""

    def picture(self, ink: InkSpecification) -> Values:
        """The picture (784,), as `ink.pictures` makes it."""
        raise NotImplementedError

    def input(self, ink: InkSpecification) -> Values:
        """The input, made of the picture."""
        return ink.of_pictures(self.picture(ink)[np.newaxis]).reshape(ink.length)


@dataclass(frozen=True)
class DrawnInk(PictureSource):
    """Strokes of a pen."""

    strokes: Strokes

    def picture(self, ink: InkSpecification) -> Values:
        """Draw them.

        Raises:
            recognizer.core.ink.InkError: no ink, a mere dot, or coordinates that are not a drawing.

        """
        values = ink.pictures.from_strokes(self.strokes)
        if is_dot(self.strokes):
            raise InkError(_("Only a dot is drawn, and no letter is one: draw a letter."))
        return values


@dataclass(frozen=True)
class PictureFile(PictureSource):
    """The bytes of a picture file; `quick`: it is read only if that does not take long."""

    data: bytes
    quick: bool = False

    def picture(self, ink: InkSpecification) -> Values:
        """Decode it and find its ink.

        Raises:
            recognizer.pictures.PictureError: not a picture, or too large.
            recognizer.pictures.HeavyPictureError: it takes long.
            recognizer.core.ink.InkError: no ink on it, or too little.

        """
        picture = pictures.decode(self.data, quick=self.quick)
        if (share := overlooked_share(picture)) is not None:
            raise InkError(
                _("The letter has only %(percent)d %% of the picture's height: crop the picture around it.")
                % {"percent": math.ceil(100 * share)}
            )
        return ink.pictures.from_picture(picture)


@dataclass(frozen=True)
class InputBytes:
    """The input itself, as the model's specification has it."""

    data: bytes

    def input(self, ink: InkSpecification) -> Values:
        """Take it as it is.

        Raises:
            recognizer.core.ink.InkError: it is longer or shorter than the model's inputs.

        """
        if len(self.data) != ink.length:
            raise InkError(
                _("An input of the model in service (%(ink)s) has %(wanted)d bytes, not %(found)d.")
                % {"ink": ink.name, "wanted": ink.length, "found": len(self.data)}
            )
        return np.frombuffer(self.data, np.uint8)


def no_ink() -> EmptyInkError:
    """Make the error that says that an input is paper and nothing else."""
    return EmptyInkError(_("The input shows no ink: it is the same paper everywhere."))
