"""A backup of a large installation, and its restoring into an empty one: every row and every file compared by hash."""

import hashlib
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.harness import BenchmarkReport, Figure
from benchmarks.moving import FILL, differing, manage, size
from benchmarks.reading import machine

DATABASE = "propis.sqlite3"
OF_THE_BACKUP = ("keeping_backup",)
"""Tables that a backup itself writes to."""


class RestoringBenchmark:
    """Back up, restore, compare."""

    name = "restoring"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Fill an installation, back it up, restore it into an empty folder, and compare from outside."""
        with tempfile.TemporaryDirectory(prefix="propis-restoring-") as name:
            old, new, archive = Path(name, "old"), Path(name, "new"), Path(name, "all.zip")
            old.mkdir()
            new.mkdir()
            manage(old, "migrate", "-v0")
            manage(old, "shell", "--no-imports", "-v0", "-c", FILL)
            began = time.monotonic()
            manage(old, "backup", str(archive))
            backed_up = time.monotonic()
            manage(new, "restore", str(archive))
            restored = time.monotonic()
            counts = dict(_tables(old))
            again = dict(_tables(new))
            changed = [table for table in counts if counts[table] != again.get(table)]
            seconds = (backed_up - began, restored - backed_up)
            rows = sum(count for count, _digest in counts.values())
            return report(seconds, changed, differing(old, new), rows, size(new), archive.stat().st_size)


def _tables(folder: Path) -> Iterator[tuple[str, tuple[int, str]]]:
    """The number of rows of each table, and a hash of all that stands in them."""
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        for (table,) in found:
            if table in OF_THE_BACKUP:
                continue
            digest, count = hashlib.sha256(), 0
            for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY 1'):
                digest.update(repr(row).encode())
                count += 1
            yield table, (count, digest.hexdigest())


def report(
    seconds: tuple[float, float], changed: list[str], files: int, rows: int, size: int, archive: int
) -> BenchmarkReport:
    """Nothing may differ; the seconds are only told."""
    figures = [
        Figure("tables that differ afterwards", len(changed), "", 0),
        Figure("files that differ afterwards", files, "", 0),
        Figure("the backup", seconds[0], "s"),
        Figure("its restoring, everything checked", seconds[1], "s"),
    ]
    table = [
        ("rows", f"{rows:,}"),
        ("bytes of files", f"{size:,}"),
        ("bytes of the backup", f"{archive:,}"),
        ("tables that differ", ", ".join(changed) or "none"),
    ]
    title = (
        "A backup and its restoring into an empty installation: 2,000 runs of 50 epochs, 200 sweeps, 203 models, "
        "50,000 drawings, a data set of 120,000 pictures"
    )
    return BenchmarkReport("restoring", title, machine(), figures, ("what", "there"), table)
