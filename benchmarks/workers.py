"""The product's workers, as `manage.py worker` starts them, with a data set and state in a folder of their own."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.harness import ROOT, BenchmarkRunError, clean_environment

DATASET = "letters"
COMMAND_SECONDS = 3600
FINISHED = """
SELECT s.phase, (SELECT count(*) FROM sweeps_trial t JOIN runs_run r ON r.id = t.run_id
                 WHERE t.sweep_id = s.id AND r.state IN ('queued', 'running', 'paused'))
FROM sweeps_sweep s WHERE s.id = {sweep}
"""
"""A sweep's phase, and how many of its trials have not ended."""


@dataclass(frozen=True)
class Installation:
    """The product with its state in a folder of its own."""

    folder: Path
    environment: dict[str, str]

    def manage(self, *words: str) -> str:
        """Run a management command; return what it prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            text=True,
            capture_output=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        if done.returncode:
            raise BenchmarkRunError(f"manage.py {words[0]}: {done.stderr.strip()[-2000:]}")
        return done.stdout

    def sweep(self, recipe: Sequence[str], trials: int) -> int:
        """Run a sweep of this many trials, equal but for their learning rates, to its end; returns its number."""
        space = self.folder / "space.json"
        space.write_text(json.dumps({"learning_rate": [0.001 + 1e-6 * number for number in range(trials)]}))
        options = ["--space", str(space), "--trials", str(trials), "--queue", "--json"]
        return int(json.loads(self.manage("sweep", "--dataset", DATASET, *recipe, *options))["sweep"])

    def filled_sweep(self, changes: Sequence[str], trials: int, ended: int) -> int:
        """Run the same sweep with `ended` of its trials over already, to its end; returns its number."""
        words = ["-m", "benchmarks.subjects.filled_sweep", str(trials), str(ended), *changes]
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.environment, text=True, capture_output=True, check=False
        )
        if done.returncode:
            raise BenchmarkRunError(f"{words[1]}: {done.stderr.strip()[-2000:]}")
        key = int(done.stdout)
        self.wait(lambda: self.rows(FINISHED.format(sweep=key)) == [("closed", 0)], seconds=COMMAND_SECONDS, every=0.5)
        return key

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the database."""
        with contextlib.closing(sqlite3.connect(self.folder / "propis.sqlite3", timeout=60)) as connection:
            return connection.execute(sql).fetchall()

    def wait(self, holds: Callable[[], object], *, seconds: float = 600, every: float = 0.02) -> float:
        """Wait until a condition holds; return the seconds that it took."""
        began = time.monotonic()
        while not holds():
            if time.monotonic() - began > seconds:
                raise BenchmarkRunError(f"It did not happen within {seconds:g} s.")
            time.sleep(every)
        return time.monotonic() - began

    @contextlib.contextmanager
    def working(self, processes: int) -> Iterator[None]:
        """Workers that train this many runs at once, and the clock."""
        with (self.folder / "workers.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "worker"],
                cwd=ROOT,
                env={**self.environment, "PROPIS_TRAINING_PROCESSES": str(processes)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=40)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextlib.contextmanager
def installation(*, pictures_per_letter: int, heartbeat_seconds: float = 10.0) -> Iterator[Installation]:
    """The product with one data set, of letters drawn from fonts."""
    with tempfile.TemporaryDirectory(prefix="propis-bench-") as name:
        environment = clean_environment(PROPIS_VAR=name, PROPIS_HEARTBEAT_SECONDS=str(heartbeat_seconds))
        for variable in ("DATABASE_URL", "BROKER_URL", "CACHE_URL"):
            environment.pop(variable, None)
        product, archive = Installation(Path(name), environment), Path(name, "letters.zip")
        product.manage("migrate", "--verbosity", "0")
        code = (
            "from pathlib import Path\n"
            "from training.datasets import synthesis\n"
            f"synthesis.make_archive(Path({str(archive)!r}), per_letter={pictures_per_letter}, seed=1)"
        )
        product.manage("shell", "--no-imports", "-v0", "-c", code)
        product.manage("import_dataset", str(archive), "--name", DATASET, "--yes")
        product.manage("setup")  # afterwards: where there is a data set, none is drawn by the worker
        yield product
