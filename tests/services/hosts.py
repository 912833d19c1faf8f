"""Machines that share PostgreSQL, Redis and an S3 server, and no folder: each has its own, and an environment."""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.faults import recipes
from tests.faults.postgres_server import cluster, migrated
from tests.faults.redis_server import own_redis
from tests.faults.rows import rows
from tests.faults.s3_server import S3Server, own_s3
from tests.product import Product, embedded, wait_until


@dataclass(frozen=True)
class Site:
    """An installation: `office` gives orders and has the clock, the workers are on the hosts."""

    office: Product
    hosts: Sequence[Product]
    s3: S3Server

    def has(self, host: Product, worker: str) -> bool:
        """Whether a worker, named as in a row, is a process on this host."""
        return int(worker.rpartition(":")[2] or 0) in host.processes()

    def host_of(self, key: int) -> Product | None:
        """The host whose worker trains a run; None where none does just now."""
        worker = str(recipes.run_of(self.office, key)["worker"])
        return next((host for host in self.hosts if self.has(host, worker)), None)

    def stored(self) -> list[str]:
        """All keys in the store."""
        code = "from recognizer.filestore.objects import store\nfor each in store().below(''): print(each.key)"
        return recipes.shell(self.office, code).split()


@contextmanager
def site(folder: Path, *, hosts: int, workers: int) -> Iterator[Site]:
    """A site with a data set in the store, so many hosts and so many training workers on each, all at work."""
    with cluster(migrated()) as postgres, own_redis(folder) as redis, own_s3(folder / "s3") as s3:
        shared = s3.environment | {"DATABASE_URL": postgres.url, "BROKER_URL": redis.url}
        shared |= {"PROPIS_HEARTBEAT_SECONDS": "1", "PROPIS_TRAINING_PROCESSES": str(workers)}
        names = ("office", *(f"host-{number}" for number in range(1, hosts + 1)))
        machines = [_machine(folder / name, shared) for name in names]
        made = Site(machines[0], machines[1:], s3)
        try:
            recipes.prepare(made.office)
            made.office.begin("clock")
            for host in made.hosts:
                host.work("--queues", "training", "--without-clock")
            wait_until(lambda: len(rows(made.office, "SELECT name FROM jobs_workerprocess")) == hosts * workers)
            yield made
        finally:
            for machine in machines:
                kill(machine)


def kill(machine: Product) -> None:
    """End every process of a machine at one instant, as a power cut does."""
    while found := machine.processes():
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if machine.process is not None:
            machine.process.wait()
    machine.close()


def _machine(var: Path, shared: dict[str, str]) -> Product:
    var.mkdir()
    return Product(var, embedded(var) | shared)
