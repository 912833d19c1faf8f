"""Readers of scikit-learn. Runs in the peers' environment."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.neural_network import MLPClassifier  # type: ignore[import-not-found]
from sklearn.svm import SVC  # type: ignore[import-not-found]

from benchmarks.accuracy.peers.mini_batches import Floats, MiniBatches
from benchmarks.accuracy.peers.tasks import PeerTask

COSTS = (1, 3, 10, 30)
"""C of a support-vector machine: what validation likes best is taken."""


class PerceptronTraining:
    """scikit-learn's network with Adam, as it comes, on letters that are augmented anew in each epoch."""

    def __init__(self, task: PeerTask) -> None:
        """Nothing is trained yet."""
        recipe = task.recipe
        self._classes = np.arange(task.classes)
        self._epochs = recipe.epochs
        self._batches = MiniBatches(recipe, task.sources())
        self._network = MLPClassifier(recipe.hidden_layers, batch_size=recipe.batch_size, random_state=recipe.seed)
        self.seconds = 0.0

    def run(self) -> None:
        """Train."""
        began = time.process_time()
        for epoch in range(self._epochs):
            self._network.partial_fit(*_joined(self._batches, epoch), classes=self._classes)
        self.seconds = time.process_time() - began

    def read(self, inputs: Floats) -> NDArray[np.integer]:
        """The letters (m,) that it reads in inputs (m, n_in)."""
        return np.asarray(self._network.predict(inputs))

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return sum(array.size for array in (*self._network.coefs_, *self._network.intercepts_))


class SupportVectorTraining:
    """A support-vector machine with Gaussian kernels."""

    def __init__(self, task: PeerTask) -> None:
        """Nothing is trained yet."""
        self._task = task
        self._batches = MiniBatches(task.recipe, task.sources())
        self._machine: Any = None
        self.seconds = 0.0

    def run(self) -> None:
        """Train one for each cost, and keep the one that reads most of the validation letters, data sets alike."""
        began = time.process_time()
        inputs, labels = _joined(self._batches, 0)
        machines = [SVC(C=cost).fit(inputs, labels) for cost in COSTS]
        self._machine = max(machines, key=self._validation_accuracy)
        self.seconds = time.process_time() - began

    def read(self, inputs: Floats) -> NDArray[np.integer]:
        """The letters (m,) that it reads in inputs (m, n_in)."""
        return np.asarray(self._machine.predict(inputs))

    @property
    def parameters(self) -> int:
        """Numbers that it keeps: support vectors, their weights, the constants."""
        machine = self._machine
        return int(machine.support_vectors_.size + machine.dual_coef_.size + machine.intercept_.size)

    def _validation_accuracy(self, machine: Any) -> float:
        scores = self._task.scores("validation", machine.predict)
        return sum(score["correct"] / score["images"] for score in scores.values())


def _joined(batches: MiniBatches, epoch: int) -> tuple[Floats, NDArray[np.intp]]:
    """All mini-batches of an epoch as one."""
    parts: Sequence[tuple[Floats, NDArray[np.intp]]] = list(batches.epoch(epoch))
    return np.concatenate([inputs for inputs, _ in parts]), np.concatenate([labels for _, labels in parts])
