"""From a machine that is nothing yet to its first row on the board, by the line that the page of devices shows.

Its Python has no numpy: the line installs it. Its own work begins with the pasted line and ends with the row.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.devices.product import address, manage, measured, seconds_until, site_with_worker
from benchmarks.harness import FORCED, BenchmarkReport, Figure
from benchmarks.reading import machine
from benchmarks.server import Server

MOST_SECONDS, GIVE_UP_SECONDS = 180.0, 900.0
QUIET_SPREAD = 3.0
ROWS = 2
"""A new device is given two benchmarks: one by one, and in batches."""


class FirstRowBenchmark:
    """One line, and the minutes until the board has its row."""

    name = "first-row"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Paste the line and watch the board."""
        with site_with_worker() as server, tempfile.TemporaryDirectory(prefix="propis-device-") as folder:
            line = f"curl -fsS {address(server)}/devices/agent.sh | sh -s -- {manage(server, 'device_code').strip()}"
            began = time.monotonic()
            with (Path(folder) / "agent.log").open("wb") as log:
                agent = subprocess.Popen(
                    ["sh", "-c", line], env=bare_machine(Path(folder)), stdout=log, stderr=log, start_new_session=True
                )
            try:
                return self._watched(server, began)
            finally:
                os.killpg(agent.pid, signal.SIGKILL)
                agent.wait()

    def _watched(self, server: Server, began: float) -> BenchmarkReport:
        first = seconds_until(lambda: bool(measured(server)), began, GIVE_UP_SECONDS)
        both = seconds_until(lambda: len(measured(server)) == ROWS, began, GIVE_UP_SECONDS)
        rows = measured(server)
        spreads = [Figure(f"spread of five repeats, {_how(row)}", 100 * row["spread"], "%") for row in rows]
        figures = [
            Figure("commands to paste", 1, "", 3),
            Figure("from the pasted line to the first row", first, "s", MOST_SECONDS),
            Figure("from the pasted line to both rows", both, "s"),
            *spreads,
        ]
        title = "From a machine without numpy to its row on the board, by the line that the page shows"
        head = ("model", "precision", "how", "seconds for 10,000", "spread", "said of it")
        shown = [
            (
                row["model"], row["precision"], _how(row), f"{row['seconds']:.4f}", f"{100 * row['spread']:.1f} %",
                " ".join(row["remarks"]) or "nothing",
            )
            for row in rows
        ]  # fmt: skip
        return BenchmarkReport("first-row", title, machine(), figures, head, shown)


def bare_machine(home: Path) -> dict[str, str]:
    """An environment whose python3 is this one's, without any package, and whose home is empty."""
    programs = home / "bin"
    programs.mkdir()
    (programs / "python3").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PROPIS", "VIRTUAL"))}
    for name in FORCED:
        kept.pop(name, None)
    return {**kept, "HOME": str(home), "PATH": f"{programs}:/usr/bin:/bin"}


def _how(row: dict[str, object]) -> str:
    return "one by one" if row["batch_size"] == 1 else f"by {row['batch_size']}"
