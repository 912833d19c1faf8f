"""The disk under a folder: what it is (Linux) and, on request, how fast it writes and reads."""

from __future__ import annotations

import mmap
import os
import tempfile
import time
from pathlib import Path
from typing import Any

BLOCK = 4 * 2**20
BLOCKS = 16  # 64 MB: seconds on a slow card, and more than a drive's own cache hides of a write that is synced
SECTOR = 512  # bytes; the unit of /sys/block/*/size, whatever the drive's own is


def describe(folder: Path, system: Path = Path("/sys")) -> dict[str, Any]:
    """Type and size (GB of 10⁹ bytes) of the disk that holds a folder; empty if it cannot be found out."""
    number = folder.stat().st_dev
    device = (system / f"dev/block/{os.major(number)}:{os.minor(number)}") if hasattr(os, "major") else system / "none"
    if not device.exists():
        return {}
    device = device.resolve()
    disk = device.parent if (device / "partition").exists() else device
    sectors = _text(disk / "size")
    size = round(int(sectors) * SECTOR / 1e9, 1) if sectors.isdigit() else None
    return {"disk_type": _type(disk), "disk_gb": size}


def _type(disk: Path) -> str:
    """What kind of disk; a virtual disk hides the real one."""
    if disk.name.startswith("nvme"):
        return "SSD (NVMe)"
    if disk.name.startswith("mmcblk"):
        return {"SD": "microSD", "MMC": "eMMC"}.get(_text(disk / "device/type"), "")
    if disk.name.startswith(("vd", "xvd")):
        return "virtual"
    return {"1": "HDD", "0": "SSD"}.get(_text(disk / "queue/rotational"), "")


def measure(folder: Path) -> dict[str, Any]:
    """Speed of writing (synced) and of reading past the page cache, MB/s; empty if the folder cannot be written to."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".disk-") as file:
            return {"disk_write_mb_s": _write(file.fileno()), "disk_read_mb_s": _read(file.name)}
    except OSError:
        return {}


def _write(descriptor: int) -> float:
    block = os.urandom(BLOCK)
    start = time.perf_counter()
    for _ in range(BLOCKS):
        os.write(descriptor, block)
    os.fsync(descriptor)
    return _rate(start)


def _read(name: str) -> float | None:
    """Read directly from the disk (O_DIRECT, Linux), into a page-aligned buffer; None where it is not allowed."""
    direct: int | None = getattr(os, "O_DIRECT", None)
    if direct is None:
        return None
    try:
        descriptor = os.open(name, os.O_RDONLY | direct)
    except OSError:
        return None
    try:
        with mmap.mmap(-1, BLOCK) as buffer:
            start = time.perf_counter()
            for _ in range(BLOCKS):
                os.readv(descriptor, [buffer])
            return _rate(start)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _rate(start: float) -> float:
    return round(BLOCK * BLOCKS / 1e6 / (time.perf_counter() - start))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
