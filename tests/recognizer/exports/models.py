"""Small models of every precision, class set and kind of doubt, to be exported."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recognizer.core.alphabet import RUSSIAN
from recognizer.core.doubt import Doubt
from recognizer.core.ink import specification
from recognizer.core.model_card import ModelCard
from recognizer.core.model_file import ModelFile
from recognizer.core.precision import INTEGER_BITS, AnyNetwork, to_precision
from tests.recognizer.core.integer_reference import random_whole
from tests.recognizer.core.networks import random_network

CLASS_SETS = (RUSSIAN[:2], RUSSIAN, RUSSIAN + "ІЇЄҐЎЂЋЏZ")
"""Of 2, 33 and 42 letters."""
INPUTS: NDArray[np.uint8] = np.random.default_rng(5).integers(0, 256, (60, 200), dtype=np.uint8)
KINDS = 3


def doubt_of(network: AnyNetwork) -> Doubt:
    """A temperature, three kinds of non-letters, and a threshold that half of the inputs fall short of."""
    rng = np.random.default_rng(3)
    hidden, logits = network.read_layers(INPUTS)
    scale = float(np.abs(hidden).max()) or 1.0
    doubt = Doubt(
        0.6, None, tuple("123"), rng.normal(size=(KINDS, network.sizes[-2])) / scale, rng.normal(size=KINDS)
    ).rounded()
    return replace(doubt, threshold=float(np.median(doubt.scores(hidden, logits))))


def exported(
    precision: str,
    activation: str = "relu",
    *,
    letters: str = RUSSIAN,
    hidden: int = 12,
    ink: str = "directions-1-coarse",
    name: str = "random",
    is_calibrated: bool = True,
) -> ModelFile:
    """A random model with two hidden layers."""
    sizes = (specification(ink).length, 16, hidden, len(letters))
    if precision in INTEGER_BITS:
        network: AnyNetwork = random_whole(np.random.default_rng(1), sizes, activation, precision)
    else:
        network = to_precision(random_network(*sizes, activation=activation, seed=1), precision)
    card = ModelCard(
        name=name, sizes=sizes, activation=activation, ink_specification=ink,
        created="2026-11-29", letters=letters, precision=precision, versions={}, licence="CC BY 4.0",
        credits=("A", "B"),
    )  # fmt: skip
    if is_calibrated and sizes[0] == INPUTS.shape[1]:
        card = card.with_doubt(doubt_of(network))
    return ModelFile(network, card, "5e" * 32)
