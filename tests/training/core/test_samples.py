"""Samples, mixing of sources, and generators by purpose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from tests.training.core.recipes import recipe
from training.core.hyperparameters import HyperparameterError
from training.core.samples import Samples, SamplesError, TrainingSet
from training.core.seeds import Purpose, generator


def source(n: int, label: int = 0) -> Samples:
    return Samples(np.full((n, 4), label, np.uint8), np.full(n, label))


@pytest.mark.parametrize(
    ("inputs", "labels", "message"),
    [
        (np.zeros((3, 4)), np.zeros(3, int), "must be bytes"),
        (np.full((3, 4), np.nan, np.float32), np.zeros(3, int), "must be bytes"),
        (np.zeros(4, np.uint8), np.zeros(4, int), "must be bytes"),
        (np.zeros((3, 4), np.uint8), np.zeros(2, int), "3 inputs need as many"),
        (np.zeros((3, 4), np.uint8), np.zeros(3), "whole-number labels"),
        (np.zeros((3, 4), np.uint8), np.zeros((3, 1), int), "whole-number labels"),
    ],
)
def test_samples_check_themselves(inputs: Any, labels: Any, message: str) -> None:
    with pytest.raises(SamplesError, match=message):
        Samples(inputs, labels)


def test_one_source_is_not_copied() -> None:
    only = source(10)
    assert TrainingSet([only], recipe()).inputs is only.inputs


def test_every_sample_once_an_epoch_by_default() -> None:
    for sources in ([source(50)], [source(40), source(10, 1)]):
        order = TrainingSet(sources, recipe()).order(np.random.default_rng(0))
        np.testing.assert_array_equal(np.sort(order), np.arange(50))
        assert (order != np.arange(50)).any()


@pytest.mark.parametrize("sources", [[source(50)], [source(40), source(10, 1)]])
@pytest.mark.parametrize("length", [20, 50, 130])
def test_an_epoch_as_long_as_the_recipe_says(sources: list[Samples], length: int) -> None:
    data = TrainingSet(sources, recipe(epoch_samples=length))
    order = data.order(np.random.default_rng(0))
    assert len(order) == len(data) == length
    assert np.ptp(np.bincount(order, minlength=50)) <= 1
    assert (data.order(np.random.default_rng(1)) != order).any()


@pytest.mark.parametrize(
    ("values", "shares"),
    [
        ({"source_weights": (1, 1)}, (0.5, 0.5)),
        ({"source_weights": (3, 1)}, (0.75, 0.25)),
        ({"source_weights": (0, 1)}, (0, 1)),
        ({"source_balance": 0}, (0.5, 0.5)),
        ({"source_balance": 0.5}, (2 / 3, 1 / 3)),
        ({"source_balance": 1}, (0.8, 0.2)),
    ],
)
def test_shares_of_sources(values: dict[str, Any], shares: tuple[float, float]) -> None:
    data = TrainingSet([source(800), source(200, 1)], recipe(**values))
    order = data.order(np.random.default_rng(0))
    assert len(order) == len(data) == 1000
    labels = data.labels[order]
    np.testing.assert_allclose(np.bincount(labels, minlength=2) / 1000, shares, atol=1e-3)
    for of_source in (order[order < 800], order[order >= 800]):  # no sample is favoured
        counts = np.bincount(of_source)
        taken = counts[counts > 0]
        assert not len(taken) or np.ptp(taken) <= 1
    halves = labels[:500].mean(), labels[500:].mean()
    assert halves[0] == pytest.approx(halves[1], abs=0.1)  # mixed, not one after the other


@pytest.mark.parametrize(
    ("values", "shares"),
    [
        ({"source_weights": (1, 1), "closing_weights": (1, 0)}, (0.5, 0.25, 0)),
        ({"source_weights": (3, 1), "closing_weights": (2, 2)}, (0.25, 0.375, 0.5)),
        ({"closing_weights": (0, 1)}, (0.2, 0.6, 1)),
        ({"source_weights": (1, 1)}, (0.5, 0.5, 0.5)),
    ],
)
def test_shares_go_from_the_first_to_the_closing_ones(values: dict[str, Any], shares: Sequence[float]) -> None:
    data = TrainingSet([source(800), source(200, 1)], recipe(epochs=3, **values))
    seen = [float(data.labels[data.order(np.random.default_rng(0), epoch)].mean()) for epoch in range(3)]
    assert seen == pytest.approx(shares, abs=1e-3)


def test_closing_shares_of_a_single_epoch_are_not_met() -> None:
    data = TrainingSet([source(50), source(50, 1)], recipe(epochs=1, source_weights=(1, 0), closing_weights=(0, 1)))
    assert not data.labels[data.order(np.random.default_rng(0), 0)].any()


def unequal() -> Samples:
    """Ninety samples of one class, nine of another, one of a third."""
    labels = np.repeat([0, 1, 2], [90, 9, 1])
    return Samples(np.zeros((100, 4), np.uint8), labels)


def test_balanced_sampling_takes_each_class_as_often() -> None:
    data = TrainingSet([unequal()], recipe(class_sampling="balanced"))

    order = data.order(np.random.default_rng(0))

    assert len(order) == len(data) == 100
    assert sorted(np.bincount(data.labels[order]).tolist()) == [33, 33, 34]
    counts = np.bincount(order, minlength=100)
    assert counts[:90].max() == 1
    assert set(counts[90:99].tolist()) <= {3, 4}
    again = data.order(np.random.default_rng(0))
    assert np.array_equal(order, again)
    assert not np.array_equal(order, data.order(np.random.default_rng(1)))


def test_balanced_sampling_of_several_sources() -> None:
    data = TrainingSet([unequal(), source(60, 1)], recipe(class_sampling="balanced"))

    order = data.order(np.random.default_rng(0))

    assert len(order) == 160
    assert np.ptp(np.bincount(data.labels[order])) <= 1


def test_two_ways_to_balance_at_once_are_refused() -> None:
    with pytest.raises(HyperparameterError, match="balanced already"):
        recipe(class_sampling="balanced", class_weights="balanced")


def test_generators_are_apart_and_repeatable() -> None:
    draws = {
        (purpose, epoch): generator(7, purpose, epoch).integers(2**60) for purpose in Purpose for epoch in range(3)
    }
    assert len(set(draws.values())) == len(draws)
    assert draws == {key: generator(7, *key).integers(2**60) for key in draws}
    assert generator(8, Purpose.SHUFFLE).integers(2**60) != draws[Purpose.SHUFFLE, 0]
