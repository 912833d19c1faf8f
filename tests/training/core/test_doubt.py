"""Fitting a doubt: the temperature of made logits is found again, and what is no letter is told from letters."""

import numpy as np
import pytest

from recognizer.core.activations import softmax
from training.core.doubt import (
    LastLayers,
    calibration_error,
    fit_non_letters,
    fit_temperature,
    fit_threshold,
)


def made_logits(count: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Logits, and labels drawn from their softmax: perfectly calibrated."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (count, 5)).astype(np.float32)
    sums = softmax(logits).cumsum(axis=1)
    labels = (rng.random((count, 1)) > sums).sum(axis=1).clip(0, 4)
    return logits, labels.astype(np.uint8)


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_a_factor(factor: float) -> None:
    logits, labels = made_logits()
    temperature = fit_temperature(logits * np.float32(factor), labels)
    assert temperature == pytest.approx(factor, rel=0.05)
    assert calibration_error(softmax(logits * np.float32(factor / temperature)), labels) < 0.02


def test_the_calibration_error_of_who_is_always_sure_is_its_error() -> None:
    probabilities = np.array([[1.0, 0.0]] * 10)
    assert calibration_error(probabilities, np.array([0] * 7 + [1] * 3, np.uint8)) == pytest.approx(0.3)


def layers(middle: list[float], count: int, seed: int) -> LastLayers:
    """Hidden neurons around a point; the letters' logits are the first two."""
    hidden = np.random.default_rng(seed).normal(middle, 1, (count, 4)).astype(np.float32)
    return LastLayers(hidden, hidden[:, :2])


def test_non_letters_are_told_from_letters_and_a_fiftieth_of_the_letters_is_refused() -> None:
    letters = layers([5, 0, 0, 0], 1000, seed=1)
    others = [("line", layers([5, 0, 6, 0], 500, seed=2)), ("dot", layers([5, 0, 0, 6], 100, seed=3))]
    doubt = fit_threshold(fit_non_letters(1.0, letters, others), layers([5, 0, 0, 0], 1000, seed=4))
    assert doubt.kinds == ("line", "dot")
    new = layers([5, 0, 0, 0], 2000, seed=5)
    assert 0.01 < doubt.refuses(new.hidden, new.logits).mean() < 0.035
    for seed, middle in ((6, [5, 0, 6, 0]), (7, [5, 0, 0, 6])):
        drawn = layers([float(each) for each in middle], 500, seed=seed)
        assert doubt.refuses(drawn.hidden, drawn.logits).mean() > 0.95
