"""Inputs are stored as bytes and used as floats: the one conversion between them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def unit_floats(inputs: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Bytes 0…255 as float32 in 0…1, as a network takes them."""
    return inputs.astype(np.float32) / np.float32(255)
