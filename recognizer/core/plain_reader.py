"""Reads letters with numpy alone: a model file, pictures or strokes in, letters out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Tuple, Union

import numpy as np
import numpy.typing as npt

from recognizer.core import model_file
from recognizer.core.ink import InkError, Picture, Strokes, specification
from recognizer.core.ink.size import is_dot, overlooked_share
from recognizer.core.messages import message as _

BEST = 5


@dataclass(frozen=True)
class PlainAnswer:
    """What a model says of one letter.

    Attributes:
        best: the five most probable letters with their calibrated probabilities, best first.
        refused: it does not look like a letter; `best` has those that are nearest.
    """

    best: Tuple[Tuple[str, float], ...]
    refused: bool

    @property
    def letter(self) -> str:
        """The most probable letter."""
        return self.best[0][0]


class PlainReader:
    """Reads with a model file, a path or its bytes. Raises ModelFileError, and OSError for a path."""

    def __init__(self, model: Union[str, Path, bytes]) -> None:
        file = model_file.read(model)
        self.card = file.card
        self._network = file.network
        self._ink = specification(file.card.ink_specification)
        self._doubt = file.card.doubt()

    def read_picture(self, picture: Picture) -> PlainAnswer:
        """Read pixels (h, w) of greys, or with 2, 3 or 4 channels, uint8. Raises InkError where there is no letter."""
        if (share := overlooked_share(picture)) is not None:
            raise InkError(
                _("The letter has only %(percent)d %% of the picture's height: crop the picture around it.")
                % {"percent": math.ceil(100 * share)}
            )
        return self.read_input(self._ink.from_picture(picture))

    def read_strokes(self, strokes: Strokes) -> PlainAnswer:
        """Read strokes of points (x, y), y down, in any unit. Raises InkError where there is no letter."""
        values = self._ink.from_strokes(strokes)
        if is_dot(strokes):
            raise InkError(_("Only a dot is drawn, and no letter is one: draw a letter."))
        return self.read_input(values)

    def read_input(self, values: npt.NDArray[np.uint8]) -> PlainAnswer:
        """Read an input (length,) as the model's ink specification makes it."""
        hidden, logits = self._network.read_layers(values[np.newaxis])
        probabilities = self._doubt.probabilities(logits)[0]
        order = np.argsort(-probabilities, kind="stable")[:BEST].tolist()
        best = tuple((self.card.letters[index], float(probabilities[index])) for index in order)
        return PlainAnswer(best, bool(self._doubt.refuses(hidden, logits)[0]))
