"""Tasks: claim the next job of this app and do it."""

from celery import shared_task
from django.db.models import Q

from training.devices import compression
from training.devices.benchmarks import execution
from training.devices.fleet import bundles
from training.devices.models import Benchmark, Bundle, Compression
from training.devices.sheet import machine_key
from training.jobs.worker.work_loop import work_next


@shared_task(name=Benchmark.TASK)
def benchmark_next() -> None:
    """Do the next benchmark that may run on this machine; one whose device has an agent is left to that."""
    no_agent = Q(wanted_device__token_sha256=None) | Q(wanted_device__revoked_at__isnull=False)
    mine = Q(wanted_device__key=machine_key()) & no_agent
    work_next(Benchmark, execution.execute, only=Q(wanted_device=None) | mine)


@shared_task(name=Compression.TASK)
def compress_next() -> None:
    """Do the next compression."""
    work_next(Compression, compression.execute)


@shared_task(name=Bundle.TASK)
def bundle_next() -> None:
    """Make the next images for devices."""
    work_next(Bundle, bundles.execute)
