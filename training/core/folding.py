"""Inversion of the inputs, folded into a layer that reads them."""

from __future__ import annotations

from training.core.parameters import Array


def folded_inversion(weights: Array, biases: Array) -> tuple[Array, Array]:
    """Weights and biases that make of x what these make of 1 − x: w (1 − x) + b = −w x + (b + Σ w)."""
    return -weights, biases + weights.sum(axis=1)
