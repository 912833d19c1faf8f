"""Workers and the clock as programs."""

from collections.abc import Sequence

from django.conf import settings

from hwrsite.processes.program import Program

TRAINING = ("training", "benchmarks")
"""Queues of long work that uses a whole core: no training runs beside a benchmark in the same worker."""


def programs(queues: Sequence[str], *, clock: bool = True) -> list[Program]:
    """Workers for the queues, each a process that does one job at a time, and the clock.

    Trainings have processes of their own, so that other work never waits behind them.
    """
    long = [queue for queue in queues if queue in TRAINING]
    rest = [queue for queue in queues if queue not in TRAINING]
    trainers = [_worker(long, number) for number in range(1, settings.TRAINING_PROCESSES + 1)] if long else []
    clocks = [Program("clock", ["manage", "clock"])] if clock else []
    return [*trainers, *([_worker(rest)] if rest else []), *clocks]


def _worker(queues: Sequence[str], number: int = 1) -> Program:
    """A Celery worker for some queues; its pool is the process itself, without a lock that a killed one could keep."""
    name = f"worker-{'-'.join(queues)}-{number}"
    options = ["--pool", "solo", "-Q", ",".join(queues), "-n", f"{name}@%h", "--loglevel", "WARNING"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return Program(name, ["celery", "--quiet", "-A", "hwrsite", "worker", *options, *quiet], nice=settings.NICE)
