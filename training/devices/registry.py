"""The devices that we know: each is written down by a benchmark that ran on it."""

from typing import Any

from django.utils import timezone

from training.devices import sheet
from training.devices.models import Device
from training.devices.sheet import Sheet

MEASURED = ("disk_read_mb_s", "disk_write_mb_s")
"""Rows that only a measurement on request gives: the last ones stay."""


def register(identity: dict[str, str], read: Sheet) -> Device:
    """Write down a device by its key, with its newest sheet. A name that somebody gave it stays."""
    device, created = Device.objects.get_or_create(
        key=identity["key"], defaults={"name": identity["name"][:100], "sheet": read.as_dict()}
    )
    if not created:
        device.sheet = _merged(device.sheet, read.as_dict())
        device.seen_at = timezone.now()
        device.save(update_fields=["sheet", "seen_at"])
    return device


def this_device() -> Device | None:
    """This machine's row, if a benchmark has run here before."""
    return Device.objects.filter(key=sheet.machine_key()).first()


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    kept = {name: old.get(name) for name in MEASURED if new.get(name) is None}
    return {**new, **kept}
