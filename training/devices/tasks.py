"""Tasks: claim the next job of this app and do it."""

from celery import shared_task
from django.db.models import Q

from training.devices import compression
from training.devices.benchmarks import execution
from training.devices.models import Benchmark, Compression
from training.devices.sheet import machine_key
from training.jobs.worker.work_loop import work_next


@shared_task(name=Benchmark.TASK)
def benchmark_next() -> None:
    """Do the next benchmark that may run on this machine."""
    work_next(Benchmark, execution.execute, only=Q(wanted_device=None) | Q(wanted_device__key=machine_key()))


@shared_task(name=Compression.TASK)
def compress_next() -> None:
    """Do the next compression."""
    work_next(Compression, compression.execute)
