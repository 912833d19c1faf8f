"""How long one letter takes to be read: through a running server, and inside the process."""

import http.client
import itertools
import json
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from benchmarks.harness import BenchmarkReport, BenchmarkRunError, Figure, Subject, interleaved, percentile
from benchmarks.materials.drawings import DRAWINGS
from benchmarks.server import running
from training.devices import sheet

THRESHOLD_MS = 30.0
ROUNDS, REPEATS, WARMUP = 10, 60, 30
SERVER, PROCESS = "HTTP round trip", "inside the process"
PIXELS = "moments-2"
OF_DIRECTIONS = {"256-128": "directions-1", "1024-512": "directions-1-fine"}
"""The ink specification of a network with hidden layers of these sizes, beside pixels."""
MORE_THAN_PIXELS = 1.3


class ReadingBenchmark:
    """The time of one reading."""

    name = "reading"
    cores: int | None = 1

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Ask a real server and processes of ours in turns."""
        with running() as server, ExitStack() as stack:
            client, measures = Client(server.port), {}
            measures[SERVER] = client.measure
            for name, words in _processes().items():
                command = ["-m", "benchmarks.subjects.reading", *words]
                subject = stack.enter_context(Subject(command, environment=server.environment))
                measures[name] = subject.measure
            seconds = interleaved(measures, rounds=ROUNDS, repeats=REPEATS, warmup=WARMUP)
            return report(seconds, {**machine(), **subject.hello["environment"]}, client.model)


def _processes() -> dict[str, list[str]]:
    """The words of each process by its name: with the model in service, then a pair for each size."""
    pairs = {
        network_name(sizes, ink): [ink, *sizes.split("-")]
        for sizes, directions in OF_DIRECTIONS.items()
        for ink in (PIXELS, directions)
    }
    return {PROCESS: [], **pairs}


def network_name(sizes: str, ink: str) -> str:
    """What the table calls the reading of a network that is not in service."""
    return f"{PROCESS}, {sizes} on {ink}"


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
            raise BenchmarkRunError(f"The server refused a drawing: {response.status} {answer[:200]!r}")
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


def report(seconds: Mapping[str, Sequence[float]], machine: Mapping[str, Any], model: str) -> BenchmarkReport:
    """Compare medians with the threshold."""
    milliseconds = {name: [1000 * each for each in values] for name, values in seconds.items()}
    medians = {name: percentile(ms, 50) for name, ms in milliseconds.items()}
    figures = [Figure(f"one drawing, {name}", medians[name], "ms", THRESHOLD_MS) for name in (SERVER, PROCESS)]
    for sizes, ink in OF_DIRECTIONS.items():
        ratio = medians[network_name(sizes, ink)] / medians[network_name(sizes, PIXELS)]
        figures.append(Figure(f"{ink}, times the reading of pixels, {sizes}", ratio, "×", MORE_THAN_PIXELS))
    rows = [
        (name, str(len(ms)), *(f"{value:.3f}" for value in (percentile(ms, 50), percentile(ms, 90), min(ms))))
        for name, ms in milliseconds.items()
    ]
    columns = ("where", "readings", "median ms", "p90 ms", "fastest ms")
    title = f"Reading one letter, model “{model}”, one core"
    return BenchmarkReport("reading", title, machine, figures, columns, rows)
