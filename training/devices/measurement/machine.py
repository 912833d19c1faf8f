"""The machine while it is measured: clock, temperature, throttling, peak memory. `root` stands for / in tests."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path("/")
BITS = {0: "under-voltage", 1: "frequency capped", 2: "throttled", 3: "soft temperature limit"}
"""What a Raspberry Pi says of now; the same 16 bits higher is since it was switched on."""
SINCE_BOOT = 16
SECONDS = 5


class Watch:
    """Looks at the machine between timed passes."""

    def __init__(self, root: Path = ROOT) -> None:
        """Look for the first time."""
        self._root = root
        self._looks: list[dict[str, Any]] = []
        self.look()

    def look(self) -> None:
        """Read clock, temperature and throttling once."""
        self._looks.append(
            {
                "clock_mhz": _clock_mhz(self._root),
                "temperature": _temperature(self._root),
                "throttling": throttling(self._root),
            }
        )

    def as_dict(self) -> dict[str, Any]:
        """Before, during (lowest clock, highest temperature) and after; `throttled` says by what, None: not told."""
        clocks = [look["clock_mhz"] for look in self._looks if look["clock_mhz"] is not None]
        warmth = [look["temperature"] for look in self._looks if look["temperature"] is not None]
        words = [look["throttling"] for look in self._looks]
        return {
            "before": self._looks[0],
            "after": self._looks[-1],
            "lowest_clock_mhz": min(clocks, default=None),
            "highest_clock_mhz": max(clocks, default=None),
            "highest_temperature": max(warmth, default=None),
            "throttled": throttled(words),
        }


def throttled(looks: list[int | None]) -> list[str] | None:
    """What held a Raspberry Pi back while it was measured; None where it does not tell.

    A bit of now counts whenever it was seen. A bit since boot counts where it was not there before: one that was
    there already says nothing of this measurement.
    """
    known = [look for look in looks if look is not None]
    if not known:
        return None
    new = (known[-1] & ~known[0]) >> SINCE_BOOT
    seen = 0
    for look in known:
        seen |= look & 0xF
    return [name for bit, name in BITS.items() if (seen | new) >> bit & 1]


def throttling(root: Path = ROOT) -> int | None:
    """The bits of `vcgencmd get_throttled`; None on other machines."""
    text = _text(root / "sys/devices/platform/soc/soc:firmware/get_throttled") or vcgencmd("get_throttled", root)
    found = re.search(r"(?:0x)?([0-9a-fA-F]+)$", text)
    return int(found[1], 16) if found else None


def vcgencmd(what: str, root: Path = ROOT) -> str:
    """What a Raspberry Pi's firmware says; "" on other machines."""
    program = root / "usr/bin/vcgencmd"
    if not program.exists():
        return ""
    try:
        done = subprocess.run([str(program), what], capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def peak_memory_mb() -> float | None:
    """The most memory that this process has held, MB of 10⁶ bytes; None where the system does not tell."""
    # Not getrusage where it can be helped: on Linux its peak is also that of who started this process.
    if found := re.search(r"^VmHWM:\s*(\d+) kB$", _text(Path("/proc/self/status")), re.M):
        return int(found[1]) * 1024 / 1e6
    try:
        import resource  # Windows has none
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def _clock_mhz(root: Path) -> float | None:
    """The first core's clock now."""
    kilohertz = _text(root / "sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq")
    if kilohertz.isdigit():
        return int(kilohertz) / 1000
    found = re.search(r"^cpu MHz\s*: ([\d.]+)$", _text(root / "proc/cpuinfo"), re.M)
    return float(found[1]) if found else None


def _temperature(root: Path) -> float | None:
    """Of the first thermal zone, °C."""
    thousandths = _text(root / "sys/class/thermal/thermal_zone0/temp")
    return int(thousandths) / 1000 if re.fullmatch(r"-?\d+", thousandths) else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
