"""How well a network reads: cost and accuracy of an epoch, and the full result of a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer.core.inputs import unit_floats
from recognizer.core.network import Network
from recognizer.core.precision import AnyNetwork
from training.core import activations, costs
from training.core.hyperparameters import Hyperparameters
from training.core.parameters import Array
from training.core.samples import Bytes, Labels, Samples, check_one

Indices = NDArray[np.intp]
DOUBLE = np.dtype(np.float64)
CHUNK = 2000
"""Samples that are read at once, so that memory stays small."""


@dataclass(frozen=True)
class ClassificationResult:
    """How a network classified one set of samples.

    Attributes:
        images: samples read.
        correct: samples whose most probable class was the right one.
        accuracy: correct / images.
        top5: share whose right class was among the five most probable.
        per_class: share read right of each class, NaN for a class without samples, (k,).
        confusion: samples of class i read as class j, (k, k).
    """

    images: int
    correct: int
    accuracy: float
    top5: float
    per_class: NDArray[np.float64]
    confusion: NDArray[np.int64]


def evaluate(network: AnyNetwork, inputs: Bytes, labels: Labels) -> ClassificationResult:
    """Classify every input and count; a tie goes to the class that comes first.

    Raises:
        SamplesError: inputs or labels that do not fit the network, or none.
    """
    samples = Samples(inputs, labels)
    classes = network.sizes[-1]
    check_one(samples, "evaluation", n_inputs=network.sizes[0], n_classes=classes)
    confusion = np.zeros((classes, classes), np.int64)
    among_five = 0
    for start in range(0, len(labels), CHUNK):
        truth = labels[start : start + CHUNK]
        _hidden, logits = network.read_layers(inputs[start : start + CHUNK])
        np.add.at(confusion, (truth, logits.argmax(axis=1)), 1)
        best = np.argsort(-logits, axis=1, kind="stable")[:, :5]
        among_five += int((best == truth[:, None]).any(axis=1).sum())
    return _result(confusion, among_five)


def _result(confusion: NDArray[np.int64], among_five: int) -> ClassificationResult:
    images, correct = int(confusion.sum()), int(np.trace(confusion))
    with np.errstate(invalid="ignore"):
        per_class = np.diag(confusion) / confusion.sum(axis=1)
    return ClassificationResult(images, correct, correct / images, among_five / images, per_class, confusion)


def cost_and_accuracy(network: Network, samples: Samples, hyperparameters: Hyperparameters) -> tuple[float, float]:
    """Mean cost of a sample, without L2 or smoothing, and the share read right."""
    tally = Tally(hyperparameters, network.sizes[-1], dtype=np.dtype(np.float32))
    for start in range(0, len(samples), CHUNK):
        z = np.ascontiguousarray(network.logits(unit_floats(samples.inputs[start : start + CHUNK])).T)
        activations.output(z, hyperparameters.output)
        tally.add(z, samples.labels[start : start + CHUNK])
    return tally.result()


class Tally:
    """Sums up cost and accuracy of outputs that come a mini-batch at a time.

    Outputs are only copied when they come, and added up many at a time: at 15 samples a step, adding up at each
    step would take longer than the smaller products.
    """

    def __init__(
        self,
        hyperparameters: Hyperparameters,
        classes: int,
        *,
        smoothing: float = 0.0,
        dtype: np.dtype[Any] = DOUBLE,
    ) -> None:
        self._costs = costs.SAMPLE_COSTS[hyperparameters.cost]
        self._targets = costs.targets(classes, smoothing, dtype)
        self._outputs = np.empty((classes, CHUNK), dtype)
        self._labels = np.empty(CHUNK, np.intp)
        self._held = 0
        self._cost = 0.0
        self._correct = 0
        self._samples = 0

    def add(self, outputs: Array, labels: Labels) -> None:
        """Outputs a^L (classes, m) of samples with these labels (m,)."""
        for start in range(0, len(labels), CHUNK):
            self._add(outputs[:, start : start + CHUNK], labels[start : start + CHUNK])

    def _add(self, outputs: Array, labels: Labels) -> None:
        if self._held + len(labels) > CHUNK:
            self._flush()
        places = slice(self._held, self._held + len(labels))
        self._outputs[:, places] = outputs
        self._labels[places] = labels
        self._held += len(labels)

    def _flush(self) -> None:
        """Add up the outputs that are held."""
        outputs, labels = self._outputs[:, : self._held], self._labels[: self._held]
        self._cost += float(self._costs(outputs, self._targets[:, labels]).sum(dtype=DOUBLE))
        self._correct += int((outputs.argmax(axis=0) == labels).sum())
        self._samples += self._held
        self._held = 0

    def result(self) -> tuple[float, float]:
        """Mean cost and share read right of all that was added."""
        self._flush()
        return self._cost / self._samples, self._correct / self._samples
