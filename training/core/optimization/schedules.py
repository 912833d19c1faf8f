"""The learning rate at each step, as a function of how far the training is."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from training.core.hyperparameters import Hyperparameters


class StepPosition(NamedTuple):
    """A training's position in its steps and epochs.

    Attributes:
        step: steps done.
        steps: steps of the whole training.
        epoch: epochs done.
        plateau_factor: product of the cuts that the schedule plateau has made.
    """

    step: int
    steps: int
    epoch: int
    plateau_factor: float = 1.0


Schedule = Callable[[Hyperparameters, StepPosition], float]


def _constant(hyperparameters: Hyperparameters, position: StepPosition) -> float:
    return 1.0


def _step(hyperparameters: Hyperparameters, position: StepPosition) -> float:
    return float(hyperparameters.step_factor ** (position.epoch // hyperparameters.step_epochs))


def _cosine(hyperparameters: Hyperparameters, position: StepPosition) -> float:
    """From 1 after the warm-up to 0 at the end (Loshchilov, Hutter 2017, (5), without restarts)."""
    warmup = min(hyperparameters.warmup_steps, position.steps - 1)
    done = max(0, position.step - warmup) / max(1, position.steps - warmup)
    return (1 + math.cos(math.pi * min(1.0, done))) / 2


def _plateau(hyperparameters: Hyperparameters, position: StepPosition) -> float:
    return position.plateau_factor


SCHEDULES: dict[str, Schedule] = {
    "constant": _constant,
    "step": _step,
    "cosine": _cosine,
    "plateau": _plateau,
}


def learning_rate(hyperparameters: Hyperparameters, position: StepPosition) -> float:
    """η of the next step: the schedule's, climbing in a straight line over the warm-up."""
    rate = hyperparameters.learning_rate * SCHEDULES[hyperparameters.schedule](hyperparameters, position)
    if position.step < hyperparameters.warmup_steps:
        rate *= (position.step + 1) / hyperparameters.warmup_steps
    return rate
