"""What a killed worker costs, and how soon a cancel is seen, with the product's own settings: heartbeats of 10 s."""

import os
import signal
from collections.abc import Iterator
from typing import Any

from benchmarks.harness import BenchmarkReport, Figure
from benchmarks.reading import machine
from benchmarks.workers import DATASET, Installation, installation

HEARTBEAT_SECONDS = 10.0
KILLS, CANCELS = 4, 5
MOST_PERIODS, MOST_CANCEL_SECONDS = 5.0, 2.0
PICTURES_PER_LETTER, EPOCHS = 100, 10_000

QUEUE = (
    "from training.core.hyperparameters import PRESETS, Hyperparameters\n"
    "from training.datasets.models import Dataset\n"
    "from training.runs.services import create_run\n"
    f"recipe = Hyperparameters.from_mapping({{'epochs': {EPOCHS}, 'batch_size': 64}}, base=PRESETS['small'])\n"
    f"dataset = Dataset.objects.get(name='{DATASET}')\n"
    "for _ in range({count}): create_run([dataset], recipe)"
)
CANCEL = (
    "from training.jobs import lifecycle\n"
    "from training.runs.models import Run\n"
    "lifecycle.request_cancel(Run.objects.get(pk={key}))"
)


class RecoveryBenchmark:
    """Kills and cancels of a long training."""

    name = "recovery"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Kill the process that trains, several times; then cancel one training after the other."""
        with installation(pictures_per_letter=PICTURES_PER_LETTER, heartbeat_seconds=HEARTBEAT_SECONDS) as product:
            _queue(product, 1)  # alone, or another run would be trained while this one is lost
            with product.working(1):
                kills = list(_kills(product))
                _queue(product, CANCELS - 1)
                cancels = list(_cancels(product))
        figures = [
            Figure("finished epochs lost by a kill, at most", max(lost for lost, _periods in kills), "", 0),
            Figure(
                "until the work goes on, at most",
                max(periods for _lost, periods in kills),
                "periods of 10 s",
                MOST_PERIODS,
            ),
            Figure("until a cancel is seen, at most", max(cancels), "s", MOST_CANCEL_SECONDS),
        ]
        rows = [(f"kill {number}", f"{10 * periods:.1f}", str(lost)) for number, (lost, periods) in enumerate(kills, 1)]
        rows += [(f"cancel {number}", f"{seconds:.2f}", "") for number, seconds in enumerate(cancels, 1)]
        title = "A training whose worker is killed, and one that is cancelled, SQLite and file queue"
        return BenchmarkReport("recovery", title, machine(), figures, ("what", "s", "finished epochs lost"), rows)


def _queue(product: Installation, count: int) -> None:
    product.manage("shell", "--no-imports", "-v0", "-c", QUEUE.replace("{count}", str(count)))


def _row(product: Installation, key: int) -> dict[str, Any]:
    [row] = product.rows(f"SELECT state, attempt, epoch, worker FROM runs_run WHERE id = {key}")
    return dict(zip(("state", "attempt", "epoch", "worker"), row, strict=True))


def _kills(product: Installation) -> Iterator[tuple[int, float]]:
    """Epochs lost and periods until the next epoch was there, for each kill in the middle of an epoch."""
    for _number in range(KILLS):
        before = _row(product, 1)
        product.wait(lambda before=before: _row(product, 1)["epoch"] > before["epoch"])  # type: ignore[misc]
        os.kill(int(_row(product, 1)["worker"].rpartition(":")[2]), signal.SIGKILL)
        killed = _row(product, 1)
        seconds = product.wait(lambda killed=killed: _goes_on(product, killed))  # type: ignore[misc]
        [(text,)] = product.rows("SELECT text FROM jobs_jobevent WHERE name = 'goes on' ORDER BY id DESC LIMIT 1")
        resumed = int("".join(letter for letter in text if letter.isdigit()))
        yield killed["epoch"] - resumed, seconds / HEARTBEAT_SECONDS


def _goes_on(product: Installation, before: dict[str, Any]) -> bool:
    """Whether a later attempt has finished an epoch more."""
    now = _row(product, 1)
    return bool(now["state"] == "running" and now["attempt"] > before["attempt"] and now["epoch"] > before["epoch"])


def _cancels(product: Installation) -> Iterator[float]:
    """Seconds from the request, which the database dates, to the end of the training."""
    for key in range(1, CANCELS + 1):
        product.wait(lambda key=key: _row(product, key)["epoch"] > 0)  # type: ignore[misc]
        product.manage("shell", "--no-imports", "-v0", "-c", CANCEL.replace("{key}", str(key)))
        product.wait(lambda key=key: _row(product, key)["state"] == "cancelled")  # type: ignore[misc]
        [(seconds,)] = product.rows(
            "SELECT 86400 * (julianday(b.at) - julianday(a.at)) FROM jobs_jobevent a, jobs_jobevent b "
            f"WHERE a.job_id = {key} AND b.job_id = {key} AND a.kind = 'runs.run' AND b.kind = 'runs.run' "
            "AND a.name = 'cancel requested' AND b.name = 'cancelled'"
        )
        yield seconds
