"""Cross-validated predictions: what networks trained by a quick recipe predict for pictures that they have not seen."""

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.core.ink import specification
from recognizer.core.network import Network
from training.core.hyperparameters import Hyperparameters
from training.core.samples import Samples
from training.core.trainer import TrainingState, train

RECIPE = Hyperparameters(
    ink_specification="directions-1",
    hidden_layers=(256, 128),
    initializer="he",
    batch_normalization=True,
    optimizer="adamw",
    learning_rate=0.004,
    weight_decay=0.05,
    ema=0.99,
    batch_size=128,
    epochs=6,
    schedule="cosine",
    warmup_steps=100,
    rotation=6,
    shear=0.15,
    scale=0.08,
    shift=0.9,
    elastic=0.9,
)
"""No label smoothing: confident learning needs probabilities that mean what they say."""
SAMPLES_SEEN, MOST_EPOCHS = 400_000, 60
"""A small data set is gone through more often, until this many samples were seen."""
CHUNK = 4000

Labels = NDArray[np.integer]
Probabilities = NDArray[np.float32]


@dataclass(frozen=True)
class Control:
    """Callbacks of long work: `should_stop` is asked between mini-batches, `progress` is told the share done."""

    should_stop: Callable[[], bool] = lambda: False
    progress: Callable[[float], None] = lambda _share: None


class UnfinishedError(Exception):
    """The work was stopped before its end."""


def cross_validated(
    pictures: NDArray[np.uint8],
    labels: Labels,
    groups: Labels,
    *,
    classes: int,
    folds: int,
    seed: int,
    control: Control = Control(),
) -> Probabilities:
    """Let each picture be read by a network that was trained on the other folds.

    Args:
        pictures: uint8 (n, 784), as `moments-2` makes them: what the recipe's inputs are made of.
        labels: (n,), 0…classes − 1.
        groups: (n,); pictures of one group (copies of each other) are in one fold, lest a copy gives the letter away.
        classes: letters of the class set.
        folds: in how many the pictures are divided, letter by letter.
        seed: of the division and of the networks.
        control: how it is watched.

    Returns:
        float32 (n, classes). A letter that only one fold has is unknown to that fold's network: its probability is 0.

    Raises:
        UnfinishedError: `should_stop` said so.

    """
    fold = _folds(labels, groups, folds, seed)
    probabilities = np.zeros((len(labels), classes), dtype=np.float32)
    for number in range(folds):
        held_out = fold == number
        known = np.unique(labels[~held_out])
        if not held_out.any() or len(known) < 2:
            continue
        samples = Samples(pictures[~held_out], np.searchsorted(known, labels[~held_out]))
        network = _trained(samples, len(known), seed + number, _part(control, number, folds))
        probabilities[np.ix_(held_out, known)] = _read(network, pictures[held_out])
    return probabilities


def _folds(labels: Labels, groups: Labels, folds: int, seed: int) -> Labels:
    """Deal the groups of each letter to the folds in turn, in a random order."""
    rng = np.random.default_rng(seed)
    unique, first, member = np.unique(groups, return_index=True, return_inverse=True)
    order = rng.permutation(len(unique))
    order = order[np.argsort(labels[first[order]], kind="stable")]
    dealt = np.empty(len(unique), dtype=np.int64)
    dealt[order] = np.arange(len(unique)) % folds
    return dealt[member]


def _trained(samples: Samples, classes: int, seed: int, control: Control) -> Network:
    epochs = min(max(RECIPE.epochs, math.ceil(SAMPLES_SEEN / len(samples))), MOST_EPOCHS)
    recipe = dataclasses.replace(RECIPE, epochs=epochs, batch_size=min(RECIPE.batch_size, len(samples)), seed=seed)
    ink = specification(recipe.ink_specification)
    state = TrainingState.begin(recipe, n_inputs=ink.length, n_classes=classes)
    watched = Samples(ink.of_pictures(samples.inputs[:100]), samples.labels[:100])  # nothing is chosen by it
    for metrics in train(state, samples, watched, should_stop=control.should_stop):
        control.progress(metrics.epoch / epochs)
    if not state.finished:
        raise UnfinishedError
    return state.network()


def _part(control: Control, number: int, of: int) -> Control:
    """Watch part `number` of `of` equal parts."""
    return Control(control.should_stop, lambda share: control.progress((number + share) / of))


def _read(network: Network, pictures: NDArray[np.uint8]) -> Probabilities:
    """Probabilities (n, k)."""
    ink = specification(RECIPE.ink_specification)
    chunks = (pictures[start : start + CHUNK] for start in range(0, len(pictures), CHUNK))
    return np.concatenate([network.read(ink.of_pictures(chunk)) for chunk in chunks])
