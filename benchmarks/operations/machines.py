"""Eight workers on two machines that share no folder: their bits, their time, and what each asks of the servers."""

import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from benchmarks.harness import BenchmarkReport, Figure
from benchmarks.reading import machine

if TYPE_CHECKING:
    from tests.services.hosts import Site

HOSTS, WORKERS_EACH, IDLE_SECONDS = 2, 4, 20.0
EPOCHS = 10
SPACE = {"learning_rate": [0.002, 0.005, 0.01, 0.02], "l2": [0, 0.1, 0.2, 0.3]}
TRIALS = """
SELECT r.weights_sha256, r.worker FROM sweeps_trial t JOIN runs_run r ON r.id = t.run_id
WHERE t.sweep_id = {} ORDER BY t.position
"""
SAVED = """
import json, time
from django.conf import settings
from recognizer.filestore import objects
from training.core.hyperparameters import PRESETS
from training.core.trainer import TrainingState
from training.runs.models import Run
from training.runs.worker import checkpoints
run = Run.objects.order_by("-pk").first()
state = TrainingState.begin(PRESETS["small"], n_inputs=784, n_classes=33)
def seconds():
    taken = []
    for state.epoch in range(1, 31):
        began = time.perf_counter()
        checkpoints.save(run, state)
        taken.append(time.perf_counter() - began)
    return sorted(taken)[15]
there = seconds()
del settings.STORAGES["files"]
objects.store.cache_clear()
print(json.dumps([there, seconds()]))
"""


class MachinesBenchmark:
    """A sweep of 16 trials by 8 workers on two machines, and the same on one."""

    name = "machines"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Measure the idle workers, the sweep on one machine and on two, and a checkpoint."""
        from tests.services.hosts import site  # it needs the packages of the tests

        with (
            tempfile.TemporaryDirectory(prefix="propis-machines-") as name,
            site(Path(name), hosts=HOSTS, workers=WORKERS_EACH) as two,
        ):
            asked, connections = _idle(two.office.environment["DATABASE_URL"])
            here, alone = _sweep(two, Path(name) / "space.json")
            there, together = _sweep(two, Path(name) / "space.json", "--queue")
            in_store, in_folder = json.loads(two.office.manage("shell", "--no-imports", "-v0", "-c", SAVED).stdout)
            used = sum(any(two.has(host, row["worker"]) for row in there) for host in two.hosts)
        differing = sum(a["weights_sha256"] != b["weights_sha256"] for a, b in zip(here, there, strict=True))
        figures = [
            Figure("trials whose bits differ from those of one machine", differing, "", 0),
            Figure("machines that trained some of them", used, "", HOSTS, more_is_better=True),
            Figure("transactions a second of an idle worker", asked / (HOSTS * WORKERS_EACH), ""),
            Figure("connections to PostgreSQL of an idle worker", connections / (HOSTS * WORKERS_EACH), ""),
            Figure("a checkpoint in the store (median)", 1000 * in_store, "ms"),
            Figure("a checkpoint in a folder (median)", 1000 * in_folder, "ms"),
        ]
        rows = [
            ("16 trials in one process", f"{alone:.1f}"),
            ("16 trials by 8 workers on 2 machines", f"{together:.1f}"),
        ]
        title = "Eight workers on two machines that share PostgreSQL, Redis and an S3 server, and no folder"
        return BenchmarkReport("machines", title, machine(), figures, ("what", "s"), rows)


def _sweep(two: "Site", space: Path, *more: str) -> tuple[Sequence[dict[str, Any]], float]:
    """The trials of a sweep in the order of its grid, and how long it took."""
    from tests.faults.rows import rows

    space.write_text(json.dumps(SPACE))
    words = ("--dataset", "letters", "--preset", "small", "--epochs", str(EPOCHS), "--set", "batch_size=64")
    began = time.perf_counter()
    done = two.office.manage_json("sweep", *words, "--space", str(space), *more, timeout=1800)
    return rows(two.office, TRIALS.format(done["sweep"])), time.perf_counter() - began


def _idle(address: str) -> tuple[float, int]:
    """Transactions of a database a second, and connections to it, while nothing is to be done."""
    with psycopg.connect(address, autocommit=True) as connection:
        counts = []
        for pause in (IDLE_SECONDS, 0):
            [count] = connection.execute(
                "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
            ).fetchone() or [0]
            counts.append(count)
            time.sleep(pause)
        [others] = connection.execute(
            "SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()"
        ).fetchone() or [0]
    return float(counts[1] - counts[0]) / IDLE_SECONDS, int(others)
