"""Small recipes, and the reference network that begins where a training does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.core.hyperparameters import Hyperparameters
from training.core.reference import Reference, Vector
from training.core.state import TrainingState


@dataclass
class ReferenceTraining:
    """The reference network with a recipe's learning rate and L2."""

    h: Hyperparameters
    network: Reference

    @classmethod
    def of(cls, state: TrainingState) -> ReferenceTraining:
        p, h = state.parameters(), state.hyperparameters
        weights, biases = [w.copy() for w in p.weights], [b.copy() for b in p.biases]
        kinds = {name: getattr(h, name) for name in ("activation", "output", "cost", "output_error")}
        return cls(h, Reference(weights, biases, **kinds))

    @property
    def weights(self) -> list[Vector]:
        return self.network.weights

    @property
    def biases(self) -> list[Vector]:
        return self.network.biases

    def update(self, inputs: Vector, targets: Vector, *, n: int) -> None:
        self.network.update(inputs, targets, learning_rate=self.h.learning_rate, l2=self.h.l2, n=n)

    def total_cost(self, inputs: Vector, targets: Vector, *, n: int) -> float:
        return self.network.total_cost(inputs, targets, l2=self.h.l2, n=n)


def recipe(**values: Any) -> Hyperparameters:
    """A small plain recipe: one hidden layer, no trick of any kind."""
    plain: dict[str, Any] = {
        "hidden_layers": (5,),
        "activation": "sigmoid",
        "initializer": "scaled-normal",
        "learning_rate": 0.5,
        "batch_size": 4,
        "epochs": 2,
        "ink_specification": "moments-1",
    }
    return Hyperparameters(**{**plain, **values})


def one_hot(labels: NDArray[np.integer[Any]], classes: int) -> Vector:
    """Target vectors, one a row."""
    return np.asarray(np.eye(classes)[labels])
