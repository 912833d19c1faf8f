"""Made letters, and small networks of whole numbers that read them."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import ROOT
from recognizer.core import model_file
from recognizer.core.ink import specification
from recognizer.core.model_file import ModelFile
from recognizer.core.precision import in_floats
from recognizer.core.precision.calibration import calibrated
from training.datasets.synthesis.hand import write
from training.datasets.synthesis.pens import pictures
from training.datasets.synthesis.skeletons import skeletons

Bytes = NDArray[np.uint8]
PRETRAINED = ROOT / "recognizer" / "pretrained"
OF_A_SKELETON = 5
SEED = 16
CALIBRATED = 500
"""Pictures that a network is made whole by."""


@lru_cache(maxsize=1)
def letters() -> tuple[Bytes, tuple[str, ...]]:
    """2,220 pictures (n, 784) as moments-2 makes them, of strokes and of scans by turns, and their letters."""
    ink, rng = specification("moments-2"), np.random.default_rng(SEED)
    made, names = [], []
    for number, skeleton in enumerate(skeletons()):
        written = write(skeleton, OF_A_SKELETON, rng)
        names += [skeleton.letter] * OF_A_SKELETON
        if number % 2:
            made += [ink.from_strokes(written.drawing(index)) for index in range(OF_A_SKELETON)]
        else:
            made += list(ink.from_pictures([np.asarray(each.convert("L")) for each in pictures(written, rng)])[0])
    return np.stack(made), tuple(names)


@lru_cache(maxsize=8)
def whole(name: str, precision: str) -> ModelFile:
    """A shipped model in whole numbers, as its packed file is read."""
    shipped = model_file.read(PRETRAINED / f"{name}.npz")
    pictures = letters()[0]
    some = pictures[:: len(pictures) // CALIBRATED]
    inputs = specification(shipped.card.ink_specification).of_pictures(some)
    made = calibrated(in_floats(shipped.network), inputs, precision)
    card = replace(shipped.card, name=f"{name} {precision}", precision=precision, parent=shipped.sha256)
    card = card.with_doubt(card.doubt().reading_bytes(made.units, made.zero))
    return model_file.read(model_file.to_bytes(made.network, card))
