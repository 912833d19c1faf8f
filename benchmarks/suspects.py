"""Wrong letters found: one training label of Cyrillic-MNIST in a hundred is changed, and the search is held to it.

The archive is looked for in PROPIS_DATA or ../shared/data. With PROPIS_SUSPECTS_VAR the data set stays in that folder,
so that `PROPIS_VAR=… manage.py start` shows the suspects on the review page.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.harness import ROOT, BenchmarkError, Figure, Report, Subject
from benchmarks.reading import machine

ARCHIVE = "cmnist.zip"
LEAST_FOUND, LEAST_FLIPPED = 80.0, 50.0
"""Per cent: of the changed labels that are suspected, and of the suspects whose label was changed."""


class Suspects:
    """How many wrong letters are found, and how many suspects are none."""

    name = "suspects"
    cores: int | None = None

    def run(self, *, full: bool = False) -> Report:
        """Change labels, search, count."""
        folder = Path(os.environ.get("PROPIS_DATA", ROOT.parent / "shared" / "data"))
        if not (folder / ARCHIVE).exists():
            raise BenchmarkError(f"suspects needs {ARCHIVE} in PROPIS_DATA or ../shared/data.")
        with Subject(["-m", "benchmarks.subjects.suspects", str(folder / ARCHIVE)], python=sys.executable) as subject:
            return report(subject.hello, machine())


def report(counts: Mapping[str, Any], machine: Mapping[str, Any]) -> Report:
    """Put the counts against the thresholds."""
    found = 100 * counts["found"] / counts["changed"]
    really = 100 * counts["found"] / counts["suspects"]
    figures = [
        Figure("changed labels that are suspected", found, "%", LEAST_FOUND, more_is_better=True),
        Figure("suspects whose label was changed", really, "%", LEAST_FLIPPED, more_is_better=True),
        Figure("letters read by cross-validation", 100 * counts["accuracy"], "%"),
        Figure("time of the whole search", counts["seconds"], "s"),
    ]
    columns = ("part", "pictures", "labels changed", "suspects", "of those changed")
    rows = [[str(cell) for cell in row] for row in counts["parts"]]
    title = f"One label in a hundred changed at random in {ARCHIVE}'s training part, then searched for (seed 0)"
    return Report("suspects", title, machine, figures, columns, rows)
