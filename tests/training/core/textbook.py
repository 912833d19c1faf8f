"""Plain versions of what training.core computes, for the tests to hold the fast ones against.

One sample at a time, float64, each line as its equation stands in the thesis or in a textbook.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.core.hyperparameters import Hyperparameters
from training.core.state import TrainingState

Vector = NDArray[np.floating[Any]]


def sigmoid(z: Vector) -> Vector:
    return 1 / (1 + np.exp(-z))  # (1.1)


def activation(kind: str, z: Vector) -> Vector:
    if kind == "gelu":  # Hendrycks, Gimpel 2016
        return np.asarray(0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))))
    return sigmoid(z) if kind == "sigmoid" else np.maximum(0, z)  # (1.1), (2.11)


def derivative(kind: str, z: Vector) -> Vector:
    if kind == "gelu":
        t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
        return np.asarray(0.5 * (1 + t) + 0.5 * z * (1 - t**2) * np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * z**2))
    return sigmoid(z) * (1 - sigmoid(z)) if kind == "sigmoid" else (z >= 0) * 1.0  # σ', (2.12)


def output(kind: str, z: Vector) -> Vector:
    return sigmoid(z) if kind == "sigmoid" else np.exp(z) / np.exp(z).sum()  # (1.1), (1.3)


def cost(kind: str, a: Vector, y: Vector) -> float:
    values = {
        "quadratic": ((y - a) ** 2).sum() / 2,  # (1.4)
        "cross-entropy": -(y * np.log(a)).sum(),
        "binary-cross-entropy": -(y * np.log(a) + (1 - y) * np.log(1 - a)).sum(),  # (1.22), (2.3)
    }
    return float(values[kind])


def cost_slope(kind: str, a: Vector, y: Vector) -> Vector:
    """∂C_x/∂a."""
    slopes = {"quadratic": a - y, "cross-entropy": -y / a, "binary-cross-entropy": (a - y) / (a * (1 - a))}
    return slopes[kind]


def output_slope(kind: str, a: Vector) -> Vector:
    """The matrix ∂a_j/∂z_i: diagonal for sigmoid, full for softmax."""
    return np.diag(a * (1 - a)) if kind == "sigmoid" else np.diag(a) - np.outer(a, a)


@dataclass
class Textbook:
    """The network and its update, in the twenty lines of `outputs` and `gradients`."""

    h: Hyperparameters
    weights: list[Vector]
    biases: list[Vector]

    @classmethod
    def of(cls, state: TrainingState) -> Textbook:
        p = state.parameters()
        return cls(state.hyperparameters, [w.copy() for w in p.weights], [b.copy() for b in p.biases])

    def outputs(self, x: Vector) -> Vector:
        a = x
        for w, b in zip(self.weights[:-1], self.biases[:-1], strict=True):
            a = activation(self.h.activation, w @ a + b)
        return output(self.h.output, self.weights[-1] @ a + self.biases[-1])

    def gradients(self, x: Vector, y: Vector) -> tuple[list[Vector], list[Vector]]:
        activations, zs = [x], []
        for w, b in zip(self.weights, self.biases, strict=True):
            zs.append(w @ activations[-1] + b)
            activations.append(activation(self.h.activation, zs[-1]))
        a = output(self.h.output, zs[-1])
        delta = output_slope(self.h.output, a) @ cost_slope(self.h.cost, a, y)  # (1.16)
        by_w: list[Vector] = [np.outer(delta, activations[-2])]  # (1.21)
        by_b: list[Vector] = [delta]  # (1.20)
        for layer in range(2, len(self.weights) + 1):
            delta = (self.weights[-layer + 1].T @ delta) * derivative(self.h.activation, zs[-layer])  # (1.19)
            by_w.insert(0, np.outer(delta, activations[-layer - 1]))
            by_b.insert(0, delta)
        return by_w, by_b

    def update(self, inputs: Vector, targets: Vector, *, n: int) -> None:
        """(2.9), (2.10) from the mini-batch inputs (m, n_in), targets (m, k)."""
        m, rate = len(inputs), self.h.learning_rate
        gradients = [self.gradients(x, y) for x, y in zip(inputs, targets, strict=True)]
        for layer in range(len(self.weights)):
            self.weights[layer] *= 1 - rate * self.h.l2 / n
            self.weights[layer] -= rate / m * np.sum([g[0][layer] for g in gradients], axis=0)
            self.biases[layer] -= rate / m * np.sum([g[1][layer] for g in gradients], axis=0)

    def total_cost(self, inputs: Vector, targets: Vector, *, n: int) -> float:
        """(2.4): C0 + λ/2n Σ w²."""
        costs = [cost(self.h.cost, self.outputs(x), y) for x, y in zip(inputs, targets, strict=True)]
        return float(np.mean(costs)) + self.h.l2 / (2 * n) * sum(float((w**2).sum()) for w in self.weights)


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
