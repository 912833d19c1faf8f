"""Browsers as devices: how much quicker WebAssembly is than JavaScript, and a class of thirty that measures at once.

Real headless Chromium, as many contexts as there are devices, each of which knows nothing of the others. In the class
the answer to each first post is lost on its way, so that every result is posted twice.
"""

import time
from typing import Any

from benchmarks.browser.chromium import chromium, name_of
from benchmarks.harness import BenchmarkReport, Figure
from benchmarks.reading import machine
from benchmarks.server import Server, manage, running, shell

DEVICES = 30
ALONE, CLASS = "medium", "tiny"
"""The networks: one that is timed on a quiet machine, and one that thirty browsers on one machine can do."""
FORMS = 4
"""Of each device: JavaScript and WebAssembly, in 32 bits and in whole numbers."""
LEAST_QUICKER = 2.0
PATIENCE_MS = 1_800_000
INVITE = """
import json
from recognizer.models import StoredModel
from training.devices import tasks
from training.devices.fleet import bundles, invitations
model = StoredModel.objects.get(name={name!r})
twin = model.children.filter(precision="int8").get()
made = invitations.invite(model, minutes=600, most={most}, by=None)
bundles.bundle_of(twin, "int8")
for _bundle in range(2):
    tasks.bundle_next()
print(json.dumps(made.get_absolute_url()))
"""
CHECK = """
import json
from training.devices.models import Benchmark, Device
mine = Benchmark.objects.filter(model__name__startswith={name!r})
print(json.dumps([
    {{"state": each.state, "id": str(each.result_id), "device": each.device_id, "attempt": each.attempt,
      "precision": each.precision, "backend": each.backend, "invalid": each.invalid, "results": each.results}}
    for each in mine]))
"""


class BrowsersBenchmark:
    """One browser alone, then a class of them."""

    name = "browsers"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Measure in Chromium; `full` changes nothing."""
        with running(processes=2) as server, chromium() as browser:
            manage(server, "make_dataset", "synthetic", "--name", "letters", "--per-letter", "200", "--seed", "1")
            for name in (ALONE, CLASS):
                manage(server, "compress", name, "--precision", "int8")
            alone = _measured(server, browser, ALONE, devices=1)
            began = time.monotonic()
            together = _measured(server, browser, CLASS, devices=DEVICES)
            seconds = time.monotonic() - began
            return report(alone, together, seconds, {**machine(), "browser": name_of(browser)})


def report(
    alone: list[dict[str, Any]], together: list[dict[str, Any]], seconds: float, about: dict[str, Any]
) -> BenchmarkReport:
    """How much quicker WebAssembly is in each precision; rows, results and devices of the class counted."""
    found = {(each["precision"], each["backend"]): each["results"] for each in alone}
    accepted = [each for each in together if each["state"] == "succeeded"]
    wanted = DEVICES * FORMS
    figures = [
        *(
            Figure(f"WebAssembly against JavaScript, {name}", _quicker(found, name), "times", LEAST_QUICKER,
                   more_is_better=True)
            for name in ("fp32", "int8")
        ),
        Figure("rows of the class", len(accepted), "", wanted, more_is_better=True),
        Figure("rows lost or doubled", abs(len(together) - wanted) + len(together) - len(accepted), "", 0),
        Figure("different results", len({each["id"] for each in accepted}), "", wanted, more_is_better=True),
        Figure("different devices", len({each["device"] for each in accepted}), "", DEVICES, more_is_better=True),
        Figure("rows that do not count", sum(bool(each["invalid"]) for each in accepted), "", 0),
        Figure("from the first tap to the last row", seconds, "s"),
    ]  # fmt: skip
    rows = [
        (
            f"{precision}, {backend}", f"{results['seconds_for_10000']:.3f}", f"{100 * results['spread']:.1f}",
            f"{100 * results['accuracy']['share']:.2f}", f"{1000 * results['environment']['clock_seconds']:.3f}",
        )
        for (precision, backend), results in sorted(found.items())
    ]  # fmt: skip
    title = f"“{ALONE}” in batches of 1,000 in one browser; “{CLASS}” in {DEVICES} browsers at once, posted twice"
    columns = ("one browser", "s for 10,000", "spread, %", "accuracy, %", "step of the clock, ms")
    return BenchmarkReport("browsers", title, about, figures, columns, rows)


def _quicker(found: dict[tuple[str, str], Any], precision: str) -> float:
    plain, kernel = (found[precision, backend]["seconds_for_10000"] for backend in ("javascript", "wasm"))
    return float(plain / kernel)


def _measured(server: Server, browser: Any, name: str, *, devices: int) -> list[dict[str, Any]]:
    """Let browsers come, all at once, and measure; every job of that network."""
    path = shell(server, INVITE.format(name=name, most=devices))
    pages = [browser.new_context(service_workers="block").new_page() for _device in range(devices)]
    for page in pages:
        if devices > 1:
            page.route("**/result", _LostAnswers().lose)
        page.goto(f"http://127.0.0.1:{server.port}{path}")
        page.wait_for_selector("#device[data-ready]")
    for page in pages:
        page.click("[data-part=start]", no_wait_after=True)
    for page in pages:
        page.wait_for_selector("#device[data-state=done]", timeout=PATIENCE_MS)
    for page in pages:
        page.context.close()
    jobs: list[dict[str, Any]] = shell(server, CHECK.format(name=name))
    return jobs


class _LostAnswers:
    """Loses the answer to the first post of each job, once the server has it."""

    def __init__(self) -> None:
        self._lost: set[str] = set()

    def lose(self, route: Any) -> None:
        url = route.request.url
        if url in self._lost:
            route.continue_()
            return
        self._lost.add(url)
        route.fetch()
        route.abort()
