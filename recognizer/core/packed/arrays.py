"""Arrays one after the other in bytes: each has the length that the card gives it, and nothing is left over."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from recognizer.core.messages import message as _
from recognizer.core.model_card import ModelFileError


class ArrayReader:
    """Takes arrays off the front of bytes.

    Args:
        content: all of them.
        expected: how many bytes there must be. Raises ModelFileError where there are more or fewer.
    """

    def __init__(self, content: bytes, expected: int) -> None:
        if len(content) != expected:
            raise ModelFileError(
                _("The packed parameters have %(found)s bytes; those of the card's network have %(expected)s.")
                % {"found": f"{len(content):,}", "expected": f"{expected:,}"}
            )
        self._content = content
        self._offset = 0

    def take(self, dtype: str, *shape: int) -> npt.NDArray[Any]:
        """The next array, read-only, in C order."""
        count = math.prod(shape)
        array: npt.NDArray[Any] = np.frombuffer(self._content, dtype, count, self._offset).reshape(shape)
        self._offset += count * array.itemsize
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise ModelFileError(_("The packed parameters have values that are infinite or not numbers."))
        return array
