"""The learning rate at each step, as a function of how far the training is."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from training.core.hyperparameters import Hyperparameters


class Progress(NamedTuple):
    """How far a training is.

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


Schedule = Callable[[Hyperparameters, Progress], float]


def _constant(hyperparameters: Hyperparameters, progress: Progress) -> float:
    return 1.0


def _step(hyperparameters: Hyperparameters, progress: Progress) -> float:
    return float(hyperparameters.step_factor ** (progress.epoch // hyperparameters.step_epochs))


def _cosine(hyperparameters: Hyperparameters, progress: Progress) -> float:
    """From 1 after the warm-up to 0 at the end (Loshchilov, Hutter 2017, (5), without restarts)."""
    warmup = min(hyperparameters.warmup_steps, progress.steps - 1)
    done = max(0, progress.step - warmup) / max(1, progress.steps - warmup)
    return (1 + math.cos(math.pi * min(1.0, done))) / 2


def _plateau(hyperparameters: Hyperparameters, progress: Progress) -> float:
    return progress.plateau_factor


SCHEDULES: dict[str, Schedule] = {
    "constant": _constant,
    "step": _step,
    "cosine": _cosine,
    "plateau": _plateau,
}


def learning_rate(hyperparameters: Hyperparameters, progress: Progress) -> float:
    """η of the next step: the schedule's, climbing in a straight line over the warm-up."""
    rate = hyperparameters.learning_rate * SCHEDULES[hyperparameters.schedule](hyperparameters, progress)
    if progress.step < hyperparameters.warmup_steps:
        rate *= (progress.step + 1) / hyperparameters.warmup_steps
    return rate
