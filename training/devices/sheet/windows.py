"""What Windows knows of a machine, from the registry and Python."""

from __future__ import annotations

import importlib
import platform
from typing import Any

PROCESSOR = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"


def read() -> dict[str, Any]:
    """The rows of the sheet that the registry and Python know."""
    megahertz = _registry("~MHz")
    release, version = platform.win32_ver()[:2]
    return {
        "cpu_model": str(_registry("ProcessorNameString") or "").strip(),
        "clock_ghz": round(megahertz / 1000, 2) if isinstance(megahertz, int) else None,
        "os_version": f"{release} {version}".strip(),
    }


def _registry(name: str) -> Any:
    """One value of the first processor's key, or None."""
    try:
        winreg: Any = importlib.import_module("winreg")  # is on Windows only
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, PROCESSOR) as key:
            return winreg.QueryValueEx(key, name)[0]
    except (ImportError, OSError):
        return None
