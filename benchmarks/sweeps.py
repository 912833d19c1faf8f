"""What a sweep spends outside training, and how much faster two workers are than one.

Both are ratios of times that are taken together: Σ of the epochs' seconds against the time of the sweep; and the
time that two workers need against one's, beside what two bare training processes side by side need here (0.5 at best).
"""

import statistics
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from benchmarks.harness import BenchmarkReport, Figure, Subject
from benchmarks.reading import machine
from benchmarks.workers import Installation, installation

PICTURES_PER_LETTER, EPOCHS, SECONDS = 400, 5, 1.0
"""A trial of this many epochs is timed on this machine; then trials get as many epochs as take a second."""
SHORT, FULL, SCALED = 60, 1000, 16
"""Trials: the last ones of a long sweep, all of it, and those of a sweep by one worker and by two."""
ROUNDS = 3
MOST_OUTSIDE, MOST_OF_SHARE = 15.0, 1.1


class SweepsBenchmark:
    """Overhead and scaling of sweeps on SQLite and the file queue."""

    name = "sweeps"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Run a long sweep of short trials, or the end of one; then small ones in turns with bare trainings."""
        with installation(pictures_per_letter=PICTURES_PER_LETTER) as product:
            changes = ("batch_size=64", f"epochs={_epochs_of_a_second(product)}")
            with product.working(1):
                long = (
                    product.sweep(_options(changes), FULL)
                    if full
                    else product.filled_sweep(changes, FULL, FULL - SHORT)
                )
            outside, seconds = _outside(product, long), _seconds(product, long)
            scaling = _scaling(product, changes)
        what = f"sweep of {FULL} trials" if full else f"the last {SHORT} trials of a sweep of {FULL}"
        figures = [Figure(f"outside training, {what}", 100 * outside, "%", MOST_OUTSIDE), *scaling.figures()]
        rows = [_row(f"{what}, one worker", seconds, FULL if full else SHORT), *scaling.rows()]
        title = f"Sweeps of trials of a second, {changes[-1]}, SQLite and file queue"
        return BenchmarkReport("sweeps", title, machine(), figures, ("what", "s", "s a trial"), rows)


def _bare(product: Installation, changes: Sequence[str]) -> Subject:
    return Subject(["-m", "benchmarks.subjects.bare", "small", *changes], environment=product.environment)


def _epochs_of_a_second(product: Installation) -> int:
    with _bare(product, ("batch_size=64", f"epochs={EPOCHS}")) as subject:
        subject.measure(1)
        return max(1, round(EPOCHS * SECONDS / statistics.median(subject.measure(3))))


def _options(changes: Sequence[str]) -> list[str]:
    """The recipe as the command takes it."""
    return ["--preset", "small", *(word for change in changes for word in ("--set", change))]


@dataclass(frozen=True)
class Scaling:
    """Seconds of each round: sweeps by one worker and by two, bare trainings in one process and in two."""

    one: list[float] = field(default_factory=list)
    two: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    together: list[float] = field(default_factory=list)

    def figures(self) -> list[Figure]:
        """Both shares, that of the workers held to that of the bare processes."""
        share = statistics.median(self.two) / statistics.median(self.one)
        bare = statistics.median(self.together) / statistics.median(self.alone)
        return [
            Figure("two workers' share of one worker's time", share, "×", MOST_OF_SHARE * bare),
            Figure("two bare processes' share of one's time", bare, "×"),
        ]

    def rows(self) -> list[tuple[str, ...]]:
        """The medians."""
        return [
            _row(f"sweep of {SCALED} trials, one worker", statistics.median(self.one), SCALED),
            _row(f"sweep of {SCALED} trials, two workers", statistics.median(self.two), SCALED),
            _row(f"{SCALED} bare trainings in one process", statistics.median(self.alone), SCALED),
            _row(f"{SCALED} bare trainings in two processes", statistics.median(self.together), SCALED),
        ]


def _row(what: str, seconds: float, trials: int) -> tuple[str, ...]:
    return what, f"{seconds:.1f}", f"{seconds / trials:.3f}"


def _scaling(product: Installation, changes: Sequence[str]) -> Scaling:
    """Measure in turns."""
    found = Scaling()
    for _round in range(ROUNDS):
        for processes, seconds in ((1, found.one), (2, found.two)):
            with product.working(processes):
                seconds.append(_seconds(product, product.sweep(_options(changes), SCALED)))
        with _bare(product, changes) as first, _bare(product, changes) as second:
            for subject in (first, second):
                subject.measure(1)
            found.alone.append(sum(first.measure(SCALED)))
            with ThreadPoolExecutor(2) as pool:
                halves = pool.map(lambda subject: sum(subject.measure(SCALED // 2)), (first, second))
                found.together.append(max(halves))
    return found


def _outside(product: Installation, sweep: int) -> float:
    """The share of a sweep's time in which no epoch ran, with one worker."""
    [(inside,)] = product.rows(
        f"SELECT sum(e.seconds) FROM runs_epoch e JOIN sweeps_trial t ON t.run_id = e.run_id WHERE t.sweep_id = {sweep}"
    )
    return 1 - float(inside) / _seconds(product, sweep)


def _seconds(product: Installation, sweep: int) -> float:
    """From the start of a sweep's first trial to the end of its last."""
    [(began, ended)] = product.rows(
        "SELECT min(r.started_at), max(r.finished_at) FROM runs_run r "
        f"JOIN sweeps_trial t ON t.run_id = r.id WHERE t.sweep_id = {sweep}"
    )
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(began)).total_seconds()
