"""Pruning: the share of zeros climbs as it should, what is 0 stays 0, and what serves has the zeros."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from tests.training.core.conftest import MakeSamples
from tests.training.core.recipes import recipe
from tests.training.core.test_trainer import begin, same_bits
from training.core import checkpoint
from training.core.evaluation import evaluate
from training.core.hyperparameters import HyperparameterError, Hyperparameters
from training.core.optimization import pruning
from training.core.optimization.pruning import Pruning, sparsity_at, sparsity_of
from training.core.parameters import Parameters
from training.core.trainer import train

PRUNED = recipe(
    hidden_layers=(20, 10),
    activation="relu",
    initializer="he",
    learning_rate=0.1,
    epochs=10,
    batch_size=10,
    sparsity=0.8,
)


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """These trainings have 60 steps: look every three."""
    monkeypatch.setattr(pruning, "EVERY", 3)


def test_sparsity_climbs_as_a_cubic() -> None:
    """(1) of the paper, s_f + (s_i − s_f)(1 − (t − t0)/(nΔt))³, with s_i = 0."""
    assert [sparsity_at(step, 10, 20, 0.8) for step in (0, 10, 20, 99)] == [0, 0, 0.8, 0.8]
    assert sparsity_at(15, 10, 20, 0.8) == pytest.approx(0.8 - 0.8 * 0.5**3)
    climb = np.diff([sparsity_at(step, 10, 20, 0.8) for step in range(10, 21)])
    assert (climb > 0).all()
    assert (np.diff(climb) < 0).all()


def zeros(parameters: Parameters) -> list[int]:
    return [int((weights == 0).sum()) for weights in parameters.weights]


def test_each_layer_loses_its_share_and_only_its_smallest_weights() -> None:
    state = begin(PRUNED)
    parameters = state.parameters()
    before = [weights.copy() for weights in parameters.weights]
    others = np.random.default_rng(0).random(state.arrays["parameters"].size - parameters.weight_count, np.float32)
    state.arrays["parameters"][parameters.weight_count :] = others
    parameters.shrink(0.5)  # magnitudes are compared within a layer: a lazy scale does not matter
    Pruning(PRUNED, parameters, None, steps=60).apply(42)  # 0.7 · 60
    assert zeros(parameters) == [round(0.8 * weights.size) for weights in before]
    for weights, old in zip(parameters.weights, before, strict=True):
        kept = weights != 0
        np.testing.assert_array_equal(weights[kept], old[kept])
        assert np.abs(old[~kept]).max() <= np.abs(old[kept]).min()
    np.testing.assert_array_equal(state.arrays["parameters"][parameters.weight_count :], others)


OPTIMIZERS = ["sgd", "momentum", "nesterov", "adam", "adamw"]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_what_is_zero_stays_zero(optimizer: str, make_samples: MakeSamples) -> None:
    """With every optimizer, L2 and decay, also with a memory that still moves."""
    h = dataclasses.replace(PRUNED, optimizer=optimizer, l2=0.1, weight_decay=0.01, learning_rate=0.02)
    state = begin(h)
    samples = make_samples(60)
    counts, masks = [], [np.zeros_like(weights, bool) for weights in state.parameters().weights]
    for _ in train(state, samples, samples):
        now = [weights == 0 for weights in state.parameters().weights]
        assert all((old <= new).all() for old, new in zip(masks, now, strict=True))
        counts.append(sparsity_of(state.parameters().weights))
        masks = now
    assert counts[:2] == [0, 0]  # it begins after 0.2 of ten epochs
    assert 0 < counts[2] < counts[4] < counts[6]
    assert counts[7:] == pytest.approx([0.8] * 3, abs=0.01)
    moved = zip(state.parameters().weights, begin(h).parameters().weights, strict=True)
    assert all((new != old)[new != 0].all() for new, old in moved)  # what is left goes on learning


@pytest.mark.parametrize("h", [PRUNED, dataclasses.replace(PRUNED, ema=0.9, batch_normalization=True, inverted=True)])
def test_what_serves_is_plain_and_has_the_zeros(h: Hyperparameters, make_samples: MakeSamples) -> None:
    samples, validation = make_samples(300), make_samples(30, seed=1)
    state, whole = begin(h), begin(dataclasses.replace(h, sparsity=0))
    *_, last = train(state, samples, validation)
    list(train(whole, samples, validation))
    network = state.network()
    assert [int((weights == 0).sum()) for weights in network.weights] == [256, 160, 24]
    assert sparsity_of(network.weights) == pytest.approx(0.8, abs=0.005)
    assert sparsity_of(whole.network().weights) == 0
    assert evaluate(network, validation.inputs, validation.labels).accuracy == last.validation_accuracy
    assert last.validation_accuracy > 0.9


@pytest.mark.parametrize("asked", [1, 15, 27, 45])
def test_a_checkpoint_holds_the_mask(asked: int, make_samples: MakeSamples, tmp_path: Path) -> None:
    h = dataclasses.replace(PRUNED, optimizer="adamw", learning_rate=0.01, ema=0.9)
    samples = make_samples(60)
    undisturbed, state = begin(h), begin(h)
    list(train(undisturbed, samples, samples))
    answers = iter([False] * asked + [True])
    list(train(state, samples, samples, should_stop=lambda: next(answers)))
    checkpoint.save(tmp_path / "c.npz", state)
    again = checkpoint.load(tmp_path / "c.npz")
    assert again.epoch == asked // 6
    list(train(again, samples, samples))
    assert same_bits(again, undisturbed)


@pytest.mark.parametrize(("batch_size", "begins"), [(30, 0), (30, 0.99), (60, 0)])
def test_a_training_of_a_step_or_two_is_pruned_all_the_same(
    batch_size: int, begins: float, make_samples: MakeSamples
) -> None:
    h = dataclasses.replace(PRUNED, epochs=1, batch_size=batch_size, pruning_begin=begins, pruning_end=1)
    state = begin(h)
    list(train(state, make_samples(60), make_samples(30)))
    assert state.step == 60 // batch_size
    assert sparsity_of(state.network().weights) == pytest.approx(0.8, abs=0.005)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"sparsity": 1}, "sparsity: must be between 0 and 0.99, not 1"),
        ({"sparsity": 0.5, "pruning_begin": 0.7}, "pruning_end: must be after the beginning"),
        ({"sparsity": 0.5, "early_stopping": 3}, "early_stopping: would serve an epoch in which pruning was not done"),
    ],
)
def test_what_does_not_go_together(values: dict[str, float], message: str) -> None:
    with pytest.raises(HyperparameterError, match=message):
        recipe(**values)
