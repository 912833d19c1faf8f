"""The training loop: a generator that yields one `EpochMetrics` an epoch and knows no database."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from recognizer.core.ink import specification
from recognizer.core.network import Network
from training.core import distillation, evaluation, pruning
from training.core.arrangement import Arrangement
from training.core.augmentation import make_inputs
from training.core.averaging import Average
from training.core.backpropagation import Backpropagation
from training.core.distillation import TeacherError
from training.core.evaluation import Indices, Tally
from training.core.hyperparameters import HyperparameterError, Hyperparameters
from training.core.optimizers import optimizer_class
from training.core.parameters import SMALLEST_SCALE, Array
from training.core.samples import Samples, SamplesError, TrainingSet, check
from training.core.schedules import Progress, learning_rate
from training.core.seeds import Purpose, generator
from training.core.staircase import Stairs
from training.core.state import TrainingState

__all__ = [
    "DivergedError",
    "EpochMetrics",
    "HyperparameterError",
    "Hyperparameters",
    "Samples",
    "SamplesError",
    "TeacherError",
    "TrainingState",
    "train",
]

ShouldStop = Callable[[], bool]


@dataclass(frozen=True)
class EpochMetrics:
    """What one epoch came to.

    Costs are means over samples without the L2 term. The training figures are taken on the way, on
    augmented samples and with weights that still change, so they lag behind the validation figures.

    Attributes:
        epoch: epochs done, 1 after the first.
        train_cost, validation_cost: mean cost of a sample.
        train_accuracy, validation_accuracy: share read right, 0…1.
        seconds: time of the epoch, validation included.
    """

    epoch: int
    train_cost: float
    train_accuracy: float
    validation_cost: float
    validation_accuracy: float
    seconds: float


class DivergedError(ArithmeticError):
    """A cost that is no longer finite. The state is still that of the last good epoch."""

    def __init__(self, epoch: int, likely_cause: str) -> None:
        super().__init__(f"The cost stopped being finite in epoch {epoch}. Likely cause: {likely_cause}")
        self.epoch = epoch
        self.likely_cause = likely_cause


def train(
    state: TrainingState,
    training: Samples | Sequence[Samples],
    validation: Samples,
    *,
    teachers: Sequence[Network] = (),
    should_stop: ShouldStop | None = None,
) -> Iterator[EpochMetrics]:
    """Train until the epochs are done, early stopping ends it, or `should_stop` says so.

    `state` moves on only at the end of an epoch. `should_stop` is asked between mini-batches, and a stop
    throws the begun epoch away; going on from the state then gives the same bits as never having stopped.
    With distillation the `teachers` give part of the targets; a begun training goes on with the same ones.

    Raises:
        SamplesError, HyperparameterError, TeacherError: before any work, if data or teachers do not fit.
        DivergedError: a cost was not finite.
    """
    sources = [training] if isinstance(training, Samples) else list(training)
    check(sources, validation, n_inputs=state.n_inputs, n_classes=state.n_classes)
    loop = Loop(state, TrainingSet(sources, state.hyperparameters), teachers)
    while not state.finished:
        began = time.perf_counter()
        with np.errstate(all="ignore"):  # overflow ends as DivergedError, with its reason
            tally = loop.epoch(should_stop or _never)
            if tally is None:
                return
            metrics = _validated(loop.result(), tally, validation, began)
        _raise_if_diverged(metrics, state.hyperparameters)
        loop.work.record(metrics.validation_accuracy)
        state.become(loop.result())
        yield metrics


def _never() -> bool:
    return False


class Loop:
    """The working copy of a state with every buffer that its epochs need."""

    def __init__(self, state: TrainingState, data: TrainingSet, teachers: Sequence[Network] = ()) -> None:
        self.work = work = state.copy()
        self.data = data
        self.hyperparameters = hyperparameters = work.hyperparameters
        self.inputs = make_inputs(
            hyperparameters,
            data.inputs,
            paper=specification(hyperparameters.ink_specification).paper,
            neurons=work.sizes[1],
            dtype=work.arrays["parameters"].dtype,
        )
        self.arrangement = Arrangement.of(self.inputs.pixels, work)
        work.arrays = self.arrangement.arranged(work.arrays)
        self.parameters = work.parameters(by_input=self.inputs.pixels is not None)
        self.statistics = work.statistics()
        self.optimizer = optimizer_class(hyperparameters)(
            hyperparameters, self.parameters, work.arrays, samples=len(data.labels)
        )
        self.average = Average(hyperparameters.ema, self.parameters, work.arrays)
        self.batch = min(hyperparameters.batch_size, len(data))
        self.steps = math.ceil(len(data) / self.batch) * hyperparameters.epochs
        self.pruning = pruning.begun(work, self.parameters, steps=self.steps)
        self.teachers = distillation.invited(teachers, work, unit=self.inputs.unit)
        self.class_weights = _class_weights(data, work)
        self.passes: dict[int, Backpropagation] = {}
        _check_shrinking(hyperparameters, len(data.labels))

    def epoch(self, should_stop: ShouldStop) -> Tally | None:
        """One pass over the samples; None if it was stopped."""
        h, work = self.hyperparameters, self.work
        order = self.data.order(generator(h.seed, Purpose.SHUFFLE, work.epoch), work.epoch)
        order = self.inputs.begin_epoch(generator(h.seed, Purpose.AUGMENTATION, work.epoch), order, self.batch)
        labels = self.data.labels[order]
        dropout = generator(h.seed, Purpose.DROPOUT, work.epoch) if h.dropout else None
        tally = Tally(h, work.n_classes, smoothing=h.label_smoothing, dtype=self.parameters.flat.dtype)
        for start in range(0, len(order), self.batch):
            if should_stop():
                return None
            progress = Progress(work.step, self.steps, work.epoch, work.plateau_factor)
            self._step(start, labels[start : start + self.batch], learning_rate(h, progress), dropout, tally)
            work.step += 1
        self.parameters.settle()
        work.epoch += 1
        return tally

    def result(self) -> TrainingState:
        """A copy of the state as it is now, with the inputs in their own order."""
        result = self.work.copy()
        result.arrays = self.arrangement.restored(result.arrays)
        return result

    def _step(
        self, start: int, labels: Indices, rate: float, dropout: np.random.Generator | None, tally: Tally
    ) -> None:
        """One update from the samples that stand in the epoch's order from `start`, which have these labels."""
        self.parameters.settle(below=SMALLEST_SCALE)
        samples = len(labels)
        passes = self._passes(samples)
        inputs = self.inputs.take(start, samples)
        tally.add(passes.forward(inputs, dropout), labels)
        taught = None if self.teachers is None or isinstance(inputs, Stairs) else self.teachers.targets(inputs)
        passes.backward(labels, self.optimizer.landing(rate, samples), taught)
        self.optimizer.apply(rate, self.work.step)
        if self.pruning:
            self.pruning.apply(self.work.step)
        self.average.update(self.work.step)

    def _passes(self, samples: int) -> Backpropagation:
        """The buffers for mini-batches of this size: there are two sizes at most, the last one's too."""
        if samples not in self.passes:
            self.passes[samples] = Backpropagation(
                self.parameters,
                self.hyperparameters,
                samples=samples,
                unit=self.inputs.unit,
                statistics=self.statistics,
                class_weights=self.class_weights,
            )
        return self.passes[samples]


def _class_weights(data: TrainingSet, state: TrainingState) -> Array | None:
    """n / (k · samples of the class) for each class, or None for 1."""
    if state.hyperparameters.class_weights == "none":
        return None
    counts = np.bincount(data.labels, minlength=state.n_classes)
    return np.asarray(len(data.labels) / (state.n_classes * counts), state.arrays["parameters"].dtype)


def _check_shrinking(hyperparameters: Hyperparameters, samples: int) -> None:
    """ηλ/n and the like must leave something of the weights: (2.9) has 1 − ηλ/n."""
    lost = hyperparameters.learning_rate * (hyperparameters.l2 / samples + hyperparameters.weight_decay)
    if lost >= 1:
        field = "l2" if hyperparameters.l2 > hyperparameters.weight_decay else "weight_decay"
        raise HyperparameterError(
            field, f"times the learning rate leaves nothing of the weights in one step ({samples} samples)."
        )


def _validated(state: TrainingState, tally: Tally, validation: Samples, began: float) -> EpochMetrics:
    train_cost, train_accuracy = tally.result()
    cost, accuracy = evaluation.cost_and_accuracy(state.latest_network(), validation, state.hyperparameters)
    return EpochMetrics(state.epoch, train_cost, train_accuracy, cost, accuracy, time.perf_counter() - began)


def _raise_if_diverged(metrics: EpochMetrics, hyperparameters: Hyperparameters) -> None:
    if math.isfinite(metrics.train_cost) and math.isfinite(metrics.validation_cost):
        return
    rate = hyperparameters.learning_rate
    if hyperparameters.initializer == "normal" and hyperparameters.activation == "relu":
        cause = "weights from N(0, 1) are too large for ReLU; choose he or scaled-normal."
    else:
        cause = f"the learning rate {rate:g} is too high; try {rate / 3:.2g}, or gradient clipping."
    raise DivergedError(metrics.epoch, cause)
