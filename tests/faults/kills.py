"""Who is killed, when, and whether it hit a running epoch: all chosen by one seed and written down."""

import os
import random
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from tests.faults.redis_server import RedisServer
from tests.faults.rows import RunningRun, running
from tests.product import Product, parent_of, wait_until

TRAINING, WORKER, BEAT, WEB = "training process", "worker", "beat", "web"
QUEUE_EMPTIED, REDIS, REDIS_EMPTIED = "file queue emptied", "Redis", "Redis emptied"
SHARES: Mapping[str, Mapping[str, int]] = {
    "SQLite, file queue": {TRAINING: 50, WORKER: 12, BEAT: 13, WEB: 12, QUEUE_EMPTIED: 13},
    "PostgreSQL, Redis": {TRAINING: 50, WORKER: 10, BEAT: 10, WEB: 10, REDIS: 10, REDIS_EMPTIED: 10},
}
"""Of a hundred kills, how many are whose."""
WORKERS = (TRAINING, WORKER)
REDIS_AWAY_SECONDS = 2.0
APPEARS_WITHIN_SECONDS = 600.0
AIMED = 0.9
"""The share of the kills of workers that wait for a running epoch; the others come at any instant of a run."""
SPARED_AFTER = 2
"""So many fruitless attempts in a row, and a run is left alone until it has finished an epoch: a third one ends it."""


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


def victims(stack: str, kills: int, rng: random.Random) -> list[str]:
    """Whom to kill, in order: each in its share, as exactly as that many kills allow."""
    shares = SHARES[stack]
    names = [name for name, share in shares.items() for _ in range(round(share * kills / 100))]
    names = (names + [TRAINING] * kills)[:kills]
    rng.shuffle(names)
    return names


class Killer:
    """Kills parts of a running product."""

    def __init__(self, product: Product, rng: random.Random, *, epochs: int, redis: RedisServer | None) -> None:
        """Take aim: runs of so many epochs each, and a Redis where the product uses one."""
        self._product, self._rng, self._epochs, self._redis = product, rng, epochs, redis
        self._began = time.monotonic()
        self._is_aimed = True
        self.kills: list[Kill] = []
        self._processes: Mapping[str, Callable[[], Sequence[int]]] = {
            TRAINING: self._training_processes,
            WORKER: self._workers,
            BEAT: lambda: product.named(" beat "),
            WEB: lambda: product.named("granian"),
        }
        self._others: Mapping[str, Callable[[], int]] = {
            QUEUE_EMPTIED: self._empty_file_queue,
            REDIS: self._kill_redis,
            REDIS_EMPTIED: self._empty_redis,
        }

    def strike(self, victim: str) -> Kill:
        """Kill a victim now, or as soon as it lives, and write down what it was doing."""
        self._is_aimed = self._rng.random() < AIMED
        if victim in self._processes:
            at, pid, hits = self._kill_one(self._processes[victim])
        else:
            at, pid, hits = time.monotonic(), self._others[victim](), []
        told = tuple((run.key, run.attempt, run.epoch) for run in hits)
        self.kills.append(Kill(len(self.kills) + 1, at - self._began, victim, pid, told))
        return self.kills[-1]

    def _kill_one(self, candidates: Callable[[], Sequence[int]]) -> tuple[float, int, list[RunningRun]]:
        """Kill one of these processes; return when, which, and the runs that it or its children were training."""
        pid = self._rng.choice(wait_until(lambda: _alive(candidates()), seconds=APPEARS_WITHIN_SECONDS))
        family = {pid, *(run.pid for run in running(self._product) if parent_of(run.pid) == pid)}
        at = time.monotonic()
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        # Nobody but the dead process moves such a row until the reaper finds it.
        hits = [run for run in running(self._product) if run.pid in family and run.is_training]
        return at, pid, [run for run in hits if run.epoch < self._epochs]

    def _training_processes(self) -> list[int]:
        """Processes that have a run."""
        return [run.pid for run in running(self._product) if self._is_target(run)]

    def _workers(self) -> list[int]:
        """The first process of each worker that trains."""
        runs = running(self._product)
        spared = {parent_of(run.pid) for run in runs if run.fruitless_attempts >= SPARED_AFTER}
        return sorted({parent_of(run.pid) for run in runs if self._is_target(run)} - spared - {0, 1})

    def _is_target(self, run: RunningRun) -> bool:
        in_epoch = run.is_training and run.epoch < self._epochs
        return run.fruitless_attempts < SPARED_AFTER and (in_epoch or not self._is_aimed)

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


def _alive(pids: Sequence[int]) -> list[int]:
    """Those that run, in order."""
    return sorted(pid for pid in pids if parent_of(pid))
