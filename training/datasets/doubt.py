"""A model's doubt: fitted on letters of its training and on made non-letters, its bounds set on validation letters."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recognizer.core.doubt import MAX_HIDDEN, Doubt
from recognizer.core.ink import InkSpecification, specification
from recognizer.core.precision import AnyNetwork
from training.core.doubt import fit_non_letters, fit_temperature, fit_threshold, last_layers
from training.core.samples import Samples
from training.datasets.synthesis import non_letters
from training.datasets.synthesis.doodles import SCRIBBLES
from training.datasets.synthesis.hand import write
from training.datasets.synthesis.skeletons import shares, skeletons

FEWEST_FOR_TEMPERATURE, FEWEST = 50, 500
"""Validation letters below which there is no temperature, and no threshold: of 500, it refuses ten."""
REAL_LETTERS = 8_000
"""Letters of the training splits that are used at most."""
PER_LETTER, PER_KIND, PER_SCRIBBLE = 60, 250, 900
"""Synthetic letters, so that clean lines alone are no sign of a non-letter, and non-letters."""
SEED = 1


def measure(
    network: AnyNetwork,
    ink: InkSpecification,
    letters: str,
    training: Samples,
    validation: Samples,
    check: Callable[[], None] = lambda: None,
) -> Doubt:
    """Fit the doubt of a network; the same samples give the same one. With few letters it stays as if there were none.

    Args:
        network: what doubts.
        ink: what made its inputs.
        letters: its class set.
        training: pictures that it was trained on, as `ink.pictures` makes them.
        validation: inputs that it was not trained on.
        check: called between steps; may raise.

    """
    if len(validation) < FEWEST_FOR_TEMPERATURE:
        return Doubt()
    held_out = last_layers(network, validation.inputs)
    doubt = Doubt(fit_temperature(held_out.logits, validation.labels))
    if len(validation) < FEWEST or network.sizes[-2] > MAX_HIDDEN:
        return doubt
    rng = np.random.default_rng(SEED)
    check()
    chosen = rng.permutation(len(training))[:REAL_LETTERS]
    pictures = np.concatenate([training.inputs[np.sort(chosen)], synthetic_letters(ink.pictures.name, letters)])
    positive = last_layers(network, ink.of_pictures(pictures))
    check()
    others = _non_letters(ink.pictures.name, letters)
    check()
    layers = [(kind, last_layers(network, ink.of_pictures(made))) for kind, made in others.items()]
    return fit_threshold(fit_non_letters(doubt.temperature, positive, layers), held_out)


def refitted(network: AnyNetwork, doubt: Doubt, validation: Samples) -> Doubt:
    """Temperature and threshold anew, for a network that was made from one with this doubt; with few letters as it is.

    Without non-letters the threshold is one of the letters' scores alone.
    """
    if len(validation) < FEWEST:
        return doubt
    held_out = last_layers(network, validation.inputs)
    return fit_threshold(replace(doubt, temperature=fit_temperature(held_out.logits, validation.labels)), held_out)


@lru_cache(maxsize=2)
def _non_letters(pictures: str, letters: str) -> dict[str, NDArray[np.uint8]]:
    """Pictures (n, 784) of each kind of non-letters, made by this ink specification: once in a process."""
    rng = np.random.default_rng(SEED)
    ink = specification(pictures)
    counts = {kind: PER_SCRIBBLE if kind in SCRIBBLES else PER_KIND for kind in non_letters.kinds(letters)}
    return {kind: non_letters.inputs(kind, count, ink, rng) for kind, count in counts.items()}


@lru_cache(maxsize=2)
def synthetic_letters(pictures: str, letters: str) -> NDArray[np.uint8]:
    """Pictures (n, 784) of synthetic letters, of those that there are skeletons of."""
    rng = np.random.default_rng(SEED)
    ink = specification(pictures)
    made = [np.empty((0, ink.length), np.uint8)]
    for letter in letters:
        counts = shares(letter)
        for index, times in zip(counts, rng.multinomial(PER_LETTER, list(counts.values()) or [1.0]), strict=False):
            if times:
                made.append(non_letters.inputs_of(write(skeletons()[index], int(times), rng), ink, rng))
    return np.concatenate(made)
