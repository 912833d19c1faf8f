"""What Linux knows of a machine, from /proc, /sys, /run and /etc. `root` stands for / in tests."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from training.devices.sheet.microarchitectures import arm, x86

ROOT = Path("/")
INSTRUCTION_SETS = (
    *("sse4_1", "avx2", "fma", "f16c", "avx512f", "avx_vnni", "avx512_vnni", "avx512_fp16", "amx_int8"),
    *("neon", "asimd", "asimdhp", "asimddp", "i8mm", "sve", "sve2"),
)
"""x86: float32 by vectors, 16-bit floats, whole numbers of 8 bits (vnni, amx); ARM: the same (asimddp, i8mm)."""


def read(root: Path = ROOT) -> dict[str, Any]:
    """The rows of the sheet that Linux knows."""
    cpu = cpuinfo(root)
    return {
        "cpu_model": _cpu_model(root, cpu),
        "microarchitecture": _microarchitecture(root, cpu),
        "cores": _cores(root),
        "clock_ghz": _clock_ghz(root, cpu),
        "l3_mb": _l3_mb(root),
        "instruction_sets": _instruction_sets(cpu),
        "os_version": _version(root),
        **_memory_modules(root),
    }


def text(path: Path) -> str:
    """A small file's text without spaces and zero bytes around it; "" where there is none to read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip("\0 \n\t")
    except OSError:
        return ""


def cpuinfo(root: Path = ROOT) -> dict[str, str]:
    """The first processor of /proc/cpuinfo, with the lines at its end that hold for all."""
    values: dict[str, str] = {}
    for line in text(root / "proc/cpuinfo").splitlines():
        name, found, value = line.partition(":")
        if found:
            values.setdefault(name.strip(), value.strip())
    return values


def product(root: Path = ROOT) -> str:
    """The machine's name as its maker wrote it: device tree (ARM boards) or DMI (PCs)."""
    return text(root / "proc/device-tree/model") or text(root / "sys/class/dmi/id/product_name")


def machine_id(root: Path = ROOT) -> str:
    """The installation's own number, or ""."""
    return text(root / "etc/machine-id")


def _cpu_model(root: Path, cpu: dict[str, str]) -> str:
    """The name in cpuinfo; on ARM boards the chip in the device tree, such as "brcm,bcm2711"."""
    if name := re.sub(r"\s+", " ", cpu.get("model name", "")):
        return name
    chips = text(root / "proc/device-tree/compatible").split("\0")
    return chips[-1].replace(",", " ") if chips[-1] else cpu.get("Hardware", "")


def _microarchitecture(root: Path, cpu: dict[str, str]) -> str:
    """Intel: the kernel's own name for it; AMD and ARM: by the numbers in cpuinfo."""
    if cpu.get("CPU part"):
        return arm(cpu.get("CPU implementer", ""), cpu["CPU part"])
    named = text(root / "sys/devices/cpu/caps/pmu_name")
    return named or x86(cpu.get("vendor_id", ""), cpu.get("cpu family", ""), cpu.get("model", ""))


def _instruction_sets(cpu: dict[str, str]) -> str:
    """Of those that decide a network's speed, the ones that the processor has, by the kernel's names."""
    has = (cpu.get("flags") or cpu.get("Features") or "").split()
    return " ".join(name for name in INSTRUCTION_SETS if name in has)


def _cpus(root: Path) -> list[Path]:
    return sorted((root / "sys/devices/system/cpu").glob("cpu[0-9]*"))


def _cores(root: Path) -> int | None:
    """Cores, not hardware threads."""
    topologies = [cpu / "topology" for cpu in _cpus(root)]
    cores = {(text(each / "physical_package_id"), text(each / "core_id")) for each in topologies}
    return len(cores - {("", "")}) or None


def _clock_ghz(root: Path, cpu: dict[str, str]) -> float | None:
    """The nominal clock where the system knows it, else the highest, else (no control of it) the present one."""
    folder = root / "sys/devices/system/cpu/cpu0/cpufreq"
    if named := re.search(r"@ ([\d.]+)GHz", cpu.get("model name", "")):
        return float(named[1])
    for name in ("base_frequency", "cpuinfo_max_freq"):
        if kilohertz := text(folder / name):
            return round(int(kilohertz) / 1e6, 2)
    megahertz = "" if folder.exists() else cpu.get("cpu MHz", "")
    return round(float(megahertz) / 1000, 2) if megahertz else None


def _l3_mb(root: Path) -> float | None:
    """All L3 caches together, each counted once though several cores share it."""
    caches = {}
    for cache in (each / "cache/index3" for each in _cpus(root)):
        size = re.fullmatch(r"(\d+)K", text(cache / "size"))
        if size and text(cache / "level") == "3":
            caches[text(cache / "shared_cpu_list")] = int(size[1])
    return round(sum(caches.values()) / 1024, 1) or None


def _memory_modules(root: Path) -> dict[str, Any]:
    """Type and clock of the first memory module, from udev's record of DMI (PCs)."""
    noted = dict(
        re.findall(r"^E:MEMORY_DEVICE_\d+_(TYPE|SPEED_MTS)=(.+)$", text(root / "run/udev/data/+dmi:id"), re.M)[::-1]
    )
    speed = noted.get("SPEED_MTS", "")
    return {"ram_type": noted.get("TYPE", ""), "ram_mhz": int(speed) if speed.isdigit() else None}


def _version(root: Path) -> str:
    """Name of the distribution and release of the kernel."""
    named = re.search(r'^PRETTY_NAME="?(.*?)"?$', text(root / "etc/os-release"), re.M)
    return " · ".join(part for part in (named[1] if named else "", text(root / "proc/sys/kernel/osrelease")) if part)
