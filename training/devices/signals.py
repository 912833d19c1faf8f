"""How a device's own queue learns of new benchmarks."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save

from training.devices.fleet import access
from training.devices.models import Benchmark


def _on_benchmark(sender: type[Benchmark], instance: Benchmark, created: bool, **_kwargs: Any) -> None:
    """Wake the device that a new benchmark is meant for, once its row can be seen."""
    device = instance.wanted_device
    if created and device is not None and device.has_queue and device.has_agent:
        transaction.on_commit(lambda: access.wake(device))


def connect() -> None:
    """Listen; again and again without effect."""
    post_save.connect(_on_benchmark, sender=Benchmark, dispatch_uid="devices.benchmark")
