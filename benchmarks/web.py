"""A letter and a page while others attack the web server, and while its processes are killed.

A server as `make run` starts it: two processes on one socket. A visitor has a letter read and then looks at a page,
each on a new connection, while attackers (`benchmarks.subjects.attacks`) do their worst in a process of their own.
"""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.harness import ROOT, BenchmarkReport, BenchmarkRunError, Figure, percentile
from benchmarks.materials.drawings import DRAWINGS
from benchmarks.reading import machine
from benchmarks.server import Server, running, serving
from benchmarks.subjects.attacks import ATTACKS, JSON

SECONDS, FULL_SECONDS = 10.0, 60.0
"""Of each attack that are looked at."""
PAUSE = 0.01
KILLS, VISITS_AFTER_A_KILL = 5, 20
MOST_P99_MS, LONGEST_MS = 1_000.0, 1_500.0
"""What a visitor may wait, whatever others do: but once in a hundred times, and at most."""
BODY = json.dumps({"strokes": DRAWINGS["О"]}).encode()
PAGE = "/models/"
IN_PEACE = "nothing"


@dataclass
class Visits:
    """What a visitor has met.

    Attributes:
        letters, pages: milliseconds of each, of a refusal too.
        refused: how many were, by status.
        met: how often something happened to the attackers meanwhile, by its name.

    """

    letters: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    met: Mapping[str, int] = field(default_factory=dict)

    def both(self, server: Server) -> None:
        """Have a letter read, and look at a page."""
        self.letters.append(self._once(server, "POST", "/api/recognize", BODY, JSON))
        self.pages.append(self._once(server, "GET", PAGE))

    def _once(self, server: Server, method: str, path: str, *sent: Any) -> float:
        """Milliseconds until an answer is there; of a process that was killed meanwhile it is asked again."""
        start = time.perf_counter()
        try:
            status = _status(server, method, path, *sent)
        except (ConnectionResetError, http.client.RemoteDisconnected):
            status = _status(server, method, path, *sent)
        if status != http.HTTPStatus.OK:
            self.refused[status] += 1
        return (time.perf_counter() - start) * 1000


class WebBenchmark:
    """A visitor while others attack."""

    name = "web"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Measure in peace, under each attack, and while processes are killed."""
        seconds = FULL_SECONDS if full else SECONDS
        with running(processes=2) as server:
            measured = {IN_PEACE: visits(server, seconds)}
            for name in ATTACKS:
                with attacked(server.port, name) as met:
                    measured[name] = visits(server, seconds)
                measured[name].met = met
            measured[f"{KILLS} processes killed"] = visits_under_kills(server)
        return report(measured)


def visits(server: Server, seconds: float) -> Visits:
    """Visit for so long."""
    made, end = Visits(), time.monotonic() + seconds
    while time.monotonic() < end:
        made.both(server)
        time.sleep(PAUSE)
    return made


def _status(server: Server, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> int:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, 60)) as connection:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        answer.read()
        return answer.status


def visits_under_kills(server: Server) -> Visits:
    """Visit while one process after the other is killed, each once there are two again."""
    made = Visits()
    for _number in range(KILLS):
        while len(processes := serving(server)) < 2:
            made.both(server)
        os.kill(processes[0], signal.SIGKILL)
        for _visit in range(VISITS_AFTER_A_KILL):
            made.both(server)
    return made


@contextlib.contextmanager
def attacked(port: int, name: str) -> Iterator[Counter[str]]:
    """A server of this machine that is attacked; what the attackers have met is known at the end."""
    met: Counter[str] = Counter()
    command = [sys.executable, "-m", "benchmarks.subjects.attacks", name, str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None or process.stdout.readline() != "begun\n":
                raise BenchmarkRunError(f"The attack did not begin: {name}.")
            yield met
            met.update(json.loads(process.communicate()[0]))
        finally:
            process.kill()


def report(measured: Mapping[str, Visits]) -> BenchmarkReport:
    """Put what a visitor waits against the thresholds."""
    figures = [Figure("visits that were refused", sum(made.refused.total() for made in measured.values()), "", 0)]
    for name, made in measured.items():
        waited = {"a letter": made.letters, "a page": made.pages}
        slower = max(waited, key=lambda what: percentile(waited[what], 99))
        p99, longest = percentile(waited[slower], 99), max(*made.letters, *made.pages)
        figures.append(Figure(f"p99 of {slower}, others: {name}", p99, "ms", MOST_P99_MS))
        figures.append(Figure(f"longest of both, others: {name}", longest, "ms", LONGEST_MS))
    rows = [
        (name, what, str(len(ms)), *(f"{value:.1f}" for value in (percentile(ms, 50), percentile(ms, 99), max(ms))),
         ", ".join(f"{count} × {met}" for met, count in sorted(made.met.items())))
        for name, made in measured.items()
        for what, ms in (("a letter", made.letters), ("a page", made.pages))
    ]  # fmt: skip
    columns = ("what others do", "what", "visits", "median ms", "p99 ms", "longest ms", "what the others met")
    title = (
        "A visitor has a letter read and looks at a page, each on a new connection, while others attack the web server"
    )
    return BenchmarkReport("web", title, machine(), figures, columns, rows)
