"""Figures that come with the project: models by shape and precision, measured once, with where and how."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from training.devices.exports import CHIP, COMPUTER

FILE = Path(__file__).parent / "measured.json"
"""Written by `manage.py sweep_sizes`."""


@dataclass(frozen=True)
class MeasuredDevice:
    """A device that times were taken on.

    Attributes:
        key: in the times of a model.
        name: for people.
        kind: `COMPUTER` or `CHIP`.
        is_simulated: whether a program stood in for it.

    """

    key: str
    name: str
    kind: str
    is_simulated: bool = False

    def __post_init__(self) -> None:
        """Check the kind."""
        if self.kind not in (COMPUTER, CHIP):
            raise ValueError(f"device {self.key}: there is no kind “{self.kind}”")


@dataclass(frozen=True)
class ModelFigures:
    """A model that was measured.

    Attributes:
        name, precision, shape: which one; the shape as `392-64-32-33`.
        file_bytes, file_sha256: of its whole file.
        validation, test: accuracy 0…1 by data set; validation may be empty.
        microseconds: for one letter by device, letters one by one.

    """

    name: str
    precision: str
    shape: str
    file_bytes: int
    file_sha256: str
    validation: Mapping[str, float]
    test: Mapping[str, float]
    microseconds: Mapping[str, float]


@dataclass(frozen=True)
class ShippedFigures:
    """All of it.

    Attributes:
        made: the day, as 2026-11-29.
        machine: what the times of computers were taken on, and the libraries.
        images: test pictures by data set.
        labels: what a data set is called, by its name.
        devices, models: with their figures.

    """

    made: str
    machine: Mapping[str, Any]
    images: Mapping[str, int]
    labels: Mapping[str, str]
    devices: tuple[MeasuredDevice, ...]
    models: tuple[ModelFigures, ...]

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "ShippedFigures":
        """From the file's JSON."""
        devices = tuple(MeasuredDevice(**each) for each in content["devices"])
        models = tuple(ModelFigures(**each) for each in content["models"])
        return cls(**{**content, "devices": devices, "models": models})


@lru_cache(maxsize=1)
def shipped() -> ShippedFigures:
    """What comes with the project."""
    return ShippedFigures.of(json.loads(FILE.read_text(encoding="utf-8")))
