"""A Redis that is killed and comes back empty, and a PostgreSQL that is restarted as after a crash, under work.

The product runs whole, with its own settings: two web processes, two trainings at once, others that wait, and a visitor
who gives drawings all the time. What is counted is the time from a loss until everything goes on, and what is missing
in the end: drawings that were accepted, epochs, runs that do not end with the bits of one that nobody disturbed.
"""

import http.client
import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.harness import BenchmarkReport, BenchmarkRunError, Figure, clean_environment
from benchmarks.materials.drawings import DRAWINGS
from benchmarks.reading import machine
from tests.faults import recipes
from tests.faults.postgres_server import cluster
from tests.faults.redis_server import own_redis
from tests.faults.rows import rows
from tests.product import Product, embedded

LOSSES, FULL_LOSSES = 2, 5
RUNS_A_LOSS = 20
"""Some seconds each, two at once: there is work at every loss."""
AWAY_SECONDS = 3.0
MOST_SECONDS = 30.0
GIVE_UP_SECONDS = 600.0
PAUSE = 0.2
REDIS, POSTGRES = "Redis killed, back empty", "PostgreSQL restarted"
GIFT = json.dumps({"strokes": DRAWINGS["О"], "letter": "О", "consent": True}).encode()
CREATED = 201
QUEUE = """
from training.core.hyperparameters import PRESETS, Hyperparameters
from training.datasets.models import Dataset
from training.runs.services import create_run
recipe = Hyperparameters.from_mapping({changes}, base=PRESETS["small"])
for _run in range({count}):
    create_run([Dataset.objects.get(name="letters")], recipe, preset="small")
"""


@dataclass
class Giver:
    """A visitor who gives a drawing again and again.

    Attributes:
        accepted: how many the site has taken.
        refused: how many it has not, and said so.
        last: when the last one was taken.

    """

    product: Product
    accepted: int = 0
    refused: int = 0
    last: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)

    def give(self) -> None:
        """Give until it is over."""
        while not self.over.wait(PAUSE):
            if self._once() == CREATED:
                self.accepted, self.last = self.accepted + 1, time.monotonic()
            else:
                self.refused += 1

    def _once(self) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.product.port, 60)
        try:
            connection.request("POST", "/api/drawings", GIFT, {"Content-Type": "application/json"})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()


@dataclass(frozen=True)
class Lost:
    """What one loss has cost: seconds from it until work and visitors went on, the seconds away among them."""

    what: str
    work: float
    visitors: float


class ServicesBenchmark:
    """Services lost under work."""

    name = "services"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Lose each service several times; then let all runs end, and look for what is missing."""
        with ExitStack() as left:
            folder = Path(left.enter_context(tempfile.TemporaryDirectory(prefix="propis-services-")))
            redis, postgres = left.enter_context(own_redis(folder)), left.enter_context(cluster())
            product = Product(folder, _environment(folder, redis.url, postgres.url))
            left.callback(product.kill)
            recipes.prepare(product)
            losses = FULL_LOSSES if full else LOSSES
            runs = RUNS_A_LOSS * losses
            recipes.shell(product, QUEUE.format(changes=recipes.CHANGES, count=runs))
            product.start(wait=GIVE_UP_SECONDS)
            with giving(product) as giver:
                found = list(
                    _losses(product, giver, losses, {
                        REDIS: lambda: _replaced(redis.kill, redis.start),
                        POSTGRES: lambda: _replaced(postgres.stop, postgres.start),
                    })
                )  # fmt: skip
                _wait(lambda: not _waiting(product))
            return report(found, giver, _missing(product, giver, runs))


def _environment(folder: Path, redis: str, postgres: str) -> dict[str, str]:
    """The product's own settings, but for where its services are and how many trainings run."""
    given = embedded(folder)
    for name in ("PROPIS_HEARTBEAT_SECONDS", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        given.pop(name, None)
    cache = redis.replace("redis://", "rediscache://")
    threads = {name: value for name, value in clean_environment().items() if name.endswith("_NUM_THREADS")}
    return given | threads | {
        "DATABASE_URL": postgres, "BROKER_URL": redis, "CACHE_URL": cache, "PROPIS_TRAINING_PROCESSES": "2",
        "PROPIS_GIVE_RATE": "100000/m",
    }  # fmt: skip


@contextmanager
def giving(product: Product) -> Iterator[Giver]:
    """A visitor who gives drawings meanwhile."""
    giver = Giver(product)
    thread = threading.Thread(target=giver.give)
    thread.start()
    try:
        yield giver
    finally:
        giver.over.set()
        thread.join()


def _replaced(kill: Callable[[], object], start: Callable[[], object]) -> None:
    kill()
    time.sleep(AWAY_SECONDS)
    start()


def _losses(product: Product, giver: Giver, times: int, kinds: dict[str, Callable[[], None]]) -> Iterator[Lost]:
    for _time in range(times):
        for what, lose in kinds.items():
            before = _trained(product)
            _wait(lambda before=before: _trained(product) > before)  # type: ignore[misc]
            began = time.monotonic()
            lose()
            back, epochs = time.monotonic(), _trained(product)
            visitors = _wait(lambda back=back: giver.last > back) + back - began  # type: ignore[misc]
            work = _wait(lambda epochs=epochs: _trained(product) > epochs + 1 and _healthy(product)) + back - began  # type: ignore[misc]
            yield Lost(what, work, visitors)


def _trained(product: Product) -> int:
    """How many epochs all runs have ended so far."""
    [found] = rows(product, "SELECT count(*) AS epochs FROM runs_epoch")
    return int(found["epochs"])


def _waiting(product: Product) -> int:
    [found] = rows(product, "SELECT count(*) AS runs FROM runs_run WHERE state IN ('queued', 'running')")
    return int(found["runs"])


def _healthy(product: Product) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", product.port, 60)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _wait(holds: Callable[[], bool]) -> float:
    """Seconds until something holds.

    Raises:
        BenchmarkRunError: it does not.

    """
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > GIVE_UP_SECONDS:
            raise BenchmarkRunError(f"It did not go on within {GIVE_UP_SECONDS:.0f} s.")
        time.sleep(PAUSE / 4)
    return time.monotonic() - began


def _missing(product: Product, giver: Giver, count: int) -> dict[str, int]:
    """What is not there in the end and should be."""
    [undisturbed] = rows(Product(recipes.trained(), {}), "SELECT weights_sha256 FROM runs_run")
    runs = rows(product, "SELECT state, weights_sha256 FROM runs_run")
    wanted = ("succeeded", undisturbed["weights_sha256"])
    [given] = rows(product, "SELECT count(*) AS drawings FROM recognizer_drawing")
    return {
        "runs that did not end with the bits of one that nobody disturbed": sum(
            (run["state"], run["weights_sha256"]) != wanted for run in runs
        )
        + count
        - len(runs),
        "epochs lost or doubled": abs(count * recipes.EPOCHS - _trained(product)),
        "accepted drawings lost": max(0, giver.accepted - given["drawings"]),
    }


def report(losses: list[Lost], giver: Giver, missing: dict[str, int]) -> BenchmarkReport:
    """Put the longest recovery of each kind, and whatever is missing, against the thresholds."""
    figures = [
        Figure(f"{what}: until work and visitors go on, at most",
               max(max(each.work, each.visitors) for each in losses if each.what == what), "s", MOST_SECONDS)
        for what in dict.fromkeys(each.what for each in losses)
    ]  # fmt: skip
    figures += [Figure(what, count, "", 0) for what, count in missing.items()]
    figures += [
        Figure("drawings accepted meanwhile", giver.accepted, ""),
        Figure("drawings refused meanwhile, and told so", giver.refused, ""),
    ]
    table = [(each.what, f"{each.work:.1f}", f"{each.visitors:.1f}") for each in losses]
    title = (
        f"A service lost for {AWAY_SECONDS:.0f} s while runs of {recipes.EPOCHS} epochs are trained, two at once, "
        "and a visitor gives drawings; seconds from the loss"
    )
    columns = ("what was lost", "work goes on after, s", "a drawing is accepted after, s")
    return BenchmarkReport("services", title, machine(), figures, columns, table)
