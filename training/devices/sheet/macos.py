"""What macOS knows of a machine, from sysctl."""

from __future__ import annotations

import platform
import subprocess
from typing import Any

BYTES_IN_MB = 2**20
FEATURES = {
    "avx2_0": "avx2",
    "avx512f": "avx512f",
    "arm.FEAT_FP16": "asimdhp",
    "arm.FEAT_DotProd": "asimddp",
    "arm.FEAT_I8MM": "i8mm",
}
"""Instruction sets by their keys of sysctl, with the names that Linux has for them."""


def read() -> dict[str, Any]:
    """The rows of the sheet that macOS knows."""
    hertz = _number("hw.cpufrequency")  # Intel only: Apple's own processors do not tell
    cache = _number("hw.l3cachesize")
    return {
        "cpu_model": _value("machdep.cpu.brand_string"),
        "cores": _number("hw.physicalcpu"),
        "clock_ghz": round(hertz / 1e9, 2) if hertz else None,
        "l3_mb": round(cache / BYTES_IN_MB, 1) if cache else None,
        "instruction_sets": " ".join(name for key, name in FEATURES.items() if _value(f"hw.optional.{key}") == "1"),
        "os_version": platform.mac_ver()[0],
    }


def _value(name: str) -> str:
    """One value of sysctl, or "" where it has none of that name."""
    try:
        found = subprocess.run(["/usr/sbin/sysctl", "-n", name], capture_output=True, text=True, timeout=5, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return found.stdout.strip()


def _number(name: str) -> int | None:
    value = _value(name)
    return int(value) if value.isdigit() else None
