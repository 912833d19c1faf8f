"""Training sets made worse on purpose: fewer pictures, wrong letters."""

import numpy as np

from training.core.samples import Samples


def fewer(samples: Samples, per_letter: int, seed: int) -> Samples:
    """At most so many pictures of each letter, drawn at random; more include fewer of the same seed. 0: all."""
    if not per_letter:
        return samples
    order = np.random.default_rng(seed).permutation(len(samples))
    labels = samples.labels[order]
    kept = [order[labels == label][:per_letter] for label in np.unique(labels)]
    chosen = np.sort(np.concatenate(kept))
    return Samples(samples.inputs[chosen], samples.labels[chosen])


def mislabelled(samples: Samples, share: float, seed: int, *, classes: int) -> Samples:
    """A share of the pictures, drawn at random, with another letter than their own, each other one as likely."""
    rng = np.random.default_rng(seed)
    wrong = rng.permutation(len(samples))[: round(share * len(samples))]
    labels = samples.labels.copy()
    labels[wrong] = (labels[wrong] + rng.integers(1, classes, len(wrong))) % classes
    return Samples(samples.inputs, labels)
