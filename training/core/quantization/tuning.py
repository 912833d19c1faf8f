"""Training a network in whole numbers: it learns with the very weights, sums and activations that it will have.

Quantisation-aware training with the straight-through estimator (Bengio, Léonard, Courville 2013; Jacob et al. 2018):
the pass forward rounds everything as `recognizer.core.precision` says, the pass backward acts as if nothing had been
rounded. Weights are held in the unit of their own levels, so that one learning rate suits all rows; scales, shifts and
tables stay those of the calibration. Targets are half the labels, half what the parent in floats says of the same input
(Hinton, Vinyals, Dean 2015).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.core.activations import softmax
from recognizer.core.ink import InkSpecification
from recognizer.core.network import Network
from recognizer.core.precision import INTEGER_BITS, IntegerLayer, IntegerNetwork
from recognizer.core.precision.integer import TOP
from recognizer.core.precision.levels import LARGEST, nearest
from training.core.first_layer.choice import make_first_layer
from training.core.hyperparameters import Hyperparameters
from training.core.optimization.optimizers import BETA1, BETA2, EPSILON
from training.core.samples import Samples, TrainingSet
from training.core.seeds import Purpose, generator

Floats = NDArray[np.float32]

RATES = {8: 0.03, 4: 0.008, 2: 0.015}
"""Learning rate of weights at the start, in levels a step, by their bits."""
BIAS_RATE = 1e-4
"""That of biases, in the range of an activation; of the last layer, in the range of its logits."""
LOGITS = 10.0
"""About the range of logits."""
TEACHING = 0.5
"""Share of the targets that the parent gives."""
OVERHANG = 1.0
"""How far beyond the last level a weight may wander."""


@dataclass(frozen=True)
class WholeBatch:
    """Inputs (m, n_in), whole numbers 0…255 as floats, and labels (m,)."""

    inputs: Floats
    labels: NDArray[np.intp]


class _Layer:
    """One layer: weights and biases that are learned, in their levels' and in the sums' unit, and Adam's memory."""

    def __init__(self, layer: IntegerLayer, *, bits: int, logit_scale: float | None) -> None:
        self.start = layer
        self.bits = bits
        self.is_last = logit_scale is not None
        self._range = TOP if logit_scale is None else LOGITS / logit_scale
        self.weights = layer.weights.astype(np.float32)
        self.biases = layer.sums_of_biases().astype(np.float32)
        self.factors = (layer.multipliers.astype(np.float64) * np.ldexp(1.0, -layer.shifts.astype(np.int64))).astype(
            np.float32
        )
        self.table = None if layer.table is None else layer.table.astype(np.float32)
        self.slopes = None if self.table is None else np.gradient(self.table).astype(np.float32)
        self._memory = [np.zeros_like(array) for array in (self.weights, self.weights, self.biases, self.biases)]
        self.inputs = self._levels = np.zeros((0, 0), np.float32)
        self._slope: Floats = np.zeros((0, 0), np.float32)

    def forward(self, a: Floats) -> Floats:
        """Activations 0…255 (m, n_out); of the last layer the logits, not rounded."""
        self.inputs, self._levels = a, nearest(self.weights.astype(np.float64), self.bits).astype(np.float32)
        unit = np.float32(1 << self.start.bias_shift)
        y = a @ self._levels.T
        y += np.rint(self.biases / unit) * unit
        y *= self.factors
        if self.is_last:
            self._slope = np.broadcast_to(self.factors, y.shape)
            return y
        chosen: Floats = np.clip(np.floor(y + np.float32(0.5)), 0, TOP).astype(np.float32)
        self._slope = ((y > 0) & (y < TOP)) * self.factors
        if self.table is None or self.slopes is None:
            return chosen
        places = chosen.astype(np.uint8)
        self._slope = self._slope * self.slopes.take(places)
        return np.asarray(self.table.take(places), np.float32)

    def backward(self, delta: Floats, rate: float, step: int) -> Floats:
        """The error of the layer below, (m, n_in); the layer takes a step of Adam."""
        delta = delta * self._slope
        below = delta @ self._levels
        self._adam(0, self.weights, delta.T @ self.inputs, rate * RATES[self.bits], step)
        self._adam(2, self.biases, delta.sum(axis=0), rate * BIAS_RATE * self._range / self.factors, step)
        most = LARGEST[self.bits] + OVERHANG
        np.clip(self.weights, -most, most, out=self.weights)
        return below

    def _adam(self, place: int, values: Floats, gradient: Floats, rate: float | Floats, step: int) -> None:
        first, second = self._memory[place : place + 2]
        first += (1 - BETA1) * (gradient - first)
        second += (1 - BETA2) * (gradient * gradient - second)
        correction = math.sqrt(1 - BETA2 ** (step + 1)) / (1 - BETA1 ** (step + 1))
        values -= rate * correction * first / (np.sqrt(second) + EPSILON)

    def whole(self) -> IntegerLayer:
        """The layer as it is now, in whole numbers."""
        biases = np.rint(self.biases / np.float32(1 << self.start.bias_shift))
        return dataclasses.replace(
            self.start,
            weights=nearest(self.weights.astype(np.float64), self.bits).astype(np.int8),
            biases=np.clip(biases, -32768, 32767).astype(np.int16),
        )


class Tuning:
    """The training of one network.

    Args:
        start: the network as the calibration made it.
        parent: the network in floats, which teaches.
        steps: how many there will be.
    """

    def __init__(self, start: IntegerNetwork, parent: Network, *, steps: int) -> None:
        self._start = start
        self._parent = parent
        bits, last = INTEGER_BITS[start.precision], len(start.layers) - 1
        self.layers = [
            _Layer(layer, bits=bits, logit_scale=start.logit_scale if index == last else None)
            for index, layer in enumerate(start.layers)
        ]
        self._steps = steps
        self._step = 0

    def logits(self, inputs: Floats) -> Floats:
        """Scores (m, classes) of inputs (m, n_in), as the network has them now; they alone are not rounded."""
        a = inputs
        for layer in self.layers:
            a = layer.forward(a)
        return a * np.float32(self._start.logit_scale)

    def step(self, batch: WholeBatch) -> float:
        """One step; the mean cost of the mini-batch before it."""
        p = softmax(self.logits(batch.inputs))
        rows = np.arange(len(p))
        cost = -float(np.log(np.maximum(p[rows, batch.labels], 1e-30)).mean())
        target = TEACHING * self._parent.probabilities(batch.inputs / np.float32(TOP))
        target[rows, batch.labels] += 1 - TEACHING
        delta = (p - target) * np.float32(self._start.logit_scale / len(p))
        rate = 0.5 + 0.5 * math.cos(math.pi * self._step / self._steps)
        for layer in reversed(self.layers):
            delta = layer.backward(delta, rate, self._step)
        self._step += 1
        return cost

    def network(self) -> IntegerNetwork:
        """The network as it is now. Raises NetworkError if its sums could overflow."""
        return dataclasses.replace(self._start, layers=tuple(layer.whole() for layer in self.layers))


class Batches:
    """The mini-batches of a network's training, changed at random as its recipe says.

    Args:
        hyperparameters: shares of the data sets, augmentation, size of a mini-batch and seed are used.
        training: pictures of each data set.
        ink: what makes inputs of them.
    """

    def __init__(self, hyperparameters: Hyperparameters, training: Sequence[Samples], ink: InkSpecification) -> None:
        asking = dataclasses.replace(hyperparameters, distillation=TEACHING)  # so that whole inputs are made
        self._seed = hyperparameters.seed
        self._size = hyperparameters.batch_size
        self._set = TrainingSet(list(training), asking)
        dtype = np.dtype(np.float32)
        self._first = make_first_layer(asking, self._set.inputs, ink=ink, neurons=1, dtype=dtype)
        self.steps = len(self._set) // self._size

    def epoch(self, number: int) -> Iterator[WholeBatch]:
        """The mini-batches of an epoch, in an order of its own; what is left over is not used."""
        order = self._set.order(generator(self._seed, Purpose.SHUFFLE, number), number)
        order = self._first.begin_epoch(generator(self._seed, Purpose.AUGMENTATION, number), order, self._size)
        labels = self._set.labels[order]
        for place in range(self.steps):
            start = place * self._size
            inputs = self._first.mini_batch(start, self._size).inputs()[:, : self._size].T
            yield WholeBatch(
                np.ascontiguousarray(inputs) * np.float32(self._first.unit * TOP), labels[start : start + self._size]
            )


def tune(
    start: IntegerNetwork, parent: Network, batches: Batches, *, epochs: int, check: Callable[[], None] = lambda: None
) -> Iterator[tuple[float, IntegerNetwork]]:
    """Train for some epochs; yields the mean cost of each, and the network after it, as it is packed.

    Args:
        start: the network as the calibration made it.
        parent: the network in floats that it was made from.
        batches: of its training.
        epochs: how many; the learning rate falls to 0 over them.
        check: called before each step; may raise.

    Raises:
        NetworkError: the sums could overflow.
    """
    tuning = Tuning(start, parent, steps=epochs * batches.steps)
    for number in range(epochs):
        costs = []
        for batch in batches.epoch(number):
            check()
            costs.append(tuning.step(batch))
        yield float(np.mean(costs)), tuning.network()
