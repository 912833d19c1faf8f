"""What fewer bits cost: figures from flags of pictures that were read right."""

import numpy as np
import pytest

from benchmarks.precisions import measuring
from benchmarks.precisions.measuring import MeasuredModel


def measured(name: str, *, kb: int, right: int, validation: float) -> MeasuredModel:
    """A model that reads the first pictures of 100 of each test split right."""
    flags = np.arange(100) < right
    return MeasuredModel(name, kb * 1024, [validation, validation], [flags, flags])


def test_points_lost_are_paired() -> None:
    models = {
        "standard": measured("standard", kb=500, right=90, validation=90),
        "best": measured("best", kb=900, right=95, validation=95),
        "standard int8, calibrated": measured("a", kb=100, right=88, validation=90),
        "best int8, calibrated": measured("b", kb=200, right=95, validation=95),
    }
    lost, interval = measuring._losses(models, "int8")
    assert lost.value == pytest.approx(1.0)
    assert (lost.threshold, lost.verdict) == (0.10, "MISSED")
    one = 100**2 * 0.02 * 0.98 / 100
    assert interval.value == pytest.approx(1.96 * (2 * one) ** 0.5 / 4)


def test_validation_chooses_what_fits() -> None:
    models = {
        "small": measured("small", kb=60, right=99, validation=97),
        "tiny": measured("tiny", kb=5, right=98, validation=96),
        "lucky": measured("lucky", kb=5, right=100, validation=95),
    }
    figures = {each.name: each.value for each in measuring._by_size(models)}
    assert figures["≤ 60 KB: cmnist, by small"] == 99
    assert figures["≤ 30 KB: comnist, by tiny"] == figures["≤ 5 KB: cmnist, by tiny"] == 98
