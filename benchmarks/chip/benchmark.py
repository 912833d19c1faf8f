"""The exported C on an ATmega328P in simavr: flash, memory with the stack, simulated cycles of a letter."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from benchmarks.chip import toolchains
from benchmarks.chip.letters import letters, whole
from benchmarks.chip.toolchains import ChipAnswers
from benchmarks.harness import BenchmarkReport, BenchmarkRunError, Figure
from benchmarks.reading import machine
from recognizer.core.c_header import to_header
from recognizer.core.ink import specification
from recognizer.core.model_file import ModelFile
from recognizer.core.precision import IntegerNetwork

MODELS = (("tiny", "int8"), ("tiny", "int4"), ("tiny", "int2"), ("small", "int4"), ("small", "int2"))
HELD = ("tiny int8", "tiny int4")
"""Which are held against thresholds; the others are reported."""
FLASH_KB, MEMORY_KB, CYCLES = 30.0, 1.8, 16e6
"""KB of 1,024 bytes; cycles of a second."""
PICTURES, FULL = 66, 660
COLUMNS = ("model", "flash, B", "memory with stack, B", "cycles, mean", "cycles, most", "s at 16 MHz", "as Python")

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Measured:
    """A model on the chip, and how many of its letters are the very integers of Python."""

    name: str
    answers: ChipAnswers
    alike: int

    def row(self) -> list[str]:
        """Its row of the table."""
        found = self.answers
        return [
            self.name,
            f"{found.flash:,}",
            f"{found.memory:,}",
            f"{found.mean_cycles:,}",
            f"{found.most_cycles:,}",
            f"{found.most_cycles / CYCLES:.3f}",
            f"{self.alike} of {len(found.letters)}",
        ]

    def figures(self) -> list[Figure]:
        """What counts of it."""
        found, is_held = self.answers, self.name in HELD
        limits = (FLASH_KB, MEMORY_KB, CYCLES / 1e6) if is_held else (None, None, None)
        values = (found.flash / 1024, found.memory / 1024, found.most_cycles / 1e6)
        names = ("flash", "memory with stack", "simulated cycles, most")
        units = ("KB", "KB", "million")
        sizes = [Figure(f"{self.name}: {n}", v, u, t) for n, v, u, t in zip(names, values, units, limits, strict=True)]
        share = 100 * self.alike / len(found.letters)
        return [*sizes, Figure(f"{self.name}: the same integers as Python", share, "%", 100.0, more_is_better=True)]


class ChipBenchmark:
    """Models exported in C, on a simulated ATmega328P."""

    name = "chip"
    cores: int | None = 1

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Build, run, compare with Python."""
        if not toolchains.has_chip():
            raise BenchmarkRunError("It needs gcc, gcc-avr, avr-libc and libsimavr-dev (packages of Debian).")
        pictures = letters()[0]
        pictures = pictures[:: len(pictures) // (FULL if full else PICTURES)]
        with TemporaryDirectory() as folder:
            found = [_measured(whole(*model), pictures, Path(folder)) for model in MODELS]
        return report(found, len(pictures))


def _measured(model: ModelFile, pictures: Bytes, folder: Path) -> Measured:
    answers = toolchains.on_chip(to_header(model), folder, pictures)
    if not isinstance(model.network, IntegerNetwork):
        raise BenchmarkRunError(f"{model.card.name} does not compute in whole numbers.")
    logits = model.network.whole_logits(specification(model.card.ink_specification).of_pictures(pictures))
    alike = (answers.logits == logits).all(axis=1) & (answers.letters == logits.argmax(axis=1))
    return Measured(model.card.name, answers, int(alike.sum()))


def report(found: Sequence[Measured], count: int) -> BenchmarkReport:
    """Each figure with its verdict."""
    title = f"The C export on an ATmega328P, simulated by simavr: {count} made letters, read from the serial line"
    figures = [figure for each in found for figure in each.figures()]
    compiler = subprocess.run(["avr-gcc", "--version"], capture_output=True, text=True, check=True)
    where = {**machine(), "compiler": compiler.stdout.splitlines()[0], "options": " ".join(toolchains.CHIP)}
    return BenchmarkReport("chip", title, where, figures, COLUMNS, [each.row() for each in found])
