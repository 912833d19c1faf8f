"""Fitting a network's doubt (`recognizer.core.doubt`): its temperature, the weights of non-letters, the threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recognizer.core.activations import softmax
from recognizer.core.doubt import TEMPERATURES, Doubt, log_sum_exp
from recognizer.core.precision import AnyNetwork
from training.core.samples import Bytes, Labels

Floats = NDArray[np.float32]
REFUSED = 0.02
"""Share of the validation letters that the threshold refuses."""
BINS = 15
CHUNK = 2000
PENALTY = 5e-4
"""Half of it times the sum of the squared weights, for features of variance 1, is added to the cost."""
ITERATIONS = 150
LEAST_SPREAD = 0.01
"""Of a hidden neuron, as standard deviation, where it is scaled to 1."""


@dataclass(frozen=True)
class LastLayers:
    """What a network makes of n inputs: its last hidden layer (n, hidden) and its logits (n, classes)."""

    hidden: Floats
    logits: Floats

    def __len__(self) -> int:
        """How many inputs."""
        return len(self.logits)

    def __getitem__(self, which: NDArray[np.bool_] | NDArray[np.intp] | slice) -> LastLayers:
        """Those of some inputs."""
        return LastLayers(self.hidden[which], self.logits[which])


def last_layers(network: AnyNetwork, inputs: Bytes) -> LastLayers:
    """Run a network on inputs (n, length), a part at a time."""
    made = [network.read_layers(inputs[i : i + CHUNK]) for i in range(0, len(inputs), CHUNK)]
    return LastLayers(np.concatenate([h for h, _z in made]), np.concatenate([z for _h, z in made]))


def fit_temperature(logits: Floats, labels: Labels) -> float:
    """The temperature with the least mean −log p of the right letters (Guo et al. 2017), by bisecting its slope."""
    z = logits.astype(np.float64)
    right = z[np.arange(len(z)), labels]
    low, high = (1 / temperature for temperature in reversed(TEMPERATURES))
    while high / low > 1 + 1e-6:  # convex in 1/T: its slope is the mean of Σ p z − z_right
        middle = float(np.sqrt(low * high))
        slope = ((softmax(z * middle) * z).sum(axis=1) - right).mean()
        low, high = (low, middle) if slope > 0 else (middle, high)
    return round(float(1 / high), 4)


def fit_threshold(doubt: Doubt, letters: LastLayers) -> Doubt:
    """The doubt with the threshold that refuses 2 % of these letters, which took no part in the fit."""
    scores = doubt.scores(letters.hidden, letters.logits)
    return replace(doubt, threshold=round(float(np.quantile(scores, REFUSED)), 4))


def fit_non_letters(temperature: float, letters: LastLayers, others: Sequence[tuple[str, LastLayers]]) -> Doubt:
    """Weights by which kinds of non-letters stand beside the letters in one softmax; the letters' logits stay.

    Multinomial logistic regression on the last hidden layer. The letters weigh as much as all kinds together, and each
    kind as much as another.

    Args:
        temperature: of the letters' logits.
        letters: of drawings that are letters.
        others: kind, and the layers of drawings of that kind.
    """
    from scipy.optimize import minimize  # takes a third of a second, and this is the only use of it

    kinds = [kind for kind, _layers in others]
    hidden = np.concatenate([letters.hidden, *(layers.hidden for _kind, layers in others)])
    logits = np.concatenate([letters.logits, *(layers.logits for _kind, layers in others)])
    target = np.repeat(np.arange(1 + len(kinds)), [len(letters), *(len(layers) for _kind, layers in others)])
    mean, spread = hidden.mean(axis=0), np.maximum(hidden.std(axis=0), LEAST_SPREAD)
    cost = _Cost(temperature, np.column_stack([(hidden - mean) / spread, np.ones_like(hidden[:, 0])]), logits, target)
    start = np.zeros(len(kinds) * (hidden.shape[1] + 1))
    found = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS}).x
    rows = found.reshape(len(kinds), -1)
    weights = rows[:, :-1] / spread
    return Doubt(temperature, None, tuple(kinds), weights, rows[:, -1] - weights @ mean).rounded()


class _Cost:
    """The mean −log p of the right class, all letters being one, and its gradient, for weights of the other classes."""

    def __init__(self, temperature: float, features: Floats, logits: Floats, target: NDArray[np.intp]) -> None:
        self._features = np.ascontiguousarray(features, np.float32)
        self._energy = log_sum_exp(logits.astype(np.float64) / temperature).astype(np.float32)
        self._target = target
        self._rows = np.arange(len(target))
        counts = np.bincount(target)
        of_each = np.concatenate([[0.5], np.full(len(counts) - 1, 0.5 / (len(counts) - 1))]) / counts
        self._shares = of_each[target].astype(np.float32)

    def __call__(self, flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """Cost and gradient at weights (kinds · (hidden + 1),), the bias last in each row."""
        weights = flat.reshape(-1, self._features.shape[1])
        z = np.column_stack([self._energy, self._features @ weights.astype(np.float32).T])
        p = softmax(z)
        right = p[self._rows, self._target]
        cost = -float((self._shares * np.log(np.maximum(right, 1e-30))).sum(dtype=np.float64))
        p[self._rows, self._target] -= 1
        gradient = ((p[:, 1:] * self._shares[:, np.newaxis]).T @ self._features).astype(np.float64)
        gradient[:, :-1] += PENALTY * weights[:, :-1]
        return cost + PENALTY / 2 * float((weights[:, :-1] ** 2).sum()), gradient.ravel()


def calibration_error(probabilities: NDArray[np.floating], labels: Labels) -> float:
    """Expected calibration error: |accuracy − confidence| in 15 bins of equal width, by their shares."""
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = probabilities.argmax(axis=1) == labels
    bins = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(bins, right, BINS) - np.bincount(bins, confidence, BINS)
    return float(np.abs(gaps).sum() / len(labels))
