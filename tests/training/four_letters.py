"""Inputs of four letters that even a tiny network can tell apart."""

import numpy as np

from recognizer.core.alphabet import RUSSIAN
from training.core.samples import Samples

LETTERS = RUSSIAN[:4]


def samples(count: int, *, seed: int, classes: int = len(LETTERS)) -> Samples:
    """Draw inputs: each letter is bright in rows of its own."""
    rng = np.random.default_rng(seed)
    labels = (np.arange(count) % classes).astype(np.uint8)
    inputs = rng.integers(0, 60, (count, 784), dtype=np.uint8)
    for number, label in enumerate(labels.tolist()):
        inputs[number, label * 100 : label * 100 + 100] += 180
    return Samples(inputs, labels)
