"""Costs and the error of the output layer, δ^L = ∂C_x/∂z^L (1.16), each exact for its output.

Arrays are feature-major: a and y are (classes, samples). y is one-hot, or smoothed.

The thesis's elementwise (1.17), ∂C/∂a σ'(z), holds for sigmoid outputs. Softmax is not elementwise:
its δ needs all outputs, δ_i = a_i (g_i − Σ_j g_j a_j) with g = ∂C_x/∂a. Where (1.17) is asked for with
softmax outputs, as the thesis gives it, they are treated as sigmoid outputs are (`output_error`).
docs/training.md says how the two readings of cross-entropy differ.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from training.core.parameters import Array

SampleCosts = Callable[[Array, Array], Array]
OutputError = Callable[[Array, Array, Array], None]


def quadratic(a: Array, y: Array) -> Array:
    """(1.4) for each sample: ‖y − a‖² / 2, shape (samples,)."""
    difference = a - y
    return np.asarray(np.einsum("ij,ij->j", difference, difference) / 2)


def cross_entropy(a: Array, y: Array) -> Array:
    """−Σ_j y_j ln a_j for each sample: minus the logarithm of the right letter's probability."""
    return -np.asarray(np.einsum("ij,ij->j", y, np.log(_above_zero(a))))


def binary_cross_entropy(a: Array, y: Array) -> Array:
    """(1.22) for each sample, summed over the outputs as in (2.3), whose penalty the optimizers see to."""
    terms = y * np.log(_above_zero(a)) + (1 - y) * np.log(_above_zero(1 - a))
    return -np.asarray(terms.sum(axis=0))


def _above_zero(a: Array) -> Array:
    """a, raised to the smallest normal number, so that a probability of 0 has a finite logarithm."""
    return np.maximum(a, np.finfo(a.dtype).tiny)


def _difference(a: Array, y: Array, delta: Array) -> None:
    """δ = a − y, (1.25) and (1.26): cross-entropy with softmax, and (1.22) with sigmoid outputs.

    The thesis gets there over (1.23) and (1.24), where σ'(z) cancels.
    """
    np.subtract(a, y, out=delta)


def _quadratic_sigmoid(a: Array, y: Array, delta: Array) -> None:
    """(1.17), (1.18): δ = (a − y) ⊙ σ'(z), with σ'(z) = a(1 − a). For one neuron these are (2.1), (2.2)."""
    np.subtract(a, y, out=delta)
    delta *= a
    delta *= 1 - a


def _quadratic_softmax(a: Array, y: Array, delta: Array) -> None:
    """δ_i = a_i (g_i − Σ_j g_j a_j), g = a − y."""
    np.subtract(a, y, out=delta)
    delta *= a
    delta -= a * delta.sum(axis=0)


def _binary_softmax(a: Array, y: Array, delta: Array) -> None:
    """The same with g = (a − y) / (a(1 − a)), written so that a = 0 needs no division by it."""
    np.subtract(a, y, out=delta)
    delta /= _above_zero(1 - a)
    delta -= a * delta.sum(axis=0)


SAMPLE_COSTS: dict[str, SampleCosts] = {
    "quadratic": quadratic,
    "cross-entropy": cross_entropy,
    "binary-cross-entropy": binary_cross_entropy,
}

OUTPUT_ERRORS: dict[tuple[str, str], OutputError] = {
    ("cross-entropy", "softmax"): _difference,
    ("binary-cross-entropy", "sigmoid"): _difference,
    ("binary-cross-entropy", "softmax"): _binary_softmax,
    ("quadratic", "sigmoid"): _quadratic_sigmoid,
    ("quadratic", "softmax"): _quadratic_softmax,
}


def output_error(cost: str, output: str, kind: str) -> OutputError:
    """What computes δ^L: `exact` for this output, or `elementwise`, (1.17) whatever the output is."""
    return OUTPUT_ERRORS[cost, "sigmoid" if kind == "elementwise" else output]


def targets(classes: int, smoothing: float, dtype: np.dtype[np.floating]) -> Array:
    """The target vectors as columns: y of label j is column j of (classes, classes).

    Smoothing ε gives the right letter 1 − ε + ε/k and every other ε/k.
    """
    table = np.full((classes, classes), smoothing / classes, dtype)
    table[np.diag_indices(classes)] += 1 - smoothing
    return table
