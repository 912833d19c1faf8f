"""The gradients: against central differences, against the plain version, and by hand."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.training.core.recipes import ReferenceTraining, one_hot, recipe
from training.core import activations
from training.core.backpropagation import Backpropagation
from training.core.costs import OUTPUT_ERRORS, SAMPLE_COSTS, output_error, targets
from training.core.dropout import Dropout
from training.core.first_layer.dense import DenseBatch
from training.core.hyperparameters import Hyperparameters
from training.core.initializers import initialize
from training.core.optimization.optimizers import FusedDescent
from training.core.parameters import Array, GradientTarget, Parameters
from training.core.products import Products
from training.core.reference import Vector
from training.core.state import TrainingState

LAYERS: list[tuple[int, ...]] = [(), (4,), (5, 4), (4, 3, 5)]
N_INPUTS, CLASSES, BATCH = 6, 3, 5


def begin(h: Hyperparameters) -> TrainingState:
    return TrainingState.begin(h, n_inputs=N_INPUTS, n_classes=CLASSES, dtype=np.float64)


def mini_batch(seed: int = 3, batch: int = BATCH) -> tuple[Vector, NDArray[np.intp]]:
    rng = np.random.default_rng(seed)
    return rng.random((batch, N_INPUTS)), rng.integers(0, CLASSES, batch)


def padded(inputs: Vector, columns: int) -> Vector:
    """Columns as `Backpropagation` takes them; the padding holds noise, which must not matter."""
    noise = np.random.default_rng(0).random((columns - len(inputs), inputs.shape[1]))
    return np.vstack([inputs, noise]).T


def dense(inputs: Vector) -> DenseBatch:
    """Inputs (n_in, columns) in front of a dense first layer."""
    return DenseBatch(inputs, Products(inputs.dtype))


def update(state: TrainingState, inputs: Vector, labels: NDArray[np.intp], *, n: int) -> None:
    """One step of plain SGD by the fast path."""
    h, parameters = state.hyperparameters, state.parameters()
    passes = Backpropagation(parameters, h, samples=len(labels), statistics=state.statistics())
    optimizer = FusedDescent(h, parameters, state.arrays, samples=n)
    passes.forward(dense(padded(inputs, passes.columns)))
    passes.backward(labels, optimizer.gradient_target(h.learning_rate, len(labels)))
    parameters.apply_scale()


def gradient(state: TrainingState, inputs: Vector, labels: NDArray[np.intp], **options: Any) -> Array:
    """∂C0/∂ of every parameter, mean over the mini-batch, by the fast path."""
    parameters = state.parameters()
    passes = Backpropagation(
        parameters, state.hyperparameters, samples=len(labels), statistics=state.statistics(), **options
    )
    passes.forward(dense(padded(inputs, passes.columns)))
    into = parameters.zeros_like()
    passes.backward(labels, GradientTarget(into, 1 / len(labels), 1 / len(labels), 0))
    return into.flat


def differences(state: TrainingState, cost: Callable[[], float], step: float = 1e-5) -> Array:
    """∂cost/∂ of every parameter by central differences."""
    flat = state.arrays["parameters"]
    slopes = np.empty_like(flat)
    for index, value in enumerate(flat.copy()):
        flat[index] = value + step
        above = cost()
        flat[index] = value - step
        slopes[index] = (above - cost()) / (2 * step)
        flat[index] = value
    return slopes


def relative_error(found: Array, expected: Array) -> float:
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


@pytest.mark.parametrize("hidden_layers", LAYERS, ids=str)
@pytest.mark.parametrize("l2", [0.0, 2.0])
@pytest.mark.parametrize("activation", ["sigmoid", "relu", "gelu"])
@pytest.mark.parametrize(("cost", "output"), list(OUTPUT_ERRORS))
def test_update_is_the_gradient_of_the_cost(
    cost: str, output: str, activation: str, l2: float, hidden_layers: tuple[int, ...]
) -> None:
    h = recipe(cost=cost, output=output, activation=activation, l2=l2, hidden_layers=hidden_layers, learning_rate=1)
    state = begin(h)
    inputs, labels = mini_batch()
    y, n = one_hot(labels, CLASSES), 20
    expected = differences(state, lambda: ReferenceTraining.of(state).total_cost(inputs, y, n=n))
    before = state.arrays["parameters"].copy()
    update(state, inputs, labels, n=n)
    assert relative_error(before - state.arrays["parameters"], expected) < 1e-6


@pytest.mark.parametrize("activation", ["sigmoid", "relu", "gelu"])
@pytest.mark.parametrize("hidden_layers", [(4,), (5, 4)], ids=str)
def test_gradient_through_batch_normalization(hidden_layers: tuple[int, ...], activation: str) -> None:
    state = begin(recipe(batch_normalization=True, activation=activation, hidden_layers=hidden_layers))
    rng = np.random.default_rng(5)
    state.arrays["parameters"][:] += rng.normal(0, 0.2, state.arrays["parameters"].size)
    inputs, labels = mini_batch(batch=7)
    passes = Backpropagation(state.parameters(), state.hyperparameters, samples=7, statistics=state.statistics())

    def cost() -> float:
        a = passes.forward(dense(padded(inputs, passes.columns)))
        return float(SAMPLE_COSTS["cross-entropy"](a, one_hot(labels, CLASSES).T).mean())

    assert relative_error(gradient(state, inputs, labels), differences(state, cost)) < 1e-6


def test_gradient_with_smoothed_targets_and_class_weights() -> None:
    state = begin(recipe(label_smoothing=0.2))
    inputs, labels = mini_batch()
    weights = np.array([0.5, 2.0, 1.0])
    y = targets(CLASSES, 0.2, np.dtype(np.float64))[:, labels].T

    def cost() -> float:
        book = ReferenceTraining.of(state)
        each = [book.total_cost(inputs[i : i + 1], y[i : i + 1], n=1) for i in range(BATCH)]
        return float(np.mean(weights[labels] * each))

    found = gradient(state, inputs, labels, class_weights=weights)
    assert relative_error(found, differences(state, cost)) < 1e-6


@pytest.mark.parametrize(("cost", "output"), list(OUTPUT_ERRORS))
def test_output_error_is_the_slope_by_z(cost: str, output: str) -> None:
    """δ^L = ∂C_x/∂z^L, (1.16), by differences in z itself."""
    rng = np.random.default_rng(1)
    z, y = rng.normal(size=(4, 1)), np.eye(4)[:, [2]]

    def value(z: Vector) -> float:
        a = z.copy()
        activations.output(a, output)
        return float(SAMPLE_COSTS[cost](a, y)[0])

    a, delta = z.copy(), np.empty_like(z)
    activations.output(a, output)
    OUTPUT_ERRORS[cost, output](a, y, delta)
    steps = 1e-6 * np.eye(4)[:, :, None]
    expected = [(value(z + step) - value(z - step)) / 2e-6 for step in steps]
    np.testing.assert_allclose(delta[:, 0], expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(
    ("cost", "output", "activation"),
    [(*pair, activation) for pair, activation in itertools.product(OUTPUT_ERRORS, ["sigmoid", "relu", "gelu"])],
)
def test_hundred_updates_agree_with_the_reference(cost: str, output: str, activation: str) -> None:
    h = recipe(cost=cost, output=output, activation=activation, hidden_layers=(7, 5), l2=0.3, learning_rate=0.2)
    assert _drift(h, batch=5, updates=100) < 1e-9


@pytest.mark.parametrize("cost", ["quadratic", "binary-cross-entropy"])
@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
def test_elementwise_output_error_is_1_17_whatever_the_output(cost: str, output: str) -> None:
    h = recipe(cost=cost, output=output, output_error="elementwise", hidden_layers=(7, 5), learning_rate=0.2)
    assert _drift(h, batch=5, updates=100) < 1e-9
    exact, elementwise = (output_error(cost, output, kind) for kind in ("exact", "elementwise"))
    assert (exact is elementwise) == (output == "sigmoid")


@settings(max_examples=15, deadline=None)
@given(
    hidden_layers=st.lists(st.integers(1, 20), max_size=3).map(tuple),
    batch=st.integers(1, 35),
    pair=st.sampled_from(list(OUTPUT_ERRORS)),
    activation=st.sampled_from(["sigmoid", "relu", "gelu"]),
    l2=st.sampled_from([0.0, 0.5, 5.0]),
)
def test_any_network_agrees_with_the_reference(
    hidden_layers: tuple[int, ...], batch: int, pair: tuple[str, str], activation: str, l2: float
) -> None:
    values = {"cost": pair[0], "output": pair[1], "activation": activation, "hidden_layers": hidden_layers, "l2": l2}
    h = recipe(**values, learning_rate=0.05)  # longer steps saturate outputs, where (1.25) divides by a (1 - a) → 0
    assert _drift(h, batch=batch, updates=5) < 1e-9


def _drift(h: Hyperparameters, *, batch: int, updates: int) -> float:
    """Largest difference of any weight or bias between the fast path and the reference."""
    state = begin(h)
    book, n = ReferenceTraining.of(state), 50
    for step in range(updates):
        inputs, labels = mini_batch(step, batch)
        update(state, inputs, labels, n=n)
        book.update(inputs, one_hot(labels, CLASSES), n=n)
    p = state.parameters()
    pairs = [*zip(p.weights, book.weights, strict=True), *zip(p.biases, book.biases, strict=True)]
    return max(float(np.abs(ours - plain).max()) for ours, plain in pairs)


def test_worked_example_by_hand() -> None:
    """x = 1, one sigmoid neuron with w = 2, b = 0, sigmoid output with v = 1, c = 0; y = 1.

    a = σ(2) = 0.880797, output σ(a) = 0.706987. δ^L = 0.706987 − 1 = −0.293013 (1.25).
    ∂C/∂v = a δ^L = −0.258085, ∂C/∂c = δ^L. δ¹ = v δ^L σ'(2) = −0.293013 · 0.104994 = −0.030764.
    """
    h = recipe(hidden_layers=(1,), cost="binary-cross-entropy", output="sigmoid")
    state = TrainingState.begin(h, n_inputs=1, n_classes=1, dtype=np.float64)
    state.arrays["parameters"][:] = [2, 1, 0, 0]
    found = gradient(state, np.array([[1.0]]), np.array([0]))
    np.testing.assert_allclose(found, [-0.030764, -0.258085, -0.030764, -0.293013], atol=1e-6)


def test_relu_passes_the_error_at_zero() -> None:
    """(2.12): the derivative at 0 is 1, so a neuron whose sum is exactly 0 still learns."""
    h = recipe(hidden_layers=(1,), activation="relu")
    state = TrainingState.begin(h, n_inputs=1, n_classes=2, dtype=np.float64)
    state.arrays["parameters"][:] = [0, 1, -1, 0, 0, 0]
    found = gradient(state, np.array([[1.0]]), np.array([0]))
    assert found[0] == pytest.approx(-1.0)


def test_mini_batch_gradient_is_the_mean_of_its_samples() -> None:
    """(1.12), (1.13): the gradient of a mini-batch is the mean of its samples' gradients."""
    state = begin(recipe())
    inputs, labels = mini_batch()
    each = [gradient(state, inputs[i : i + 1], labels[i : i + 1]) for i in range(BATCH)]
    np.testing.assert_allclose(gradient(state, inputs, labels), np.mean(each, axis=0), atol=1e-15)


def test_small_step_lowers_the_cost_by_the_rate_times_the_squared_slope() -> None:
    """(1.7) to (1.9): ΔC ≈ −η‖∇C‖²."""
    h = recipe(learning_rate=1e-5)
    state = begin(h)
    inputs, labels = mini_batch()
    y = one_hot(labels, CLASSES)
    slope = gradient(state, inputs, labels)
    before = ReferenceTraining.of(state).total_cost(inputs, y, n=BATCH)
    update(state, inputs, labels, n=BATCH)
    change = ReferenceTraining.of(state).total_cost(inputs, y, n=BATCH) - before
    assert change == pytest.approx(-1e-5 * float(slope @ slope), rel=1e-3)


def test_inputs_may_come_in_either_memory_order() -> None:
    state = begin(recipe())
    inputs, _ = mini_batch()
    passes = Backpropagation(state.parameters(), state.hyperparameters, samples=BATCH)
    by_sample = padded(inputs, passes.columns)
    first = passes.forward(dense(by_sample)).copy()
    np.testing.assert_allclose(passes.forward(dense(np.ascontiguousarray(by_sample))), first, atol=1e-15)


def test_dropout_silences_its_share_and_keeps_the_mean() -> None:
    a, slopes = np.ones((200, 160)), np.full((200, 160), 3.0)
    Dropout(0.25).apply(a, slopes, np.random.default_rng(0))
    assert set(np.unique(a)) == {0.0, 1 / 0.75}
    assert (a == 0).mean() == pytest.approx(0.25, abs=0.01)
    np.testing.assert_array_equal(slopes, 3 * a)


def test_layout_must_fit() -> None:
    with pytest.raises(ValueError, match="needs 23 parameters, not 22"):
        Parameters((4, 3, 2), np.zeros(22))
    parameters = Parameters((4, 3, 2), np.zeros(23))
    initialize(parameters, "normal", np.random.default_rng(0))
    assert (parameters.flat != 0).all()
