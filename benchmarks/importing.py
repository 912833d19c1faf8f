"""How long the import of a real archive takes, against a plain loop that only reads and decodes the same archive."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.harness import ROOT, BenchmarkReport, Figure, Subject, clean_environment, interleaved
from benchmarks.reading import machine

SUBJECT = ("-m", "benchmarks.subjects.importing")
ARCHIVES: Mapping[str, float] = {"cmnist.zip": 1.4, "comnist-cyrillic.zip": 1.5}
"""How many times the loop's time an import may take."""
MOST_MEGABYTES = 600
ROUNDS = 5
TITLE = "Import of the real archives against a loop of ZipFile.read and Pillow, all cores"

Seconds = Mapping[str, Sequence[float]]


class ImportingBenchmark:
    """The time of an import, and its memory."""

    name = "importing"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Import and loop in turns; nothing is measured where the real archives are not."""
        folder = Path(os.environ.get("PROPIS_DATA", ROOT.parent / "shared" / "data"))
        if not all((folder / archive).exists() for archive in ARCHIVES):
            return BenchmarkReport(
                self.name, f"{TITLE}: left out, PROPIS_DATA names no folder with them", {}, [], (), []
            )
        seconds: dict[str, list[float]] = {}
        for archive in ARCHIVES:
            seconds |= _measured(folder / archive)
        return report(seconds, {each: _megabytes(folder / each) for each in ARCHIVES}, machine())


def _measured(archive: Path) -> dict[str, list[float]]:
    with ExitStack() as stack:
        subjects = {
            f"{kind} {archive.name}": stack.enter_context(Subject([*SUBJECT, kind, str(archive)]))
            for kind in ("loop", "import")
        }
        measures = {name: subject.measure for name, subject in subjects.items()}
        return interleaved(measures, rounds=ROUNDS, repeats=1, warmup=1)


def _megabytes(archive: Path) -> float:
    """Peak memory of one import and its helpers together."""
    words = [sys.executable, *SUBJECT, "memory", str(archive)]
    done = subprocess.run(words, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout)["megabytes"])


def report(seconds: Seconds, megabytes: Mapping[str, float], machine: Mapping[str, object]) -> BenchmarkReport:
    """Compare ratios of medians, and memory, with their thresholds."""
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    figures = []
    for archive, most in ARCHIVES.items():
        ratio = medians[f"import {archive}"] / medians[f"loop {archive}"]
        figures.append(Figure(f"{archive}, times the loop", ratio, "×", most))
        figures.append(Figure(f"{archive}, peak memory", megabytes[archive], "MB", MOST_MEGABYTES))
    rows = [(*name.split(), f"{medians[name]:.2f}", f"{min(values):.2f}") for name, values in seconds.items()]
    return BenchmarkReport("importing", TITLE, machine, figures, ("what", "archive", "median s", "fastest s"), rows)
