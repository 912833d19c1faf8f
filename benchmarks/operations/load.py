"""Mixed load at 80 % of what the site can answer, while two networks are trained.

The whole product runs on this machine, and locust beside it, which takes its share of the processors, too. First a
letter is read now and then while nothing else happens; then two trainings begin, and visitors who never wait show how
many requests a second are answered at most; then visitors ask for 80 % of that, for two minutes (`--full`: ten).
"""

import json
import os
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.environments import FOLDER, peers_python
from benchmarks.harness import ROOT, BenchmarkReport, BenchmarkRunError, Figure, clean_environment, percentile
from benchmarks.reading import machine
from benchmarks.recovery import QUEUE
from benchmarks.workers import Installation, installation
from tests.product import Product

PACKAGES, ENVIRONMENT = ROOT / "requirements" / "load.txt", FOLDER / ".environments" / "load"
TRAININGS, VISITORS = 2, 32
SHARE = 0.8
"""Of the limit."""
IDLE_RATE = 10.0
MOST_TIMES = 10.0
LETTER = "a letter read"
FEWEST_LETTERS, WARM_UP_TIMES = 10, 4
GIVE_UP_SECONDS = 600
PICTURES_PER_LETTER = 100
PAGES = ("/", "/models/", "/runs/", "/sweeps/", "/data/", "/devices/", "/api/model", "/about/")
OF_A_RUN = ("/runs/1/", "/runs/1/live/")


@dataclass(frozen=True)
class Lengths:
    """Seconds of each part."""

    idle: int = 20
    limit: int = 30
    load: int = 120


SHORT, FULL = Lengths(), Lengths(idle=30, limit=60, load=600)


@dataclass(frozen=True)
class LoadAnswers:
    """What visitors met: milliseconds of each answer by what was asked, failures by their words, seconds in all."""

    milliseconds: Mapping[str, Sequence[float]]
    failures: Mapping[str, int]
    seconds: float

    @property
    def rate(self) -> float:
        """LoadAnswers a second."""
        return sum(map(len, self.milliseconds.values())) / self.seconds


class LoadBenchmark:
    """Visitors and trainings at once."""

    name = "load"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Measure alone, at the limit, and below it."""
        return measured(FULL if full else SHORT)


def measured(lengths: Lengths) -> BenchmarkReport:
    """Start everything, and let the visitors come."""
    python = peers_python(PACKAGES, ENVIRONMENT)
    with installation(pictures_per_letter=PICTURES_PER_LETTER) as made:
        product = Product(made.folder, made.environment | {
            "PROPIS_TRAINING_PROCESSES": str(TRAININGS), "PROPIS_PROXIES": "1", "PROPIS_RECOGNIZE_RATE": "1000000/s",
            "PROPIS_GIVE_RATE": "1000000/m", "PROPIS_DRAWINGS_WAITING": "10000000", "PROPIS_BACKUP_HOUR": "off",
        })  # fmt: skip
        try:
            product.start(wait=GIVE_UP_SECONDS)
            idle = visited(python, product, pages=(), visitors=1, rate=IDLE_RATE, seconds=lengths.idle)
            made.manage("shell", "--no-imports", "-v0", "-c", QUEUE.replace("{count}", str(TRAININGS)))
            made.wait(lambda: len(_training(made)) == TRAININGS)
            _warm(product)
            limit = visited(python, product, seconds=lengths.limit)
            before, since = _training(made), os.getloadavg()[0]
            loaded = visited(python, product, rate=SHARE * limit.rate / VISITORS, seconds=lengths.load)
            epochs = [after - before.get(key, 0) for key, after in _training(made).items()]
        finally:
            product.kill()
    return report(idle, limit, loaded, epochs, since)


def _warm(product: Product) -> None:
    """Look at each page in each process, likely, since the first look at one takes long."""
    for path in (*PAGES, *OF_A_RUN) * WARM_UP_TIMES:
        urllib.request.urlopen(product.url + path, timeout=GIVE_UP_SECONDS).close()


def _training(made: Installation) -> dict[int, int]:
    """The epochs of the runs that are being trained."""
    return dict(made.rows("SELECT id, epoch FROM runs_run WHERE state = 'running' AND epoch > 0"))


def visited(
    python: str,
    product: Product,
    *,
    pages: Sequence[str] = (*PAGES, *OF_A_RUN),
    visitors: int = VISITORS,
    rate: float = 0.0,
    seconds: int,
) -> LoadAnswers:
    """Let visitors come for so long, each with so many requests a second; 0 for as many as are answered.

    Without pages they have letters read and do nothing else.

    Raises:
        BenchmarkRunError: locust could not be run.

    """
    with tempfile.TemporaryDirectory(prefix="propis-load-") as folder:
        found = Path(folder, "found.json")
        environment = clean_environment(
            LOAD_PAGES=json.dumps(pages), LOAD_RATE=str(rate), LOAD_REPORT=str(found), PYTHONPATH=str(ROOT)
        )
        words = ["-m", "locust", "-f", "benchmarks/operations/visitors.py", "--headless", "--only-summary"]
        numbers = ["--users", str(visitors), "--spawn-rate", str(visitors), "--run-time", f"{seconds}s"]
        began = time.monotonic()
        done = subprocess.run(
            [python, *words, *numbers, "--host", product.url], cwd=ROOT, env=environment, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        if not found.exists():
            raise BenchmarkRunError(f"locust: {done.stderr.strip()[-1000:]}")
        answers = json.loads(found.read_text(encoding="utf-8"))
        if len(answers["milliseconds"].get(LETTER, ())) < FEWEST_LETTERS:
            raise BenchmarkRunError("The visitors had too few letters read for a figure.")
        return LoadAnswers(**answers, seconds=min(seconds, time.monotonic() - began))


def report(
    idle: LoadAnswers, limit: LoadAnswers, loaded: LoadAnswers, epochs: Sequence[int], machine_load: float
) -> BenchmarkReport:
    """Put errors and the slow letters against the thresholds."""
    alone = percentile(idle.milliseconds[LETTER], 50)
    slow = percentile(loaded.milliseconds[LETTER], 99)
    figures = [
        Figure("requests that failed", sum(loaded.failures.values()), "", 0),
        Figure("p99 of reading a letter, times its idle median", slow / alone, "×", MOST_TIMES),
        Figure("trainings that went on", sum(each > 0 for each in epochs), "", TRAININGS, more_is_better=True),
        Figure("reading a letter, idle, median", alone, "ms"),
        Figure("the limit, with two trainings", limit.rate, "requests/s"),
        Figure("answered at 80 % of it", loaded.rate, "requests/s"),
        Figure("seconds of load", loaded.seconds, "s"),
        Figure("processes that wanted a processor before, with the trainings", machine_load, ""),
    ]
    rows = [
        (when, name, str(len(ms)), *(f"{value:.1f}" for value in (percentile(ms, 50), percentile(ms, 99), max(ms))))
        for when, answers in (("idle", idle), ("at the limit", limit), ("at 80 %", loaded))
        for name, ms in sorted(answers.milliseconds.items())
        if len(ms) > 1
    ]
    rows += [("failed", words, str(count), "", "", "") for words, count in loaded.failures.items()]
    columns = ("when", "what", "requests", "median ms", "p99 ms", "longest ms")
    title = (
        f"{VISITORS} visitors at 80 % of the limit: letters, pages, donations, while {TRAININGS} networks are trained"
    )
    return BenchmarkReport("load", title, machine(), figures, columns, rows)
