"""How long pages take, in processor time on SQLite.

The largest ones: a data set of 120,000 pictures, 200 runs compared. And every address with as many rows as a busy year
leaves: 2,000 runs of 50 epochs, 200 sweeps, 203 models, 50,000 drawings.
"""

import sys
from collections.abc import Mapping
from typing import Any

from benchmarks.harness import BenchmarkReport, Figure, Subject
from benchmarks.reading import machine
from benchmarks.subjects.growth import EXPORT, FIRST_ROW
from benchmarks.subjects.pages import COMPARISON

MOST_SECONDS, MOST_COMPARISON_SECONDS = 0.3, 1.0
SHOWN = 12
"""Addresses that the report lists, the slowest ones."""


class PagesBenchmark:
    """Each page, the best of three."""

    name = "pages"
    cores: int | None = 1

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Make what the pages show, and ask for them."""
        with Subject(["-m", "benchmarks.subjects.pages"], python=sys.executable) as subject:
            return report(subject.hello, machine())


def report(seconds: Mapping[str, float], machine: Mapping[str, Any]) -> BenchmarkReport:
    """Put the slowest page, and the comparison, against their thresholds."""
    slowest = max(taken for name, taken in seconds.items() if name != COMPARISON)
    figures = [
        Figure("the slowest page of a data set", slowest, "s", MOST_SECONDS),
        Figure(COMPARISON, seconds[COMPARISON], "s", MOST_COMPARISON_SECONDS),
    ]
    rows = [(name, f"{1000 * taken:.0f}") for name, taken in seconds.items()]
    title = "Processor time of pages: a data set of 120,000 pictures, 200 runs compared; the best of three"
    return BenchmarkReport("pages", title, machine, figures, ("page", "ms"), rows)


class GrowthBenchmark:
    """Each address, the best of three."""

    name = "growth"
    cores: int | None = 1

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Fill a database, and ask for every address."""
        with Subject(["-m", "benchmarks.subjects.growth"], python=sys.executable) as subject:
            return growth_report(subject.hello, machine())


def growth_report(found: Mapping[str, Any], machine: Mapping[str, Any]) -> BenchmarkReport:
    """Put the slowest address and link, the first line of the export, and errors, against thresholds."""
    pages, links = found["addresses"], found["links"]
    slowest, slowest_links = (sorted(each, key=lambda name: -each[name]) for each in (pages, links))
    figures = [
        Figure(f"the slowest of {len(pages)} addresses", pages[slowest[0]], "s", MOST_SECONDS),
        Figure(f"the slowest of {len(links)} kinds of links, by role", links[slowest_links[0]], "s", MOST_SECONDS),
        Figure("links that led to an error of the server", len(found["failed"]), "", 0),
        Figure(FIRST_ROW, found["exports"][FIRST_ROW], "s", MOST_SECONDS),
        Figure(EXPORT, found["exports"][EXPORT], "s"),
    ]
    rows = [(name, f"{1000 * pages[name]:.0f}") for name in slowest[:SHOWN]]
    rows += [(name, f"{1000 * links[name]:.0f}") for name in slowest_links[:SHOWN]]
    rows += [(f"failed: {name}", "") for name in found["failed"]]
    title = (
        "Processor time of every address, and of every link that somebody of each role is shown, with 2,000 runs of 50 "
        "epochs, 200 sweeps, 203 models and 50,000 drawings; the best of three, the slowest listed"
    )
    return BenchmarkReport("growth", title, machine, figures, ("address, or link with what it asks", "ms"), rows)
