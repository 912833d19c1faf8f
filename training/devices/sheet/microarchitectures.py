"""Names of microarchitectures by the numbers with which processors identify themselves.

Sources: AMD families as in Linux, arch/x86/kernel/cpu/amd.c; ARM parts as in Linux, arch/arm64/include/asm/cputype.h.
A number that is not here has no name here.
"""

from __future__ import annotations

ARM_LIMITED = "0x41"
ARM_PARTS = {
    "0xc07": "Cortex-A7",
    "0xd03": "Cortex-A53",
    "0xd04": "Cortex-A35",
    "0xd05": "Cortex-A55",
    "0xd07": "Cortex-A57",
    "0xd08": "Cortex-A72",
    "0xd09": "Cortex-A73",
    "0xd0a": "Cortex-A75",
    "0xd0b": "Cortex-A76",
    "0xd0c": "Neoverse N1",
    "0xd40": "Neoverse V1",
    "0xd49": "Neoverse N2",
}
AMD_MODELS: dict[int, tuple[tuple[int, int, str], ...]] = {
    0x17: (
        (0x00, 0x2F, "Zen"),
        (0x30, 0x4F, "Zen 2"),
        (0x50, 0x5F, "Zen"),
        (0x60, 0x7F, "Zen 2"),
        (0x90, 0x91, "Zen 2"),
        (0xA0, 0xAF, "Zen 2"),
    ),
    0x19: ((0x00, 0x0F, "Zen 3"), (0x10, 0x1F, "Zen 4"), (0x20, 0x5F, "Zen 3"), (0x60, 0xAF, "Zen 4")),
    0x1A: ((0x00, 0x2F, "Zen 5"), (0x40, 0x4F, "Zen 5"), (0x60, 0x7F, "Zen 5")),
}
"""First and last model of each AMD family."""


def arm(implementer: str, part: str) -> str:
    """Name of a core that Arm designed, by "CPU implementer" and "CPU part" of cpuinfo; "" where unknown."""
    return ARM_PARTS.get(part, "") if implementer == ARM_LIMITED else ""


def x86(vendor: str, family: str, model: str) -> str:
    """Name of an AMD core, by cpuinfo's decimal "cpu family" and "model"; "" where unknown."""
    if vendor != "AuthenticAMD" or not (family.isdigit() and model.isdigit()):
        return ""
    models = AMD_MODELS.get(int(family), ())
    return next((name for first, last, name in models if first <= int(model) <= last), "")
