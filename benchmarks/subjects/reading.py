"""Reading drawings inside one process, as a view does it: strokes → input → network → five best.

Usage: python -m benchmarks.subjects.reading [INK NEURONS …]: with the model in service, or with a network that has
inputs of this ink specification and hidden layers of so many neurons, its weights as large as trained ones are. Such a
one is timed by its own time on the processor: two of them are compared.
"""

import itertools
import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hwrsite.settings")

import django

from benchmarks.harness import serve
from benchmarks.materials.drawings import DRAWINGS

if TYPE_CHECKING:
    from recognizer.loading import LoadedModel


def main() -> None:
    """Time one reading after the other, the letters in turn."""
    django.setup()
    from recognizer.recognition import recognize_strokes  # needs the settings
    from training.devices.benchmarks import environment

    letters = itertools.cycle(DRAWINGS.values())
    ink, *neurons = sys.argv[1:] or [""]
    model = _model(ink, [int(each) for each in neurons]) if ink else None
    clock = time.perf_counter if model is None else time.process_time

    def repeat() -> float:
        strokes = next(letters)
        start = clock()
        recognize_strokes(strokes, model)
        return clock() - start

    serve({"environment": environment.describe()}, repeat)


def _model(ink: str, neurons: Sequence[int]) -> "LoadedModel":
    from recognizer.core.alphabet import RUSSIAN
    from recognizer.core.ink import specification
    from recognizer.core.model_card import ModelCard
    from recognizer.core.network import Network
    from recognizer.loading import LoadedModel  # needs the settings

    rng = np.random.default_rng(1)
    sizes = [specification(ink).length, *neurons, len(RUSSIAN)]
    weights = (rng.normal(0, (2 / n) ** 0.5, (m, n)).astype(np.float32) for n, m in itertools.pairwise(sizes))
    network = Network(tuple(weights), tuple(np.zeros(size, np.float32) for size in sizes[1:]), "relu")
    card = ModelCard.of(network, name=ink, ink_specification=ink)
    return LoadedModel(network, card, specification(ink), card.name)


if __name__ == "__main__":
    main()
