"""A site with a worker and letters, as a person who starts it has it, and what its board says."""

import contextlib
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.harness import ROOT, BenchmarkRunError
from benchmarks.server import Server, running

PER_LETTER = 20
LOOK_SECONDS = 0.2
COMMAND_SECONDS = 900


@contextlib.contextmanager
def site_with_worker() -> Iterator[Server]:
    """Web server and worker of their own; the model in service has letters to be tested with."""
    with running(processes=2) as server:
        manage(server, "make_dataset", "synthetic", "--name", "letters", "--per-letter", str(PER_LETTER), "--seed", "1")
        words = [sys.executable, "manage.py", "worker"]
        worker = subprocess.Popen(
            words, cwd=ROOT, env=server.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield server
        finally:
            worker.terminate()
            worker.wait(timeout=60)


def manage(server: Server, *words: str) -> str:
    """Run a management command; what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT, env=server.environment, text=True, capture_output=True, timeout=COMMAND_SECONDS, check=False,
    )  # fmt: skip
    if done.returncode:
        raise BenchmarkRunError(f"manage.py {words[0]}: {done.stderr.strip()[-2000:]}")
    return done.stdout


def address(server: Server) -> str:
    """Where the site is."""
    return f"http://127.0.0.1:{server.port}"


def measured(server: Server) -> list[dict[str, Any]]:
    """The rows of the board that devices of ours have measured."""
    with urllib.request.urlopen(f"{address(server)}/devices/board.json", timeout=60) as answer:
        return [row for row in json.load(answer)["times"] if row["source"] == "measured"]


def seconds_until(holds: Callable[[], bool], since: float, limit: float) -> float:
    """Seconds since then until something holds.

    Raises:
        BenchmarkRunError: it does not within the limit.

    """
    while not holds():
        if time.monotonic() - since > limit:
            raise BenchmarkRunError(f"it did not happen within {limit:.0f} s")
        time.sleep(LOOK_SECONDS)
    return time.monotonic() - since
