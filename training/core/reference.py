"""The whole of the mathematics in plain lines, one sample at a time: read this first.

A network is two lists, weights W^l (n_out, n_in) and biases b^l (n_out,). `Reference.outputs` is the forward pass,
`Reference.gradients` backpropagation, `Reference.update` gradient descent on a mini-batch. Nothing is made fast;
the rest of `training.core` computes the same for whole mini-batches, and the tests hold it to this page:

    network = Reference(weights, biases, activation="relu")
    network.update(inputs, targets, learning_rate=0.1, l2=5.0, n=len(training_set))

Equations are numbered as in the thesis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.floating[Any]]


def sigmoid(z: Vector) -> Vector:
    """σ(z) = 1 / (1 + e⁻ᶻ), (1.1)."""
    return 1 / (1 + np.exp(-z))


def activation(kind: str, z: Vector) -> Vector:
    """What a hidden neuron makes of its weighted sum: σ (1.1), ReLU (2.11), or GELU (Hendrycks, Gimpel 2016)."""
    if kind == "gelu":
        return np.asarray(0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))))
    return sigmoid(z) if kind == "sigmoid" else np.maximum(0, z)


def derivative(kind: str, z: Vector) -> Vector:
    """Its slope: σ'(z) = σ(z)(1 − σ(z)), or for ReLU (2.12), which is 1 at 0."""
    if kind == "gelu":
        t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
        return np.asarray(0.5 * (1 + t) + 0.5 * z * (1 - t**2) * np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * z**2))
    return sigmoid(z) * (1 - sigmoid(z)) if kind == "sigmoid" else (z >= 0) * 1.0


def output(kind: str, z: Vector) -> Vector:
    """The outputs a^L from the last weighted sums: σ of each (1.1), or softmax over all (1.3)."""
    return sigmoid(z) if kind == "sigmoid" else np.exp(z) / np.exp(z).sum()


def output_slope(kind: str, a: Vector) -> Vector:
    """The matrix ∂a_j/∂z_i of the outputs: diagonal for sigmoid, full for softmax."""
    return np.diag(a * (1 - a)) if kind == "sigmoid" else np.diag(a) - np.outer(a, a)


def cost(kind: str, a: Vector, y: Vector) -> float:
    """C_x of one sample: quadratic (1.4), −ln of the right class, or binary cross-entropy (1.22) summed as in (2.3)."""
    values = {
        "quadratic": ((y - a) ** 2).sum() / 2,
        "cross-entropy": -(y * np.log(a)).sum(),
        "binary-cross-entropy": -(y * np.log(a) + (1 - y) * np.log(1 - a)).sum(),
    }
    return float(values[kind])


def cost_slope(kind: str, a: Vector, y: Vector) -> Vector:
    """∂C_x/∂a."""
    slopes = {"quadratic": a - y, "cross-entropy": -y / a, "binary-cross-entropy": (a - y) / (a * (1 - a))}
    return slopes[kind]


@dataclass
class Reference:
    """A fully connected network and its update.

    Attributes:
        weights, biases: layer by layer; changed by `update`.
        activation: of hidden layers: sigmoid, relu or gelu.
        output: of the last layer: softmax or sigmoid.
        cost: quadratic, cross-entropy or binary-cross-entropy.
        output_error: exact, or elementwise: (1.17) as the thesis gives it, with softmax outputs too.
    """

    weights: list[Vector]
    biases: list[Vector]
    activation: str = "sigmoid"
    output: str = "softmax"
    cost: str = "cross-entropy"
    output_error: str = "exact"

    def outputs(self, x: Vector) -> Vector:
        """a^L (classes,) of one input x (n_in,): layer by layer (1.2), a = activation(W a + b)."""
        a = x
        for w, b in zip(self.weights[:-1], self.biases[:-1], strict=True):
            a = activation(self.activation, w @ a + b)  # (1.2)
        return output(self.output, self.weights[-1] @ a + self.biases[-1])

    def gradients(self, x: Vector, y: Vector) -> tuple[list[Vector], list[Vector]]:
        """∂C_x/∂W^l and ∂C_x/∂b^l of one sample with target y (classes,), by backpropagation."""
        activations, zs = [x], []
        for w, b in zip(self.weights, self.biases, strict=True):
            zs.append(w @ activations[-1] + b)
            activations.append(activation(self.activation, zs[-1]))  # (1.2)
        a = output(self.output, zs[-1])
        if self.output_error == "elementwise":
            delta = cost_slope(self.cost, a, y) * a * (1 - a)  # (1.17)
        else:
            delta = output_slope(self.output, a) @ cost_slope(self.cost, a, y)  # (1.16)
        by_w: list[Vector] = [np.outer(delta, activations[-2])]  # (1.21)
        by_b: list[Vector] = [delta]  # (1.20)
        for layer in range(2, len(self.weights) + 1):
            delta = (self.weights[-layer + 1].T @ delta) * derivative(self.activation, zs[-layer])  # (1.19)
            by_w.insert(0, np.outer(delta, activations[-layer - 1]))  # (1.21)
            by_b.insert(0, delta)  # (1.20)
        return by_w, by_b

    def update(self, inputs: Vector, targets: Vector, *, learning_rate: float, l2: float, n: int) -> None:
        """One step of gradient descent on a mini-batch: inputs (m, n_in), targets (m, classes).

        w → (1 − ηλ/n) w − η/m Σ ∂C_x/∂w (2.9), b → b − η/m Σ ∂C_x/∂b (2.10), n being the size of the training set.
        """
        rate = learning_rate / len(inputs)
        gradients = [self.gradients(x, y) for x, y in zip(inputs, targets, strict=True)]
        for layer in range(len(self.weights)):
            self.weights[layer] *= 1 - learning_rate * l2 / n
            self.weights[layer] -= rate * np.sum([by_w[layer] for by_w, _ in gradients], axis=0)  # (2.9)
            self.biases[layer] -= rate * np.sum([by_b[layer] for _, by_b in gradients], axis=0)  # (2.10)

    def total_cost(self, inputs: Vector, targets: Vector, *, l2: float, n: int) -> float:
        """(2.4): the mean cost C_0 plus the penalty λ/2n Σ w²."""
        costs = [cost(self.cost, self.outputs(x), y) for x, y in zip(inputs, targets, strict=True)]
        return float(np.mean(costs)) + l2 / (2 * n) * sum(float((w**2).sum()) for w in self.weights)
