"""How long one letter takes to be read: through a running server, and inside the process."""

import http.client
import itertools
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.drawings import DRAWINGS
from benchmarks.harness import BenchmarkError, Figure, Report, Subject, interleaved, percentile
from benchmarks.server import running
from training.devices import sheet

THRESHOLD_MS = 30.0
ROUNDS, REPEATS, WARMUP = 10, 60, 30
SERVER, PROCESS = "HTTP round trip", "inside the process"


class Reading:
    """The time of one reading."""

    name = "reading"
    cores: int | None = 1

    def run(self, *, full: bool = False) -> Report:
        """Ask a real server and a process of ours in turns."""
        with (
            running() as server,
            Subject(["-m", "benchmarks.subjects.reading"], environment=server.environment) as subject,
        ):
            client = Client(server.port)
            measures = {SERVER: client.measure, PROCESS: subject.measure}
            seconds = interleaved(measures, rounds=ROUNDS, repeats=REPEATS, warmup=WARMUP)
            return report(seconds, {**machine(), **subject.hello["environment"]}, client.model)


class Client:
    """A browser that draws letter after letter over one connection."""

    def __init__(self, port: int) -> None:
        """Prepare the requests."""
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self._bodies = itertools.cycle([json.dumps({"strokes": strokes}).encode() for strokes in DRAWINGS.values()])
        self.model = ""

    def measure(self, repeats: int) -> list[float]:
        """Seconds from sending a drawing to having read the answer."""
        return [self._once(next(self._bodies)) for _ in range(repeats)]

    def _once(self, body: bytes) -> float:
        start = time.perf_counter()
        self._connection.request("POST", "/api/recognize", body, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        answer = response.read()
        seconds = time.perf_counter() - start
        if response.status != http.client.OK:
            raise BenchmarkError(f"The server refused a drawing: {response.status} {answer[:200]!r}")
        self.model = json.loads(answer)["model"]["name"]
        return seconds


def machine() -> dict[str, Any]:
    """What it ran on, without what differs from start to start."""
    found = sheet.read()
    return {
        "processor": found.cpu_model,
        "microarchitecture": found.microarchitecture,
        "cores": found.cores,
        "memory_gb": found.ram_gb,
        "system": found.os_version,
    }


def report(seconds: Mapping[str, Sequence[float]], machine: Mapping[str, Any], model: str) -> Report:
    """Put medians against the threshold."""
    milliseconds = {name: [1000 * each for each in values] for name, values in seconds.items()}
    figures = [
        Figure(f"one drawing, {name}", percentile(ms, 50), "ms", THRESHOLD_MS) for name, ms in milliseconds.items()
    ]
    rows = [
        (name, str(len(ms)), *(f"{value:.3f}" for value in (percentile(ms, 50), percentile(ms, 90), min(ms))))
        for name, ms in milliseconds.items()
    ]
    columns = ("where", "readings", "median ms", "p90 ms", "fastest ms")
    title = f"Reading one letter, model “{model}”, one core"
    return Report("reading", title, machine, figures, columns, rows)
