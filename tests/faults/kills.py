"""Who is killed, when, and whether it hit a running epoch: all chosen by one seed and written down.

Victims are drawn evenly over the processes that live at the time, the supervisor among them (which is then started
again), and the broker.
"""

import os
import random
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from tests.faults.redis_server import RedisServer
from tests.faults.rows import RunningRun, running
from tests.product import Product, command_line, parent_of, wait_until

SUPERVISOR, TRAINING, WORKER, CLOCK, WEB = "supervisor", "training worker", "other worker", "clock", "web server"
QUEUE_EMPTIED, REDIS, REDIS_EMPTIED = "file queue emptied", "Redis", "Redis emptied"
VICTIMS: Mapping[str, str] = {
    "processes.supervisor": SUPERVISOR,
    "worker-training": TRAINING,
    "worker-": WORKER,
    "propis: clock": CLOCK,
    "decoder_process": "decoder",
}
"""What a command line says, and who that is; the first that fits. All others are the web server's."""
REDIS_AWAY_SECONDS = 2.0
STARTS_WITHIN_SECONDS = 600.0
SPARED_AFTER = 2
"""After this many attempts without progress a run is left alone until it has finished an epoch: a third ends it."""


@dataclass(frozen=True)
class Kill:
    """One kill.

    Attributes:
        number: from 1.
        at: seconds since the first process was started.
        victim: what was killed.
        pid: of the process; 0 where nothing but a queue was emptied.
        hits: the runs that the victim had in a running epoch, each with its attempt and the epochs it had finished.

    """

    number: int
    at: float
    victim: str
    pid: int
    hits: tuple[tuple[int, int, int], ...] = ()

    def __str__(self) -> str:
        """A line of the log."""
        hits = ", ".join(f"run {key}, attempt {attempt}, epoch {epoch + 1}" for key, attempt, epoch in self.hits)
        return f"{self.number:4d} {self.at:7.2f} s  {self.victim} {self.pid or ''}  {hits}"


class Killer:
    """Kills parts of a running product."""

    def __init__(self, product: Product, rng: random.Random, *, epochs: int, redis: RedisServer | None) -> None:
        """Take aim: runs of `epochs` epochs each, and a Redis where the product uses one."""
        self._product, self._rng, self._epochs, self._redis = product, rng, epochs, redis
        self._began = time.monotonic()
        self.kills: list[Kill] = []

    def strike(self) -> Kill:
        """Kill somebody now, and write down what it was doing."""
        victim, kill = self._rng.choice(wait_until(self._victims, seconds=STARTS_WITHIN_SECONDS))
        at = time.monotonic() - self._began
        pid = kill()
        # Nobody but the dead process moves such a row until the reaper finds it.
        hits = [run for run in running(self._product) if run.pid == pid and self._is_in_epoch(run)]
        told = tuple((run.key, run.attempt, run.epoch) for run in hits)
        self.kills.append(Kill(len(self.kills) + 1, at, victim, pid, told))
        if victim == SUPERVISOR:
            self._start_again()
        return self.kills[-1]

    def _victims(self) -> list[tuple[str, Callable[[], int]]]:
        """Everybody who could be killed now, in an order that does not depend on numbers of processes."""
        spared = {run.pid for run in running(self._product) if run.attempts_without_progress >= SPARED_AFTER}
        root = self._product.process.pid if self._product.process is not None else 0
        processes = [(_name(pid), pid) for pid in tree(self._product) if pid not in spared]
        processes = [(name, pid) for name, pid in processes if name != SUPERVISOR or pid == root]  # or a fork, for now
        found: list[tuple[str, Callable[[], int]]] = [(name, partial(_kill, pid)) for name, pid in sorted(processes)]
        if self._redis is None:
            return [*found, (QUEUE_EMPTIED, self._empty_file_queue)]
        return [*found, (REDIS, self._kill_redis), (REDIS_EMPTIED, self._empty_redis)]

    def _is_in_epoch(self, run: RunningRun) -> bool:
        return run.is_training and run.epoch < self._epochs

    def _start_again(self) -> None:
        if self._product.process is not None:
            self._product.process.wait()
        self._product.start(wait=STARTS_WITHIN_SECONDS)
        wait_until(self._is_supervised, seconds=STARTS_WITHIN_SECONDS)  # what answered may be what the killed one left

    def _is_supervised(self) -> bool:
        process = self._product.process
        assert process is not None
        assert process.poll() is None, f"it ended: {self._product.output()[-3000:]}"
        return _name(process.pid) == SUPERVISOR

    def _empty_file_queue(self) -> int:
        for path in (self._product.var / "queue" / "messages").iterdir():
            path.unlink(missing_ok=True)
        return 0

    def _kill_redis(self) -> int:
        if self._redis is None:
            return 0
        pid = self._redis.kill()
        time.sleep(self._rng.uniform(0, REDIS_AWAY_SECONDS))
        self._redis.start()
        return pid

    def _empty_redis(self) -> int:
        if self._redis is not None:
            self._redis.empty()
        return 0


def tree(product: Product) -> list[int]:
    """The started product's processes: the supervisor and all that descend from it."""
    root = product.process.pid if product.process is not None else 0
    return [pid for pid in product.processes() if _descends(pid, root)]


def _descends(pid: int, root: int) -> bool:
    while pid not in (0, 1, root):
        pid = parent_of(pid)
    return pid == root and bool(parent_of(root))


def _name(pid: int) -> str:
    said = command_line(pid)
    return next((name for words, name in VICTIMS.items() if words in said), WEB)


def _kill(pid: int) -> int:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return pid
