"""Energy for 10,000 images: measured where the processor counts it, estimated on a Raspberry Pi 5, else not measured.

Never guessed: a machine that tells nothing has none. A meter's value is entered by hand, beside these.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from training.devices.measurement import machine
from training.devices.measurement.workload import THESIS_IMAGES

NOT_MEASURED: dict[str, Any] = {"kind": "not measured", "joules_for_10000": None, "source": ""}
FACTOR, OFFSET = 1.1451, 0.5879
"""Watts of a whole Raspberry Pi 5 by those of its power chip's rails: Σ(V·I)·1.1451 + 0.5879, an estimate."""
ESTIMATED_SECONDS = 3.0


class Meter:
    """Counts the energy of the processor's packages (RAPL) from reading to reading; its counters wrap around."""

    def __init__(self, root: Path = machine.ROOT) -> None:
        """Find the packages that can be read."""
        folders = sorted((root / "sys/class/powercap").glob("intel-rapl:[0-9]"))
        self._root = root
        self._packages = [each for each in folders if _microjoules(each) is not None]
        self._last: list[int] = []
        self._used = 0

    def read(self) -> None:
        """Read the counters: what was used since the reading before is added up."""
        now = [_microjoules(each) or 0 for each in self._packages]
        for folder, before, after in zip(self._packages, self._last, now):
            self._used += after - before if after >= before else after - before + _range(folder)
        self._last = now

    def result(self, seconds: float, images: int, work: Callable[[], object]) -> dict[str, Any]:
        """The energy for 10,000 images: `kind`, `joules_for_10000`, `source`.

        Args:
            seconds: of all that was timed.
            images: that were read in them.
            work: what is done again, untimed, while a Raspberry Pi's power is read.

        """
        if self._packages:
            return _found("measured", self._used / 1e6 / images * THESIS_IMAGES, "RAPL")
        watts = estimated_watts(work, self._root)
        if watts is None:
            return dict(NOT_MEASURED)
        return _found("estimated", watts * seconds / images * THESIS_IMAGES, "PMIC")


def estimated_watts(work: Callable[[], object], root: Path = machine.ROOT) -> float | None:
    """A Raspberry Pi 5's power while it works, by its power chip; None on other machines."""
    readings = []
    end = time.perf_counter() + ESTIMATED_SECONDS
    while (watts := _pmic_watts(machine.vcgencmd("pmic_read_adc", root))) is not None:
        readings.append(watts)
        if time.perf_counter() > end:
            break
        for _ in range(100):
            work()
    return sum(readings) / len(readings) if readings else None


def _pmic_watts(text: str) -> float | None:
    """The board's watts by the lines of `pmic_read_adc`: NAME_A current(3)=0.5A and NAME_V volt(11)=3.3V."""
    values = {name: float(value) for name, value in re.findall(r"(\w+_[AV]) \w+\(\d+\)=([\d.]+)[AV]", text)}
    rails = {name[:-2] for name in values if name.endswith("_A") and f"{name[:-2]}_V" in values}
    if not rails:
        return None
    return sum(values[f"{rail}_A"] * values[f"{rail}_V"] for rail in rails) * FACTOR + OFFSET


def _found(kind: str, joules: float, source: str) -> dict[str, Any]:
    return {"kind": kind, "joules_for_10000": joules, "source": source}


def _microjoules(folder: Path) -> int | None:
    return _number(folder / "energy_uj")


def _range(folder: Path) -> int:
    """Where a counter begins again."""
    return _number(folder / "max_energy_range_uj") or 0


def _number(path: Path) -> int | None:
    try:
        text = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
    return int(text) if text.isdigit() else None
