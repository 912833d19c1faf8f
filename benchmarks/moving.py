"""How long it takes to move a large installation from SQLite to PostgreSQL, with every row and file compared."""

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.harness import ROOT, BenchmarkReport, BenchmarkRunError, Figure, clean_environment
from benchmarks.reading import machine

MOST_SECONDS = 300.0
FILL = """
from tests import world
from benchmarks.materials import large_dataset
from django.conf import settings
from recognizer.models import StoredModel
import numpy as np
world.build(world.LARGE)
large_dataset.make_dataset("letters of many hands")
rng = np.random.default_rng(1)
(settings.PROPIS_VAR / "models").mkdir(exist_ok=True)
for model in StoredModel.objects.all():
    (settings.PROPIS_VAR / "models" / f"{model.file_sha256}.npz").write_bytes(rng.bytes(model.file_bytes))
"""
COUNTED = ("runs_run", "runs_epoch", "sweeps_trial", "recognizer_storedmodel", "recognizer_drawing", "datasets_dataset")


class MovingBenchmark:
    """2,000 runs of 50 epochs, 203 models, 50,000 drawings and a data set of 120,000 pictures."""

    name = "moving"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Fill an installation, move it, and compare it from outside."""
        with tempfile.TemporaryDirectory(prefix="propis-moving-") as name, _postgres() as address:
            old, new = Path(name) / "old", Path(name) / "new"
            old.mkdir()
            manage(old, "migrate", "-v0")
            manage(old, "shell", "--no-imports", "-v0", "-c", FILL)
            done = json.loads(manage(old, "move", "--to", address, "--folder", str(new), "--json"))
            again = json.loads(manage(old, "move", "--to", address, "--folder", str(new), "--json"))
            return _report(done, again, list(_counts(address)), size(new), differing(old, new))


@contextmanager
def _postgres() -> Iterator[str]:
    from tests.faults.postgres_server import cluster  # it needs the packages of the tests

    with cluster() as server:
        yield server.url


def manage(var: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=clean_environment(PROPIS_VAR=str(var)),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise BenchmarkRunError(f"{words[0]} failed: {done.stderr.strip()[-500:]}")
    return done.stdout


def _counts(address: str) -> Iterator[tuple[str, int]]:
    """Rows of the tables that are large, asked of PostgreSQL itself."""
    with psycopg.connect(address) as connection:
        for table in COUNTED:
            [count] = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() or [0]
            yield table, count


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def differing(old: Path, new: Path) -> int:
    """Files of models and data sets that are not the same in both folders."""
    names = [
        path.relative_to(old) for top in ("models", "datasets") for path in (old / top).rglob("*") if path.is_file()
    ]
    return sum(not (new / name).exists() or _sha256(old / name) != _sha256(new / name) for name in names)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _report(
    done: dict[str, Any], again: dict[str, Any], counts: list[tuple[str, int]], size: int, differing: int
) -> BenchmarkReport:
    figures = [
        Figure("the move, everything compared", done["seconds"], "s", MOST_SECONDS),
        Figure("files that differ afterwards", differing, "", 0),
        Figure("files copied again by a second move", again["copied"], "", 0),
        Figure("the second move, which only compares", again["seconds"], "s"),
    ]
    rows = [*counts, ("all tables", done["rows"]), ("files", done["files"]), ("bytes of files", size)]
    title = (
        "A move from SQLite to PostgreSQL: 2,000 runs of 50 epochs, 200 sweeps, 203 models, 50,000 drawings, "
        "a data set of 120,000 pictures"
    )
    return BenchmarkReport(
        "moving", title, machine(), figures, ("what", "there"), [(name, f"{n:,}") for name, n in rows]
    )
