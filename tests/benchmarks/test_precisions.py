"""What fewer bits cost: figures from flags of pictures that were read right."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.chip import toolchains
from benchmarks.chip.letters import letters, whole
from benchmarks.precisions import measuring, speed
from benchmarks.precisions.measuring import MeasuredModel
from recognizer.core.c_header import to_header
from tests.product import need


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
    models |= {
        "standard of seed 2": models["best"],
        "standard of seed 2 int8, calibrated": models["best int8, calibrated"],
    }
    assert measuring._losses(models, "int8", (*measuring.HELD, "standard of seed 2"))[0].value == pytest.approx(2 / 3)
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


def test_speed_is_held_to_floats_of_the_same_round() -> None:
    seconds = {
        ("standard", batch, each): [factor * second for second in (1e-6, 5e-6, 2e-6)]
        for batch in speed.BATCHES
        for each, factor in {"fp32": 1.0, "int8": 1.2}.items()
    }
    made = speed.report(seconds, {"small": (2e-6, 1e-6), "standard": (6e-6, 5e-6)}, {})
    verdicts = {each.name: each.verdict for each in made.figures}
    assert verdicts["standard int8, batches of 1,000: times fp32's time"] == "MISSED"
    assert verdicts["standard int8, one by one: times fp32's time"] == "reached"
    assert verdicts["C: small against standard, layers"] == "reached"


def test_c_is_timed(tmp_path: Path) -> None:
    need(toolchains.has_host(), "gcc")
    header = to_header(whole("tiny", "int4"))
    letter, layers = toolchains.timed_on_host(header, tmp_path, letters()[0][:50])
    assert 0 < layers < letter
