"""What the product adds to an epoch: a training by a worker, as the admin queues it, against the bare `train(...)`.

Both train the same recipe on the same letters, in turns; an epoch of the worker's has its share of the row, the
checkpoint, the heartbeats and the questions whether to stop.
"""

import statistics
from collections.abc import Sequence
from datetime import datetime

from benchmarks.harness import BenchmarkReport, Figure, Subject
from benchmarks.reading import machine
from benchmarks.workers import DATASET, Installation, installation

PRESET, PICTURES_PER_LETTER, EPOCHS = "standard", 1000, 6
ROUNDS, FULL_ROUNDS = 5, 11
MOST = 5.0


class OverheadBenchmark:
    """The time of an epoch of 256-128, in the product and bare."""

    name = "overhead"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Train in turns, every other round in the other order."""
        queued, bare = list[float](), list[float]()
        words = ["-m", "benchmarks.subjects.bare", PRESET, f"epochs={EPOCHS}"]
        with (
            installation(pictures_per_letter=PICTURES_PER_LETTER) as product,
            Subject(words, environment=product.environment) as subject,
            product.working(1),
        ):
            _queued(product)
            subject.measure(1)
            for number in range(FULL_ROUNDS if full else ROUNDS):
                if number % 2 == 0:
                    queued.append(_queued(product))
                bare.append(subject.measure(1)[0] / EPOCHS)
                if number % 2:
                    queued.append(_queued(product))
        return report(queued, bare)


def _queued(product: Installation) -> float:
    """Seconds an epoch of a training by the worker, from the beginning of the first to the row of the last."""
    product.manage("train", "--dataset", DATASET, "--preset", PRESET, "--epochs", str(EPOCHS), "--queue")
    rows = product.rows(
        "SELECT ended_at, seconds FROM runs_epoch WHERE run_id = (SELECT max(id) FROM runs_run) ORDER BY epoch"
    )
    ended = [datetime.fromisoformat(at) for at, _seconds in rows]
    return (float(rows[0][1]) + (ended[-1] - ended[0]).total_seconds()) / len(rows)


def report(queued: Sequence[float], bare: Sequence[float]) -> BenchmarkReport:
    """The ratio of the medians, against its threshold."""
    medians = [statistics.median(seconds) for seconds in (queued, bare)]
    figures = [Figure("slower than bare, an epoch", 100 * (medians[0] / medians[1] - 1), "%", MOST)]
    rows = [
        (what, f"{median:.3f}", f"{min(seconds):.3f}", f"{max(seconds):.3f}")
        for what, median, seconds in zip(("by a worker", "bare"), medians, (queued, bare), strict=True)
    ]
    title = f"An epoch of `{PRESET}` (256-128) on {33 * PICTURES_PER_LETTER:,} letters, by a worker and bare"
    columns = ("what", "median s", "fastest s", "slowest s")
    return BenchmarkReport("overhead", title, machine(), figures, columns, rows)
