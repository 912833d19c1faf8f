"""Pictures for a chip: rows of 28 bytes, each sent when the chip asks for it.

Of each picture the first row has the index of its letter, the others are the picture's; one row with `END` ends it all.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from recognizer.core.ink.frame import INPUT_SIDE

END = 255
"""No letter has this index: a chip prints its line."""
PICTURES = "moments-2"
"""The ink specification of what a chip is sent."""


def rows_of(pictures: NDArray[np.uint8], letters: Iterable[int]) -> bytes:
    """Rows of pictures (n, 784) with the indexes of their letters."""
    shown = np.asarray(list(letters), np.uint8)
    made = np.zeros((len(pictures) * (INPUT_SIDE + 1) + 1, INPUT_SIDE), np.uint8)
    parts = made[:-1].reshape(len(pictures), INPUT_SIDE + 1, INPUT_SIDE)
    parts[:, 0, 0] = shown
    parts[:, 1:] = pictures.reshape(len(pictures), INPUT_SIDE, INPUT_SIDE)
    made[-1, 0] = END
    return made.tobytes()
