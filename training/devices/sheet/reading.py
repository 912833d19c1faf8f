"""Reading this machine's sheet: first what is found alike on every system, then what only one system knows."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import uuid
from pathlib import Path
from typing import Any

from training.devices.sheet import disk, linux, macos, windows
from training.devices.sheet.record import DeviceSheet

READERS = {"Linux": linux.read, "Darwin": macos.read, "Windows": windows.read}
FAMILIES = {"Darwin": "macOS"}


def read(folder: Path | None = None, *, measure_disk: bool = False) -> DeviceSheet:
    """This machine's sheet; the disk is the one that holds `folder` (by default the present one).

    With `measure_disk` 64 MB are written there and read back, which takes seconds on a slow card.
    """
    place = folder or Path.cwd()
    values = common()
    reader = READERS.get(platform.system())
    if reader is not None:
        values.update(reader())
    values.update(disk.describe(place))
    if measure_disk:
        values.update(disk.measure(place))
    return DeviceSheet.from_dict({name: value for name, value in values.items() if value not in ("", None)})


def common() -> dict[str, Any]:
    """What Python itself knows of the machine."""
    return {
        "architecture": platform.machine(),
        "bits": 64 if sys.maxsize > 2**32 else 32,
        "ram_gb": _memory_gb(),
        "os_family": FAMILIES.get(platform.system(), platform.system()),
        "os_version": platform.release(),
    }


def machine_name() -> str:
    """What the machine calls itself, such as "Raspberry Pi 4 Model B Rev 1.4"; else its name in the network."""
    return (linux.product() if platform.system() == "Linux" else "") or platform.node() or "unnamed device"


def machine_key() -> str:
    """32 hexadecimal digits that stay with this installation of the system and reveal nothing about it."""
    return hashlib.sha256(f"propis device {_own_number()}".encode()).hexdigest()[:32]


def _own_number() -> str:
    """What tells this machine from others. In a container the address is random, so the name is taken."""
    if platform.system() == "Linux":
        return linux.machine_id() or platform.node()
    return f"{platform.node()} {uuid.getnode()}"


def _memory_gb() -> float | None:
    """Memory in GB of 2³⁰ bytes, one decimal."""
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (AttributeError, ValueError, OSError):
        return None
