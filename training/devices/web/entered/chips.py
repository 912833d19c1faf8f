"""The table of chips: what was measured on them, and what a simulator says, each with its kind; of no other table."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from training.devices.entered import ChipResult

SIMULATED, ON_CHIP = "simulated", "measured"
CHIP = "ATmega328P, 16 MHz"
CLOCK_MHZ = 16
HEAD = (
    "chip",
    "kind",
    "model",
    "microseconds",
    "longest",
    "images",
    "correct",
    "flash_bytes",
    "memory_bytes",
    "source",
)


@dataclass(frozen=True)
class ChipRow:
    """A line of the table.

    Attributes:
        microseconds, longest: of an image on average, and of the slowest.
        images, correct: correct is None where every integer was compared with Python's instead.
        flash_bytes, memory_bytes: of a whole program; memory 0: not told.
        result: the row that was entered; None for the project's own figures.

    """

    chip: str
    kind: str
    model: str
    microseconds: float
    longest: float
    images: int
    correct: int | None
    flash_bytes: int
    memory_bytes: int
    result: ChipResult | None = None

    @property
    def accuracy(self) -> float | None:
        """Share of the images that were read right; None where they were not counted."""
        return None if self.correct is None else self.correct / self.images

    @property
    def is_simulated(self) -> bool:
        """Whether no chip was there."""
        return self.kind == SIMULATED

    def as_dict(self) -> dict[str, Any]:
        """For the files: with where it comes from."""
        kept = {name: value for name, value in asdict(self).items() if name != "result"}
        return {**kept, "source": "docs/figures/chip.json" if self.result is None else self.result.line}


def rows() -> list[ChipRow]:
    """Those of chips first, then the simulated ones."""
    entered = [_entered(each) for each in ChipResult.objects.select_related("model")]
    found = entered + list(_simulated(settings.BASE_DIR / "docs" / "figures" / "chip.json"))
    return sorted(found, key=lambda row: row.is_simulated)


def table() -> Iterator[Sequence[Any]]:
    """A head, and every row."""
    yield HEAD
    for row in rows():
        values = row.as_dict()
        yield [values[name] for name in HEAD]


def _entered(result: ChipResult) -> ChipRow:
    return ChipRow(
        result.chip,
        SIMULATED if result.is_simulated else ON_CHIP,
        result.model.name,
        result.microseconds,
        result.longest,
        result.images,
        result.correct,
        result.flash_bytes,
        result.memory_bytes,
        result,
    )


@lru_cache(maxsize=1)
def _simulated(path: Path) -> tuple[ChipRow, ...]:
    """What `python -m benchmarks chip --save` has written; nothing where it is not there."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        return ()
    return tuple(_measured(row) for row in content["rows"])


def _measured(row: dict[str, str]) -> ChipRow:
    flash, memory, mean, most = (
        int(row[name].replace(",", "")) for name in ("flash, B", "memory with stack, B", "cycles, mean", "cycles, most")
    )
    images = int(row["as Python"].split()[-1])
    return ChipRow(CHIP, SIMULATED, row["model"], mean / CLOCK_MHZ, most / CLOCK_MHZ, images, None, flash, memory)
