"""What every benchmark shares: one core, clean processes, interleaved repeats, medians, figures with a verdict.

What is measured runs in processes of its own (`Subject`): each has its interpreter, so that a peer can live in an
environment of its own, and none inherits what slows down another. Rounds go through all subjects in turn, so that a
machine that is slow for a while is slow for all.
"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

ROOT = Path(__file__).resolve().parent.parent
FORCED = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""Variables that would make OpenBLAS use the kernels of another processor."""
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class BenchmarkRunError(Exception):
    """A benchmark that could not be run; the message says why."""


@dataclass(frozen=True)
class Figure:
    """A measured value, and the threshold that it is held against (None: it is only reported)."""

    name: str
    value: float
    unit: str
    threshold: float | None = None
    more_is_better: bool = False

    @property
    def is_reached(self) -> bool:
        """Whether it is on the right side of its threshold."""
        if self.threshold is None:
            return True
        return self.value >= self.threshold if self.more_is_better else self.value <= self.threshold

    @property
    def verdict(self) -> str:
        """One word."""
        return "" if self.threshold is None else "reached" if self.is_reached else "MISSED"

    def as_dict(self) -> dict[str, Any]:
        """The figure with its verdict, for JSON."""
        return {**asdict(self), "verdict": self.verdict}


@dataclass(frozen=True)
class BenchmarkReport:
    """The outcome of a benchmark.

    Attributes:
        name: the benchmark's.
        title: what was measured, in a sentence.
        machine: what it ran on: processor, memory, system, BLAS and its kernel, versions.
        figures: what counts.
        columns, rows: the table of all that was measured.

    """

    name: str
    title: str
    machine: Mapping[str, Any]
    figures: Sequence[Figure]
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __post_init__(self) -> None:
        """Refuse a table that nobody could print, before hours of measuring end in it."""
        if {len(row) for row in self.rows} - {len(self.columns)}:
            raise ValueError(f"{self.name}: a row has not as many cells as there are columns")

    @property
    def is_reached(self) -> bool:
        """Whether every figure is on the right side of its threshold."""
        return all(figure.is_reached for figure in self.figures)

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        figures = [figure.as_dict() for figure in self.figures]
        table = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return {
            "name": self.name,
            "title": self.title,
            "machine": dict(self.machine),
            "figures": figures,
            "rows": table,
        }


class NamedBenchmark(Protocol):
    """A benchmark of the command line."""

    name: str
    cores: int | None
    """Cores that it is measured on: 1, or None for all."""

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Measure; `full` at full length, where a shorter sample is the default.

        Raises:
            BenchmarkRunError: it could not be run.

        """


# --- Where it runs -----------------------------------------------------------------------------------------------


def pin_to_one_core() -> int | None:
    """Keep this process, and all that it starts from now on, on the last core allowed; None where that cannot be."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return core


def clean_environment(**more: str) -> dict[str, str]:
    """The environment of what is measured: the processor as it is, one thread."""
    kept = {name: value for name, value in os.environ.items() if name not in FORCED}
    return {**kept, **dict.fromkeys(THREADS, "1"), **more}


@dataclass
class Subject:
    """A process that is measured: it prints a greeting with its environment, then times repeats on request.

    Attributes:
        words: what it runs after the interpreter, such as `-m benchmarks.subjects.reading`.
        python: its interpreter: another one for a peer in an environment of its own.
        environment: of the process.

    """

    words: Sequence[str]
    python: str = sys.executable
    environment: Mapping[str, str] = field(default_factory=clean_environment)

    def __enter__(self) -> Self:
        """Start it."""
        self._process = subprocess.Popen(
            [self.python, *self.words],
            cwd=ROOT,
            env=dict(self.environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.hello = self._answer()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()

    def measure(self, repeats: int) -> list[float]:
        """Seconds of each of this many repeats."""
        if self._process.stdin is None:
            raise BenchmarkRunError("a subject without a standard input")
        self._process.stdin.write(f"{repeats}\n")
        self._process.stdin.flush()
        return [float(seconds) for seconds in self._answer()["seconds"]]

    def _answer(self) -> dict[str, Any]:
        """The next line that the process prints, as JSON."""
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise BenchmarkRunError(f"{' '.join(self.words)} ended without an answer (status {self._process.wait()}).")
        answer: dict[str, Any] = json.loads(line)
        return answer


def serve(hello: Mapping[str, Any], repeat: Callable[[], float]) -> None:
    """Be a subject: the other side of `Subject`. `repeat` does the work once and returns its seconds."""
    print(json.dumps(hello), flush=True)
    for line in sys.stdin:
        print(json.dumps({"seconds": [repeat() for _ in range(int(line))]}), flush=True)


# --- How it is measured ------------------------------------------------------------------------------------------


def interleaved(
    measures: Mapping[str, Callable[[int], Sequence[float]]], *, rounds: int, repeats: int, warmup: int
) -> dict[str, list[float]]:
    """Seconds of all repeats of each, measured in turns; every other round goes backwards: none is always first."""
    for measure in measures.values():
        measure(warmup)
    seconds: dict[str, list[float]] = {name: [] for name in measures}
    names = list(measures)
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):
            seconds[name] += measures[name](repeats)
    return seconds


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that this share does not exceed, interpolated."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
