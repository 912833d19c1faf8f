"""A random generator for each purpose and epoch, all from one stored seed.

Each stands on its own: more augmentation does not change the shuffle, and an epoch's draws do not depend
on the epochs before it. So no generator's state needs saving, and a training that resumed from a
checkpoint draws what an uninterrupted one draws.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What numbers are drawn for. The values are part of what a seed means: never renumber them."""

    INITIALISATION = 0
    SHUFFLE = 1
    AUGMENTATION = 2
    DROPOUT = 3


def generator(seed: int, purpose: Purpose, epoch: int = 0) -> np.random.Generator:
    """The generator of one purpose in one epoch."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(int(purpose), epoch)))
