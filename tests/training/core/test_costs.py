"""Costs, activations and initial values against their formulas."""

from __future__ import annotations

import numpy as np
import pytest

from training.core import activations, costs, reference
from training.core.initializers import BIASES, WEIGHTS, initialize
from training.core.parameters import Parameters


@pytest.mark.parametrize("kind", costs.SAMPLE_COSTS)
def test_costs_are_the_references(kind: str) -> None:
    rng = np.random.default_rng(0)
    a, y = rng.dirichlet(np.ones(4), size=6).T, np.eye(4)[:, [0, 1, 2, 3, 0, 1]]
    expected = [reference.cost(kind, a[:, i], y[:, i]) for i in range(6)]
    np.testing.assert_allclose(costs.SAMPLE_COSTS[kind](a, y), expected, rtol=1e-12)


@pytest.mark.parametrize("kind", costs.SAMPLE_COSTS)
def test_sure_and_wrong_is_dear_but_finite(kind: str) -> None:
    a, y = np.array([[1.0], [0.0]], np.float32), np.array([[0.0], [1.0]], np.float32)
    assert np.isfinite(costs.SAMPLE_COSTS[kind](a, y)).all()
    np.testing.assert_allclose(costs.SAMPLE_COSTS[kind](y, y), 0, atol=1e-6)


def test_logarithms_cancel_the_slope_of_the_sigmoid() -> None:
    """(1.23), (1.24) are (1.25): (y/σ − (1 − y)/(1 − σ)) σ' x = x (y − σ)."""
    z, y, x = np.linspace(-3, 3, 7), np.array([0, 1, 0, 1, 0, 1, 0]), 0.7
    s = reference.sigmoid(z)
    slope = s * (1 - s)
    by_1_23 = -(y / s - (1 - y) / (1 - s)) * slope * x
    by_1_24 = slope * x / (s * (1 - s)) * (s - y)
    by_1_25 = np.empty((1, 7))
    costs.OUTPUT_ERRORS["binary-cross-entropy", "sigmoid"](s[None], y[None], by_1_25)
    np.testing.assert_allclose(by_1_23, by_1_24, rtol=1e-12)
    np.testing.assert_allclose(by_1_24, by_1_25[0] * x, rtol=1e-12)


def test_one_neuron_of_the_quadratic_cost_learns_slowly_when_sure() -> None:
    """(2.1), (2.2) for x = 1, y = 0: ∂C/∂w = ∂C/∂b = a σ'(z), nearly 0 at z = 5."""
    z = np.array([[0.6, 5.0]])
    a = reference.sigmoid(z)
    delta = np.empty_like(a)
    costs.OUTPUT_ERRORS["quadratic", "sigmoid"](a, np.zeros_like(a), delta)
    np.testing.assert_allclose(delta, a * a * (1 - a), rtol=1e-12)
    assert delta[0, 1] < 0.007


def test_two_readings_of_cross_entropy_differ_with_softmax() -> None:
    """a − y is the error of −ln a_y; that of (1.22) over softmax outputs is another."""
    a, y = np.array([[0.5], [0.3], [0.2]]), np.array([[1.0], [0.0], [0.0]])
    plain, binary = np.empty_like(a), np.empty_like(a)
    costs.OUTPUT_ERRORS["cross-entropy", "softmax"](a, y, plain)
    costs.OUTPUT_ERRORS["binary-cross-entropy", "softmax"](a, y, binary)
    np.testing.assert_allclose(plain, a - y)
    assert np.abs(plain - binary).max() > 0.1


def test_smoothed_targets() -> None:
    table = costs.targets(4, 0.2, np.dtype(np.float64))
    np.testing.assert_allclose(np.diag(table), 0.85)
    np.testing.assert_allclose(table.sum(axis=0), 1)
    np.testing.assert_array_equal(costs.targets(3, 0, np.dtype(np.float32)), np.eye(3))


@pytest.mark.parametrize("kind", activations.HIDDEN)
def test_activations_in_place(kind: str) -> None:
    z = np.array([[-9.0, -2.0, 0.0, 3.0, 9.0]])
    a, slope = z.copy(), np.empty_like(z)
    activations.HIDDEN[kind](a, slope)
    np.testing.assert_allclose(a, reference.activation(kind, z), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(slope, reference.derivative(kind, z), rtol=1e-12, atol=1e-15)


def test_softmax_of_large_scores() -> None:
    z = np.array([[1000.0, -1000.0], [999.0, -1000.0]])
    activations.softmax(z)
    np.testing.assert_allclose(z, [[0.73105858, 0.5], [0.26894142, 0.5]], rtol=1e-6)


@pytest.mark.parametrize(
    ("name", "deviation"), [("normal", 1), ("scaled-normal", 1 / 20), ("he", 0.0707107), ("glorot", 2**-4)]
)
def test_spread_of_initial_weights(name: str, deviation: float) -> None:
    parameters = Parameters((400, 112, 2), np.empty(Parameters.count((400, 112, 2), gains=True)), gains=True)
    initialize(parameters, name, np.random.default_rng(0))
    assert parameters.weights[0].std() == pytest.approx(deviation, rel=0.02)
    assert WEIGHTS[name](400, 112) == pytest.approx(deviation, rel=1e-5)
    assert parameters.biases[0].std() == pytest.approx(BIASES[name], rel=0.3)
    assert (parameters.gains[0] == 1).all()


@pytest.mark.parametrize(("name", "expected"), [("normal", 501**0.5), ("scaled-normal", 1.5**0.5)])
def test_spread_of_the_weighted_sum_is_the_thesiss(name: str, expected: float) -> None:
    """Figures 33, 34: z of 1,000 inputs, half of them 1, has deviation √501 or √(3/2)."""
    sizes = (1000, 4000)
    parameters = Parameters(sizes, np.empty(Parameters.count(sizes)))
    initialize(parameters, name, np.random.default_rng(0))
    z = parameters.weights[0][:, :500].sum(axis=1) + parameters.biases[0]
    assert z.std() == pytest.approx(expected, rel=0.04)
