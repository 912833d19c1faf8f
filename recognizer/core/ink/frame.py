"""The 84×84 frame that strokes and pictures are brought into before they become an input.

A frame is a mask: uint8, 1 = ink, 0 = paper. Three frame pixels make one input pixel. See docs/ink.md.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

SIDE = 84
"""Side of the frame, px."""
INK_SIDE = 66.0
"""Longest side of the box of the ink in the frame, px."""
THICKNESS = 9.5
"""Thickness that thinner strokes are given in the frame, px. 19 of 20 Cyrillic-MNIST scans are thicker."""
INPUT_SIDE = 28
"""Side of the input, px."""

Mask = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def any_ink(masks: Mask, axis: int | tuple[int, ...]) -> Flags:
    """Whether a mask has ink anywhere along an axis or several."""
    return np.asarray(masks.view(np.bool_).any(axis=axis))
