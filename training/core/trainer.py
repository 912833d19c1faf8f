"""The training loop: a generator that yields one `EpochMetrics` an epoch and knows no database."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from recognizer.core.ink import specification
from recognizer.core.messages import message as _
from recognizer.core.network import Network
from training.core import evaluation
from training.core.distillation import TeacherError
from training.core.evaluation import Tally
from training.core.hyperparameters import HyperparameterError, Hyperparameters
from training.core.loop import Loop, ShouldStop
from training.core.samples import Samples, SamplesError, TrainingSet, check
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


@dataclass(frozen=True)
class EpochMetrics:
    """The results of one epoch.

    Costs are means over samples without the L2 term. The training figures are taken during the epoch,
    on augmented samples and with weights that still change, so they lag behind the validation figures.

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
        super().__init__(
            _("The cost was no longer a finite number in epoch %(epoch)d. Likely cause: %(cause)s")
            % {"epoch": epoch, "cause": likely_cause}
        )
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

    `state` advances only at the end of an epoch. `should_stop` is called between mini-batches, and a stop
    discards the unfinished epoch; resuming from the state gives the same bits as never having stopped.
    `training` holds the pictures that the ink specification makes inputs of, `validation` inputs.
    With distillation the `teachers` give part of the targets; a training resumes with the same ones.

    Raises:
        SamplesError, HyperparameterError, TeacherError: before any work, if data or teachers do not fit.
        DivergedError: a cost was not finite.
    """
    sources = [training] if isinstance(training, Samples) else list(training)
    check(sources, validation, n_pixels=_pixels(state), n_inputs=state.n_inputs, n_classes=state.n_classes)
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


def _pixels(state: TrainingState) -> int:
    """How many values a training sample has: those of a picture, where the ink specification makes inputs of it."""
    ink = specification(state.hyperparameters.ink_specification)
    return state.n_inputs if ink.pictures is ink else ink.pictures.length


def _never() -> bool:
    return False


def _validated(state: TrainingState, tally: Tally, validation: Samples, began: float) -> EpochMetrics:
    train_cost, train_accuracy = tally.result()
    cost, accuracy = evaluation.cost_and_accuracy(state.latest_network(), validation, state.hyperparameters)
    return EpochMetrics(state.epoch, train_cost, train_accuracy, cost, accuracy, time.perf_counter() - began)


def _raise_if_diverged(metrics: EpochMetrics, hyperparameters: Hyperparameters) -> None:
    if math.isfinite(metrics.train_cost) and math.isfinite(metrics.validation_cost):
        return
    rate = hyperparameters.learning_rate
    if hyperparameters.initializer == "normal" and hyperparameters.activation == "relu":
        cause = _("weights from N(0, 1) are too large for ReLU; choose he or scaled-normal.")
    else:
        words = {"rate": f"{rate:g}", "lower": f"{rate / 3:.2g}"}
        cause = _("the learning rate %(rate)s is too high; try %(lower)s, or gradient clipping.") % words
    raise DivergedError(metrics.epoch, cause)
