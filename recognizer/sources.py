"""Where the input of a letter comes from: strokes, the bytes of a picture file, or those of the input itself."""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from recognizer import pictures
from recognizer.core.ink import EmptyInkError, FoundInk, InkError, InkSpecification, Strokes
from recognizer.core.ink.size import is_dot, overlooked_share
from recognizer.messages import gettext as _

Values = NDArray[np.uint8]


class InkSource(Protocol):
    """What has the ink of one letter."""

    def found(self, ink: InkSpecification) -> FoundInk:
        """Find the ink; `ink.from_found` makes inputs of it, best of many letters at once.

        Raises:
            recognizer.core.ink.InkError, recognizer.pictures.PictureError: there is no letter to be read.

        """


@dataclass(frozen=True)
class DrawnInk:
    """Strokes of a pen."""

    strokes: Strokes

    def found(self, ink: InkSpecification) -> FoundInk:
        """Draw them.

        Raises:
            recognizer.core.ink.InkError: no ink, a mere dot, or coordinates that are not a drawing.

        """
        found = ink.found_in_strokes(self.strokes)
        if is_dot(self.strokes):
            raise InkError(_("Only a dot is drawn, and no letter is one: draw a letter."))
        return found


@dataclass(frozen=True)
class PictureFile:
    """The bytes of a picture file, which is read only if it has no more than so many pixels that take time."""

    data: bytes
    most: int | None = None

    def found(self, ink: InkSpecification) -> FoundInk:
        """Decode it and find its ink.

        Raises:
            recognizer.pictures.PictureError: not a picture, or too large.
            recognizer.pictures.HeavyPictureError: it takes long.
            recognizer.core.ink.InkError: no ink on it, or too little.

        """
        picture = pictures.decode(self.data, most=self.most)
        if (share := overlooked_share(picture)) is not None:
            raise InkError(
                _("The letter has only %(percent)d %% of the picture's height: crop the picture around it.")
                % {"percent": math.ceil(100 * share)}
            )
        return ink.found_in_picture(picture)


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


LetterSource = InkSource | InputBytes
