"""Letters for the exercises, written by the generator's random hand: nothing has to be downloaded."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from recognizer.core.alphabet import RUSSIAN
from recognizer.core.ink import specification
from training.core.samples import Samples
from training.datasets.synthesis.hand import write
from training.datasets.synthesis.skeletons import shares, skeletons


def written(letters: str, count: int, *, seed: int, ink: str = "moments-2") -> Samples:
    """Write each of some letters so many times.

    Args:
        letters: capitals.
        count: of each.
        seed: another one, other letters.
        ink: how inputs are made of strokes.

    """
    rng, kind = np.random.default_rng(seed), specification(ink)
    inputs, numbers = list[NDArray[np.uint8]](), list[int]()
    for letter in letters:
        ways = shares(letter)
        chosen = Counter(rng.choice(list(ways), count, p=list(ways.values())).tolist())
        for way, times in chosen.items():
            made = write(skeletons()[way], times, rng)
            inputs += [kind.from_strokes(made.drawing(index)) for index in range(times)]
        numbers += [letters.index(letter)] * count
    return Samples(np.stack(inputs), np.array(numbers))


def alphabet(count: int, *, seed: int, ink: str) -> Samples:
    """Write the whole alphabet."""
    return written(RUSSIAN, count, seed=seed, ink=ink)
