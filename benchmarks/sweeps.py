"""What a sweep spends outside training, and how much faster two workers are than one.

Both are ratios of times that are taken together: Σ of the epochs' seconds against the time of the sweep; and the
time that two workers need against one's, beside what two bare training processes side by side need here (0.5 at best).
"""

import statistics
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from benchmarks.harness import Figure, Report, Subject
from benchmarks.reading import machine
from benchmarks.workers import Workshop, workshop

PICTURES_PER_LETTER, EPOCHS = 150, 5
RECIPE = ("--preset", "small", "--set", "batch_size=64", "--epochs", str(EPOCHS))
"""About a second for a trial on a core of 2020."""
SHORT, FULL, SCALED = 60, 1000, 16
ROUNDS = 3
MOST_OUTSIDE, MOST_OF_SHARE = 15.0, 1.1


class Sweeps:
    """Overhead and scaling of sweeps on SQLite and the file queue."""

    name = "sweeps"
    cores: int | None = None

    def run(self, *, full: bool = False) -> Report:
        """Run a sweep of short trials, then small ones by one worker and by two, in turns with bare trainings."""
        trials = FULL if full else SHORT
        with workshop(pictures_per_letter=PICTURES_PER_LETTER) as made:
            with made.working(1):
                long = made.sweep(RECIPE, trials)
            outside, seconds = _outside(made, long), _seconds(made, long)
            one, two, alone, together = _scaling(made)
        share, bare = (
            statistics.median(two) / statistics.median(one),
            statistics.median(together) / statistics.median(alone),
        )
        figures = [
            Figure(f"outside training, sweep of {trials} trials", 100 * outside, "%", MOST_OUTSIDE),
            Figure("two workers' share of one worker's time", share, "×", MOST_OF_SHARE * bare),
            Figure("two bare processes' share of one's time", bare, "×"),
        ]
        rows = [
            (f"sweep of {trials} trials, one worker", f"{seconds:.1f}", f"{seconds / trials:.3f}"),
            *(
                (name, f"{statistics.median(values):.1f}", f"{statistics.median(values) / SCALED:.3f}")
                for name, values in (
                    (f"sweep of {SCALED} trials, one worker", one),
                    (f"sweep of {SCALED} trials, two workers", two),
                    (f"{SCALED} bare trainings in one process", alone),
                    (f"{SCALED} bare trainings in two processes", together),
                )
            ),
        ]
        title = f"Sweeps of short trials, {EPOCHS} epochs each, SQLite and file queue"
        return Report("sweeps", title, machine(), figures, ("what", "s", "s a trial"), rows)


def _scaling(made: Workshop) -> tuple[list[float], list[float], list[float], list[float]]:
    """Seconds of one worker, two workers, one bare process and two, of each round."""
    one, two, alone, together = list[float](), list[float](), list[float](), list[float]()
    words = ["-m", "benchmarks.subjects.bare", "small", "batch_size=64", f"epochs={EPOCHS}"]
    for _round in range(ROUNDS):
        for processes, seconds in ((1, one), (2, two)):
            with made.working(processes):
                seconds.append(_seconds(made, made.sweep(RECIPE, SCALED)))
        with (
            Subject(words, environment=made.environment) as first,
            Subject(words, environment=made.environment) as second,
        ):
            alone.append(sum(first.measure(SCALED)))
            with ThreadPoolExecutor(2) as pool:
                halves = pool.map(lambda subject: sum(subject.measure(SCALED // 2)), (first, second))
                together.append(max(halves))
    return one, two, alone, together


def _outside(made: Workshop, sweep: int) -> float:
    """The share of a sweep's time in which no epoch ran, with one worker."""
    [(inside,)] = made.rows(
        f"SELECT sum(e.seconds) FROM runs_epoch e JOIN sweeps_trial t ON t.run_id = e.run_id WHERE t.sweep_id = {sweep}"
    )
    return 1 - float(inside) / _seconds(made, sweep)


def _seconds(made: Workshop, sweep: int) -> float:
    """From the start of a sweep's first trial to the end of its last."""
    [(began, ended)] = made.rows(
        "SELECT min(r.started_at), max(r.finished_at) FROM runs_run r "
        f"JOIN sweeps_trial t ON t.run_id = r.id WHERE t.sweep_id = {sweep}"
    )
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(began)).total_seconds()
