"""What the sizes' benchmark makes of figures: the best of validation within each size, and what ships with the page."""

import dataclasses
from pathlib import Path

import pytest

from benchmarks.sizes import measuring
from training.devices.choice import measured
from training.devices.choice.measured import ModelFigures

IMAGES = {"cmnist": 4740, "comnist": 3001}
SMALL = ModelFigures(
    "tiny int4",
    "int4",
    "200-32-32-33",
    5_000,
    "a" * 64,
    {"cmnist": 0.96, "comnist": 0.95},
    {"cmnist": 0.9675, "comnist": 0.9573},
    {"computer": 9.0},
)
LARGE = dataclasses.replace(SMALL, name="large", file_bytes=9_000, validation={"cmnist": 0.97, "comnist": 0.96})
LUCKY = dataclasses.replace(SMALL, name="lucky", file_bytes=9_001, test={"cmnist": 0.99, "comnist": 0.99})


def test_validation_chooses_within_each_size() -> None:
    figures = {each.name: each for each in measuring._figures([SMALL, LARGE, LUCKY])}
    assert figures["≤ 5 KB: Cyrillic-MNIST, by tiny int4"].value == pytest.approx(96.75)
    assert figures["≤ 10 KB: CoMNIST, by large"].verdict == "reached"
    assert figures["≤ 120 KB: Cyrillic-MNIST, by large"].verdict == "MISSED"


def test_the_page_gets_the_figures_and_the_cycles_of_the_chip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measured, "FILE", tmp_path / "measured.json")
    measured.shipped.cache_clear()
    try:
        measuring._write_page([SMALL, LARGE], IMAGES)
        found = measured.shipped()
        assert [each.key for each in found.devices] == ["computer", "atmega328p"]
        assert found.images == IMAGES
        small, large = found.models
        assert small.microseconds["computer"] == 9.0
        assert small.microseconds["atmega328p"] > 10_000
        assert dataclasses.replace(small, microseconds=SMALL.microseconds) == SMALL
        assert large == LARGE
    finally:
        measured.shipped.cache_clear()
    (row, _other) = measuring._report([SMALL, LARGE], IMAGES).rows
    assert row[2:4] == ["5,000", "96.00"]
    assert row[5].startswith("96.75 (96.2")
