"""What a letter costs the server beyond an empty answer, and how many a batch reads in a second."""

import base64
import contextlib
import io
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from benchmarks.api.crowd import PATIENCE, Crowd, request
from benchmarks.harness import ROOT, BenchmarkReport, BenchmarkRunError, Figure
from benchmarks.materials.drawings import DRAWINGS
from benchmarks.reading import machine
from benchmarks.server import Server, running, serving
from recognizer.core.ink import specification

CONNECTIONS, BATCH = 64, 1_000
ROUNDS, REQUESTS, BATCHES = 9, 1_000, 10
SIDE, PEN = 278, 14
MOST_STROKES, MOST_PNG, FEWEST_LETTERS = 1.0, 1.3, 30_000.0
MODELS = ("best", "standard")
"""The one that is in service at first, which is held to the thresholds, and one that is only reported."""
QUIET = 0.9
"""Of its core the server has at least so much while it is asked, where nothing else runs on it."""
EMPTY, STROKES, FORM, PICTURE, INPUTS = (
    "empty view", "strokes", f"PNG {SIDE}×{SIDE} in a form", f"PNG {SIDE}×{SIDE} itself", f"batch of {BATCH:,} inputs",
)  # fmt: skip
SETTINGS = "benchmarks.api.site_settings"
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one request: of the server's processor, and on the clock while all ask at once."""

    processor: float
    clock: float


class ApiBenchmark:
    """Letters through the API."""

    name = "api"
    cores: int | None = None
    """The server has one; those who ask are on another, where there is one."""

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Ask for everything in turns, from the same connections."""
        with _on_one_core() as leave, running(DJANGO_SETTINGS_MODULE=SETTINGS) as server:
            leave()
            return report({name: _of_model(server, name, 3 * ROUNDS if full else ROUNDS) for name in MODELS})


@dataclass(frozen=True)
class Costs:
    """What a model's letters cost in every round, by what was asked; and the ink specification of its inputs."""

    ink: str
    rounds: Mapping[str, Sequence[Cost]]


def _of_model(server: Server, name: str, rounds: int) -> Costs:
    """Put a model in service, and ask for everything in turns."""
    ink = _activated(server, name)["ink_specification"]
    asked = {what: (CONNECTIONS, REQUESTS, each) for what, each in letters().items()}
    asked[INPUTS] = (1, BATCHES, [_batch(ink)])
    return Costs(ink, measured(server, asked, rounds=rounds))


@contextlib.contextmanager
def _on_one_core() -> Iterator[Callable[[], None]]:
    """Keep what is started from now on on the last core; what is given lets this process leave it for the others."""
    if not hasattr(os, "sched_setaffinity"):
        raise BenchmarkRunError("The server cannot be kept on one core here.")
    allowed = os.sched_getaffinity(0)
    last = max(allowed)
    os.sched_setaffinity(0, {last})
    try:
        yield lambda: os.sched_setaffinity(0, allowed - {last} or allowed)
    finally:
        os.sched_setaffinity(0, allowed)


def letters() -> dict[str, list[bytes]]:
    """Requests for an empty answer, and for the same letters as strokes and as pictures."""
    pictures = [png(strokes) for strokes in DRAWINGS.values()]
    head = b'--b\r\nContent-Disposition: form-data; name="image"; filename="x.png"\r\nContent-Type: image/png\r\n\r\n'
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    return {
        EMPTY: [request("GET", "/api/empty")],
        STROKES: [
            request("POST", "/api/recognize", json.dumps({"strokes": strokes}).encode(), JSON)
            for strokes in DRAWINGS.values()
        ],
        FORM: [request("POST", "/api/recognize/image", head + each + b"\r\n--b--\r\n", form) for each in pictures],
        PICTURE: [request("POST", "/api/recognize/image", each, {"Content-Type": "image/png"}) for each in pictures],
    }


def png(strokes: Sequence[Sequence[tuple[float, float]]]) -> bytes:
    """A drawing as a picture file of 278×278 greys."""
    picture = Image.new("L", (SIDE, SIDE), 255)
    draw = ImageDraw.Draw(picture)
    for stroke in strokes:
        draw.line(list(stroke), fill=0, width=PEN, joint="curve")
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


def _batch(ink: str) -> bytes:
    """A request for a thousand letters, as inputs."""
    inputs = [specification(ink).from_strokes(strokes).tobytes() for strokes in DRAWINGS.values()]
    given = [{"input": base64.b64encode(each).decode()} for each in itertools.islice(itertools.cycle(inputs), BATCH)]
    return request("POST", "/api/recognize/batch", json.dumps({"letters": given}).encode(), JSON)


def _activated(server: Server, name: str) -> dict[str, Any]:
    """Put a model of the catalogue in service; what the server says of it.

    Raises:
        BenchmarkRunError: it does not come into service.

    """
    words = f"services.activate(StoredModel.objects.get(name={name!r}))"
    code = f"from recognizer import services; from recognizer.models import StoredModel; {words}"
    command = [sys.executable, "manage.py", "shell", "-c", code]
    subprocess.run(command, cwd=ROOT, env=server.environment, check=True, capture_output=True)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/api/model", timeout=PATIENCE) as answer:
            model: dict[str, Any] = json.load(answer)
        if model["name"] == name:
            return model
        time.sleep(0.5)
    raise BenchmarkRunError(f"“{name}” has not come into service.")


def measured(
    server: Server, asked: Mapping[str, tuple[int, int, Sequence[bytes]]], *, rounds: int
) -> dict[str, list[Cost]]:
    """The cost of each in every round, in turns; the first round only warms up.

    Raises:
        BenchmarkRunError: not every request is answered with 200.

    """
    costs: dict[str, list[Cost]] = {name: [] for name in asked}
    for number in range(rounds + 1):
        for name, (count, times, requests) in asked.items():
            cost = _cost(server, count, requests, times)
            if number:
                costs[name].append(cost)
    return costs


def _cost(server: Server, count: int, requests: Sequence[bytes], times: int) -> Cost:
    """The cost of one request, on new connections, as the server closes idle ones; each is used once before."""
    with Crowd(server.port, count) as crowd:
        _all_answered(crowd, requests, count)
        processor, clock = _processor_seconds(server), time.perf_counter()
        _all_answered(crowd, requests, times)
        spent = _processor_seconds(server) - processor
        return Cost(1000 * spent / times, 1000 * (time.perf_counter() - clock) / times)


def _all_answered(crowd: Crowd, requests: Sequence[bytes], times: int) -> None:
    statuses = crowd.ask(itertools.cycle(requests), times)
    if statuses != {200: times}:
        raise BenchmarkRunError(f"Of {times} requests these had an answer, by status: {dict(statuses)}.")


def _processor_seconds(server: Server) -> float:
    """Seconds of the processor that the server's processes have had."""
    return sum(_seconds_of(process) for process in serving(server))


def _seconds_of(process: int) -> float:
    """What all threads of a process have had, in hundredths of a second: a round takes a hundred of them."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def report(models: Mapping[str, Costs]) -> BenchmarkReport:
    """What each letter adds to an empty answer in the middle of the rounds; the first model's against thresholds."""
    (first, costs), *others = models.items()
    share = _share_of_core(models.values())
    figures = [*_figures(costs.rounds, ""), *(each for name, one in others for each in _figures(one.rounds, name))]
    figures.append(Figure("share of its core that the server had meanwhile", share, ""))
    rows = [
        (name, what, *(f"{value:.3f}" for value in (*_middle(each, "processor"), *_middle(each, "clock"))))
        for name, one in models.items()
        for what, each in one.rounds.items()
    ]
    columns = ("model", "what", "processor ms, median", "fastest", "clock ms, median", "fastest")
    title = f"The API's letters, model “{first}” ({costs.ink}), a server on one core, {CONNECTIONS} connections"
    if share < QUIET:
        title += "; others worked on the same cores, which lengthens processor time, too"
    return BenchmarkReport("api", title, machine(), figures, columns, rows)


def _figures(costs: Mapping[str, Sequence[Cost]], model: str) -> list[Figure]:
    """What a model's letters add; held to no threshold where the model is named."""
    most = {STROKES: MOST_STROKES, FORM: MOST_PNG, PICTURE: MOST_PNG}
    of_model = f", model “{model}”" if model else ""
    figures = []
    for name, limit in most.items():
        rounds = zip(costs[name], costs[EMPTY], strict=True)
        added = statistics.median(each.processor - empty.processor for each, empty in rounds)
        figures.append(Figure(f"a letter adds, {name}{of_model}", added, "ms", None if model else limit))
    batch = statistics.median(BATCH / each.processor * 1000 for each in costs[INPUTS])
    least = None if model else FEWEST_LETTERS
    figures.append(Figure(f"{INPUTS}, letters a second{of_model}", batch, "", least, more_is_better=True))
    return figures


def _share_of_core(models: Iterable[Costs]) -> float:
    """How much of its core the server had while 64 asked: 1 where nothing else ran on it."""
    costs = [cost for each in models for name, rounds in each.rounds.items() if name != INPUTS for cost in rounds]
    return sum(cost.processor for cost in costs) / sum(cost.clock for cost in costs)


def _middle(costs: Sequence[Cost], of: str) -> tuple[float, float]:
    values = [float(getattr(cost, of)) for cost in costs]
    return statistics.median(values), min(values)
