"""Two hundred devices ask one server for benchmarks: every job ends with one result, and other visitors hardly wait.

The devices are threads that speak the agents' protocol and measure nothing: they wait as a measurement would, and post
each result twice, as a device does whose answer was lost.
"""

import contextlib
import http.client
import json
import random
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any

from benchmarks.harness import BenchmarkReport, BenchmarkRunError, Figure, percentile
from benchmarks.materials.drawings import DRAWINGS
from benchmarks.reading import machine
from benchmarks.server import Server, manage, running, shell
from training.devices.remote.site import AwayError, Site, waits

DEVICES, JOBS, FULL_JOBS = 200, 2, 10
LONGEST_WORK = 3.0
"""Seconds that a simulated measurement takes at most."""
MOST_MS = 1_000.0
VISITOR = ("127.0.0.2", 0)
PAUSE = 0.05
GIVE_UP_SECONDS = 900.0
SETUP = """
import json
from training.devices import services, tasks
from training.devices.fleet import bundles, tokens
from training.devices.models import Bundle, Device
from training.devices.sheet import DeviceSheet
from training.jobs import lifecycle
from recognizer.models import StoredModel
model = StoredModel.objects.get(name="tiny")
StoredModel.objects.update(is_active=False)
found = []
for number in range({devices}):
    device, token = tokens.join(tokens.new_code(by=None), key=f"{{number:032x}}", name=f"device {{number}}",
                                read=DeviceSheet(cores=4), version=1)
    found.append(token)
    for _job in range({jobs}):
        made = lifecycle.enqueue(services.new_benchmark(model, wanted_device=device))
bundles.bundle_for(made)
tasks.bundle_next()
StoredModel.objects.filter(name="best").update(is_active=True)
bundle = Bundle.objects.get()
print(json.dumps({{"tokens": found, "correct": bundle.correct, "images": bundle.images, "state": bundle.state}}))
"""
CHECK = """
import json
from django.db.models import Count
from training.devices.models import Benchmark
states = dict(Benchmark.objects.values_list("state").annotate(Count("pk")).order_by())
print(json.dumps({"states": states, "results": Benchmark.objects.values("result_id").distinct().count(),
                  "attempts": list(Benchmark.objects.values_list("attempt", flat=True))}))
"""
LOOK = {"clock_mhz": None, "temperature": None, "throttling": None}
RESULT = {
    "latency": {"p50": 1e-4, "p90": 2e-4, "p99": 3e-4},
    "load_seconds": 0.1,
    "memory_mb": {"before_the_model": 30.0, "peak": 60.0},
    "machine": {
        "before": LOOK,
        "after": LOOK,
        "lowest_clock_mhz": None,
        "highest_clock_mhz": None,
        "highest_temperature": None,
        "throttled": None,
    },
    "energy": {"kind": "not measured", "joules_for_10000": None, "source": ""},
    "environment": {
        "commit": "",
        "dirty": None,
        "python": "3.9.2",
        "numpy": "1.26.4",
        "blas": "",
        "blas_kernel": "",
        "blas_threads": "1",
    },
    "disk": None,
}


class AgentsBenchmark:
    """Agents by the hundred, and visitors beside them."""

    name = "agents"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Let all devices do all their jobs, while visitors look and draw."""
        jobs = FULL_JOBS if full else JOBS
        with running(processes=2) as server:
            manage(server, "make_dataset", "synthetic", "--name", "letters", "--per-letter", "20", "--seed", "1")
            made = shell(server, SETUP.format(devices=DEVICES, jobs=jobs))
            if made["state"] != "succeeded":
                raise BenchmarkRunError(f"the images could not be made: {made['state']}")
            began = time.monotonic()
            with visiting(server) as waited:
                _work(server, made)
            return report(jobs, time.monotonic() - began, waited, shell(server, CHECK))


def report(jobs: int, seconds: float, waited: dict[str, list[float]], found: dict[str, Any]) -> BenchmarkReport:
    """Jobs and results counted, and the visitors' waiting against its threshold."""
    wanted = DEVICES * jobs
    figures = [
        Figure("jobs that ended with a result", found["states"].get("succeeded", 0), "", wanted, more_is_better=True),
        Figure("different results", found["results"], "", wanted, more_is_better=True),
        Figure("jobs begun more than once", sum(attempt > 1 for attempt in found["attempts"]), "", 0),
        *(Figure(f"p99 of a visitor, {name}", percentile(ms, 99), "ms", MOST_MS) for name, ms in waited.items()),
        Figure("jobs a second", wanted / seconds, ""),
    ]
    rows = [
        (name, str(len(ms)), *(f"{value:.0f}" for value in (percentile(ms, 50), percentile(ms, 99), max(ms))))
        for name, ms in waited.items()
    ]
    title = f"{DEVICES} devices with {jobs} jobs each ask one server, each result posted twice"
    return BenchmarkReport("agents", title, machine(), figures, ("visitor", "visits", "median", "p99", "longest"), rows)


def _work(server: Server, made: dict[str, Any]) -> None:
    """Start every device and wait until none has anything to do."""
    answers = {"correct": made["correct"], "images_scored": made["images"]}
    threads = [
        threading.Thread(target=_device, args=(f"http://127.0.0.1:{server.port}", token, answers), daemon=True)
        for token in made["tokens"]
    ]
    for thread in threads:
        thread.start()
    end = time.monotonic() + GIVE_UP_SECONDS
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    if any(thread.is_alive() for thread in threads):
        raise BenchmarkRunError(f"not every device was ready after {GIVE_UP_SECONDS:.0f} s")


def _device(url: str, token: str, answers: dict[str, int]) -> None:
    """One device: asks, waits as if it measured, posts twice, until there is nothing more."""
    site = Site(url, token)
    while (job := _patiently(site, "next", {})["job"]) is not None:
        time.sleep(random.uniform(0, LONGEST_WORK))
        _patiently(site, f"jobs/{job['id']}/beat", {"attempt": job["attempt"], "progress": 0.5})
        about = {"model_sha256": job["model"]["sha256"], "inputs_sha256": job["inputs"]["sha256"]}
        result = {**RESULT, **answers, **about, "seconds": [random.uniform(0.9, 1.1) for _repeat in range(5)]}
        delivery = {"id": str(uuid.uuid4()), "attempt": job["attempt"], "result": result}
        for _time in range(2):
            _patiently(site, f"jobs/{job['id']}/result", delivery)


def _patiently(site: Site, path: str, body: Any) -> Any:
    for wait in waits():
        try:
            return site.post(path, body)
        except AwayError:
            time.sleep(wait)
    return None


@contextlib.contextmanager
def visiting(server: Server) -> Iterator[dict[str, list[float]]]:
    """Visitors of another address who look at the board and have letters read; milliseconds of each visit."""
    over = threading.Event()
    drawn = json.dumps({"strokes": DRAWINGS["О"]})
    visits = {"the board": ("GET", "/devices/", None), "a letter read": ("POST", "/api/recognize", drawn)}
    waited: dict[str, list[float]] = {name: [] for name in visits}

    def visit(name: str) -> None:
        while not over.wait(PAUSE):
            began = time.perf_counter()
            _once(server, *visits[name])
            waited[name].append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=visit, args=(name,)) for name in visits]
    for thread in threads:
        thread.start()
    try:
        yield waited
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _once(server: Server, method: str, path: str, body: str | None) -> None:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, 60, VISITOR)) as connection:
        connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
        answer = connection.getresponse()
        answer.read()
        if answer.status != http.HTTPStatus.OK:
            raise BenchmarkRunError(f"{path} answered {answer.status}")
