"""Optimizers against their formulas as published, step by step, in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.training.core.recipes import recipe
from training.core.optimization.averaging import EVERY, Average
from training.core.optimization.optimizers import BETA1, BETA2, BLOCK, EPSILON, FusedDescent, Optimizer, optimizer_class
from training.core.parameters import Parameters
from training.core.reference import Vector

SIZES = (4, 5, 3)
SAMPLES, RATE = 20, 0.1


class Bench:
    """An optimizer on parameters of its own, fed with given gradients."""

    def __init__(self, sizes: tuple[int, ...] = SIZES, **values: Any) -> None:
        rng = np.random.default_rng(0)
        self.h = recipe(**values)
        self.parameters = Parameters(sizes, rng.normal(size=Parameters.count(sizes)))
        kind = optimizer_class(self.h)
        arrays = {name: np.zeros_like(self.parameters.flat) for name in kind.memory}
        self.optimizer: Optimizer = kind(self.h, self.parameters, arrays, samples=SAMPLES)

    def step(self, gradient: Vector, step: int) -> None:
        """A step whose mini-batch of one sample has this gradient."""
        target = self.optimizer.gradient_target(RATE, 1)
        into, n = target.into.flat, self.parameters.weight_count
        into *= target.beta
        into[:n] += target.weight_alpha * gradient[:n]
        into[n:] += target.other_alpha * gradient[n:]
        self.optimizer.apply(RATE, step)

    @property
    def values(self) -> Vector:
        self.parameters.apply_scale()
        return self.parameters.flat.copy()


def gradients(size: int, steps: int = 5) -> list[Vector]:
    rng = np.random.default_rng(1)
    return [rng.normal(size=size) for _ in range(steps)]


def weights_only(parameters: Parameters) -> Vector:
    return (np.arange(parameters.flat.size) < parameters.weight_count) * 1.0


@pytest.mark.parametrize("clipping", [0.0, 1e5])
@pytest.mark.parametrize(("l2", "decay"), [(0.0, 0.0), (3.0, 0.0), (3.0, 0.4)])
def test_descent_is_2_9_and_2_10(l2: float, decay: float, clipping: float) -> None:
    bench = Bench(l2=l2, weight_decay=decay, gradient_clipping=clipping)
    w, mask = bench.values, weights_only(bench.parameters)
    for step, g in enumerate(gradients(w.size)):
        bench.step(g, step)
        kept = 1 - RATE * l2 / SAMPLES - RATE * decay
        if clipping:  # shrunk by decay first, then (2.8) by the penalty's gradient at the old weights
            w = w * np.where(mask, 1 - RATE * decay, 1) - RATE * (g + mask * l2 / SAMPLES * w)
        else:
            w = w * np.where(mask, kept, 1) - RATE * g
    np.testing.assert_allclose(bench.values, w, rtol=1e-12)


def test_plain_sgd_updates_in_the_product_and_clipped_sgd_apart() -> None:
    assert isinstance(Bench().optimizer, FusedDescent)
    assert not isinstance(Bench(gradient_clipping=1).optimizer, FusedDescent)


def test_momentum_is_polyaks() -> None:
    bench = Bench(optimizer="momentum", momentum=0.8, l2=3.0)
    w, mask = bench.values, weights_only(bench.parameters)
    v = np.zeros_like(w)
    for step, g in enumerate(gradients(w.size)):
        bench.step(g, step)
        v = 0.8 * v - RATE * (g + mask * 3.0 / SAMPLES * w)
        w = w + v
    np.testing.assert_allclose(bench.values, w, rtol=1e-12)


def test_nesterov_takes_the_gradient_ahead() -> None:
    """On C = ‖w‖²/2, whose gradient is w: v → μv − η(w + μv), w → w + v."""
    bench = Bench(optimizer="nesterov", momentum=0.8)
    w = bench.values
    v = np.zeros_like(w)
    for step in range(5):
        bench.step(bench.values, step)
        v = 0.8 * v - RATE * (w + 0.8 * v)
        w = w + v
    np.testing.assert_allclose(bench.values, w + 0.8 * v, rtol=1e-12)


@pytest.mark.parametrize("name", ["adam", "adamw"])
def test_adam_is_kingma_and_bas(name: str) -> None:
    sizes = (400, 100, 3)  # more numbers than a block
    bench = Bench(sizes, optimizer=name, l2=3.0, weight_decay=0.2)
    w, mask = bench.values, weights_only(bench.parameters)
    assert w.size > BLOCK
    m, v = np.zeros_like(w), np.zeros_like(w)
    for step, g in enumerate(gradients(w.size)):
        bench.step(g, step)
        penalty = mask * 3.0 / SAMPLES
        if name == "adam":
            g = g + penalty * w
            w = w * (1 - mask * RATE * 0.2)
        else:
            w = w * (1 - RATE * (penalty + mask * 0.2))
        m = BETA1 * m + (1 - BETA1) * g
        v = BETA2 * v + (1 - BETA2) * g**2
        m_hat, v_hat = m / (1 - BETA1 ** (step + 1)), v / (1 - BETA2 ** (step + 1))
        w = w - RATE * m_hat / (np.sqrt(v_hat) + EPSILON)
    np.testing.assert_allclose(bench.values, w, rtol=1e-10, atol=1e-12)


def test_clipping_shortens_long_gradients_only() -> None:
    bench = Bench(gradient_clipping=2.0)
    before = bench.values
    long = np.ones_like(before)
    bench.step(long, 0)
    np.testing.assert_allclose(np.linalg.norm(bench.values - before), RATE * 2, rtol=1e-12)
    before = bench.values
    bench.step(long * 0.01, 1)
    np.testing.assert_allclose(bench.values, before - RATE * 0.01, rtol=1e-12)


def test_lazy_scale_stands_for_the_multiplied_weights() -> None:
    parameters = Parameters((2, 2), np.arange(1.0, 7.0))
    parameters.shrink(0.5)
    parameters.shrink(0.5)
    np.testing.assert_array_equal(parameters.flat, np.arange(1.0, 7.0))
    parameters.apply_scale(below=0.2)
    assert parameters.scale == 0.25
    parameters.apply_scale()
    np.testing.assert_array_equal(parameters.flat, [0.25, 0.5, 0.75, 1.0, 5.0, 6.0])
    assert parameters.scale == 1.0


def test_average_follows_the_weights() -> None:
    parameters = Parameters((2, 2), np.ones(6))
    arrays: dict[str, Vector] = {"average": np.zeros(6), "statistics": np.ones(2), "average_statistics": np.zeros(2)}
    average = Average(0.9, parameters, arrays)
    expected, share = np.zeros(6), 0.0
    rng = np.random.default_rng(0)
    parameters.shrink(0.5)
    for step in range(200):
        parameters.flat[:] = rng.normal(size=6)
        average.update(step)
        if (step + 1) % EVERY == 0:
            share = min(0.9, (1 + step) / (10 + step)) ** EVERY
            real = parameters.flat * np.array([0.5] * 4 + [1] * 2)
            expected = share * expected + (1 - share) * real
    np.testing.assert_allclose(arrays["average"], expected, rtol=1e-12)
    np.testing.assert_allclose(arrays["average_statistics"], 1, rtol=1e-3)
    assert share == pytest.approx(0.9**EVERY)
