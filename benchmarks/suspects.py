"""Wrong labels found: one training label of Cyrillic-MNIST in a hundred is changed, then the search must find them.

The archive is looked for in PROPIS_DATA or ../shared/data. With PROPIS_SUSPECTS_VAR the data set stays in that folder,
so that `PROPIS_VAR=… manage.py start` shows the suspects on the review page.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.harness import ROOT, BenchmarkReport, BenchmarkRunError, Figure, Subject
from benchmarks.reading import machine

ARCHIVE = "cmnist.zip"
LEAST_FOUND, LEAST_FLIPPED = 80.0, 50.0
"""Per cent: of the changed labels that are suspected, and of the suspects whose label was changed."""


class SuspectsBenchmark:
    """How many wrong letters are found, and how many suspects are right after all."""

    name = "suspects"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Change labels, search, count."""
        folder = Path(os.environ.get("PROPIS_DATA", ROOT.parent / "shared" / "data"))
        if not (folder / ARCHIVE).exists():
            raise BenchmarkRunError(f"suspects needs {ARCHIVE} in PROPIS_DATA or ../shared/data.")
        with Subject(["-m", "benchmarks.subjects.suspects", str(folder / ARCHIVE)], python=sys.executable) as subject:
            return report(subject.hello, machine())


def report(counts: Mapping[str, Any], machine: Mapping[str, Any]) -> BenchmarkReport:
    """Compare the counts with the thresholds."""
    found = 100 * counts["found"] / counts["changed"]
    really = 100 * counts["found"] / counts["suspects"]
    figures = [
        Figure("changed labels that are suspected", found, "%", LEAST_FOUND, more_is_better=True),
        Figure("suspects whose label was changed", really, "%", LEAST_FLIPPED, more_is_better=True),
        Figure("letters read by cross-validation", 100 * counts["accuracy"], "%"),
        Figure("processor time of the whole search", counts["seconds"], "s"),
    ]
    columns = ("part", "pictures", "labels changed", "suspects", "of those changed")
    rows = [[str(cell) for cell in row] for row in counts["parts"]]
    title = f"One label in a hundred changed at random in {ARCHIVE}'s training part, then searched for (seed 0)"
    return BenchmarkReport("suspects", title, machine, figures, columns, rows)
