"""How many trials a second a sweep proposes for many workers at once, and how many Optuna's own storage would.

Ours is the whole way: the trials are read from the database, TPE is asked, and runs and trials are written. Optuna's is
a question to its storage on SQLite with the same trials, by a process that opens the study as each worker would.
"""

import sys
from collections.abc import Mapping
from typing import Any

from benchmarks.harness import BenchmarkReport, Figure, Subject
from benchmarks.reading import machine
from benchmarks.subjects.proposals import BATCHED, OPTUNA, SINGLE

OPEN, ENDED, BATCH, ALONE, FULL_ALONE = 1000, 500, 100, 3, 20
LEAST = OPEN / 600
"""A second: what 1,000 workers need whose trials take ten minutes."""


class ProposalsBenchmark:
    """TPE with 1,000 open trials and 500 that have ended."""

    name = "proposals"
    cores: int | None = 1

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Fill a sweep, and ask in each way."""
        counts = [str(number) for number in (OPEN, ENDED, BATCH, FULL_ALONE if full else ALONE)]
        with Subject(["-m", "benchmarks.subjects.proposals", *counts], python=sys.executable) as subject:
            return report(subject.hello, machine())


def report(rates: Mapping[str, float], machine: Mapping[str, Any]) -> BenchmarkReport:
    """Put the batch against what the workers need."""
    figures = [
        Figure(f"proposals a second, {BATCHED} of {BATCH}", rates[BATCHED], "", LEAST, more_is_better=True),
        Figure(f"proposals a second, {SINGLE}", rates[SINGLE], ""),
        Figure(f"proposals a second, {OPTUNA}", rates[OPTUNA], ""),
        Figure("ours in a batch, of Optuna's storage", rates[BATCHED] / rates[OPTUNA], "×"),
    ]
    rows = [(name, f"{rate:.2f}", f"{1000 / rate:.0f}") for name, rate in rates.items()]
    title = f"Proposals of TPE for a sweep with {OPEN:,} open and {ENDED} ended trials, of processor time on one core"
    return BenchmarkReport("proposals", title, machine, figures, ("asked", "a second", "ms each"), rows)
