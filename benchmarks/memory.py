"""How much memory a training takes: the peak of a process that trains on 90,000 images, kept as bytes."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.harness import BenchmarkReport, Figure, Subject
from benchmarks.materials import letters
from benchmarks.reading import machine

THRESHOLD_MB = 400.0
PRESETS = ("thesis-relu", "standard")


class MemoryBenchmark:
    """The peak of a training."""

    name = "memory"
    cores: int | None = 1

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """An epoch of each preset, in a process of its own."""
        with TemporaryDirectory() as folder:
            letters_file = Path(folder) / "letters.npz"
            letters.save(letters_file)
            peaks = {preset: _peak(preset, letters_file) for preset in PRESETS}
        return report(peaks, machine())


def _peak(preset: str, letters_file: Path) -> float:
    """Megabytes."""
    with Subject(["-m", "benchmarks.subjects.memory", preset, str(letters_file)]) as subject:
        return float(subject.hello["peak_mb"])


def report(peaks: Mapping[str, float], machine: Mapping[str, object]) -> BenchmarkReport:
    """Each peak against the threshold."""
    figures = [Figure(f"peak, {preset}", peak, "MB", THRESHOLD_MB) for preset, peak in peaks.items()]
    rows = [(preset, f"{peak:.0f}") for preset, peak in peaks.items()]
    title = "Memory of a training on 90,000 letters of 784 bytes, 784-256-128-33: peak resident set of the process"
    return BenchmarkReport("memory", title, machine, figures, ("preset", "peak MB"), rows)
