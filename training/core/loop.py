"""The epochs of a training: mini-batch after mini-batch, on a working copy of its state."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from recognizer.core.ink import specification
from recognizer.core.network import Network
from training.core import distillation
from training.core.backpropagation import Backpropagation
from training.core.evaluation import Indices, Tally
from training.core.first_layer.choice import make_first_layer
from training.core.optimization import pruning
from training.core.optimization.averaging import Average
from training.core.optimization.optimizers import check_decay, optimizer_class
from training.core.optimization.schedules import StepPosition, learning_rate
from training.core.parameters import SMALLEST_SCALE, Array
from training.core.samples import TrainingSet
from training.core.seeds import Purpose, generator
from training.core.state import TrainingState

ShouldStop = Callable[[], bool]


class Loop:
    """The working copy of a state with every buffer that its epochs need.

    Raises:
        HyperparameterError, TeacherError: they do not fit the data or the state.
    """

    def __init__(self, state: TrainingState, data: TrainingSet, teachers: Sequence[Network] = ()) -> None:
        self.work = work = state.copy()
        self.data = data
        self.hyperparameters = hyperparameters = work.hyperparameters
        check_decay(hyperparameters, len(data.labels))
        dtype = work.arrays["parameters"].dtype
        ink = specification(hyperparameters.ink_specification)
        self.first_layer = make_first_layer(hyperparameters, data.inputs, ink=ink, neurons=work.sizes[1], dtype=dtype)
        work.arrays = self.first_layer.arranged(work.arrays)
        self.parameters = work.parameters(by_input=self.first_layer.by_input)
        self.optimizer = optimizer_class(hyperparameters)(
            hyperparameters, self.parameters, work.arrays, samples=len(data.labels)
        )
        self.average = Average(hyperparameters.ema, self.parameters, work.arrays)
        self.batch_size = min(hyperparameters.batch_size, len(data))
        self.steps = math.ceil(len(data) / self.batch_size) * hyperparameters.epochs
        self.pruning = pruning.start_pruning(work, self.parameters, steps=self.steps)
        self.teachers = distillation.prepare_teachers(teachers, work, unit=self.first_layer.unit)
        self._class_weights = _class_weights(data, work)
        self._passes: dict[int, Backpropagation] = {}

    def epoch(self, should_stop: ShouldStop) -> Tally | None:
        """One pass over the samples; None if it was stopped."""
        h, work = self.hyperparameters, self.work
        labels = self.data.labels[self._begin_epoch()]
        dropout = generator(h.seed, Purpose.DROPOUT, work.epoch) if h.dropout else None
        tally = Tally(h, work.n_classes, smoothing=h.label_smoothing, dtype=self.parameters.flat.dtype)
        for start in range(0, len(labels), self.batch_size):
            if should_stop():
                return None
            self._update(start, labels[start : start + self.batch_size], dropout, tally)
            work.step += 1
        self.parameters.apply_scale()
        work.epoch += 1
        return tally

    def result(self) -> TrainingState:
        """A copy of the state as it is now, with the inputs in their own order."""
        result = self.work.copy()
        result.arrays = self.first_layer.restored(result.arrays)
        return result

    def _begin_epoch(self) -> Indices:
        """The order of the epoch's samples, shuffled."""
        seed, epoch = self.hyperparameters.seed, self.work.epoch
        order = self.data.order(generator(seed, Purpose.SHUFFLE, epoch), epoch)
        return self.first_layer.begin_epoch(generator(seed, Purpose.AUGMENTATION, epoch), order, self.batch_size)

    def _update(self, start: int, labels: Indices, dropout: np.random.Generator | None, tally: Tally) -> None:
        """One step: forward, cost, backward, update, from the samples that begin at `start` of the epoch's order."""
        step, samples = self.work.step, len(labels)
        rate = learning_rate(self.hyperparameters, self._position())
        self.parameters.apply_scale(below=SMALLEST_SCALE)
        passes, inputs = self._passes_of(samples), self.first_layer.mini_batch(start, samples)
        tally.add(passes.forward(inputs, dropout), labels)
        soft_targets = self.teachers.soft_targets(inputs.inputs()) if self.teachers else None
        passes.backward(labels, self.optimizer.gradient_target(rate, samples), soft_targets)
        self.optimizer.apply(rate, step)
        if self.pruning:
            self.pruning.apply(step)
        self.average.update(step)

    def _position(self) -> StepPosition:
        return StepPosition(self.work.step, self.steps, self.work.epoch, self.work.plateau_factor)

    def _passes_of(self, samples: int) -> Backpropagation:
        """The buffers for mini-batches of this size: there are two sizes at most, the last one's being smaller."""
        if samples not in self._passes:
            self._passes[samples] = Backpropagation(
                self.parameters,
                self.hyperparameters,
                samples=samples,
                statistics=self.work.statistics(),
                class_weights=self._class_weights,
            )
        return self._passes[samples]


def _class_weights(data: TrainingSet, state: TrainingState) -> Array | None:
    """n / (k · samples of the class) for each class, or None for 1."""
    if state.hyperparameters.class_weights == "none":
        return None
    counts = np.bincount(data.labels, minlength=state.n_classes)
    return np.asarray(len(data.labels) / (state.n_classes * counts), state.arrays["parameters"].dtype)
