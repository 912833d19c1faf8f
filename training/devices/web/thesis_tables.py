"""The thesis's own devices and figures (2024, §3): Tables 4, 5 and 6, as they are printed there.

"x84" for PC 1 and 1 MB of L3 for the Raspberry Pi (it has none; its L2 is 1 MB) are the thesis's.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from training.devices.sheet import DeviceSheet

YEAR = 2024
ACCURACY = {"fp32": 0.9623, "fp16": 0.9619}
"""On every device, of 10,000 images."""


@dataclass(frozen=True)
class ThesisDevice:
    """A device of the thesis: its sheet, and seconds for 10,000 images by precision."""

    name: str
    sheet: DeviceSheet
    seconds: dict[str, float]


DEVICES: tuple[ThesisDevice, ...] = (
    ThesisDevice(
        "Lenovo Ideapad",
        DeviceSheet(
            cpu_model="Intel Core i3-5005U",
            architecture="x86",
            bits=64,
            microarchitecture="Broadwell-U",
            cores=2,
            clock_ghz=2.0,
            l3_mb=3,
            ram_type="DDR3",
            ram_gb=8,
            ram_mhz=1995,
            disk_type="HDD",
            disk_gb=1024,
            disk_read_mb_s=300,
            disk_write_mb_s=300,
            os_family="Windows",
            os_version="10 Pro",
        ),
        {"fp32": 2.7978, "fp16": 2.6111},
    ),
    ThesisDevice(
        "Raspberry Pi 4",
        DeviceSheet(
            cpu_model="Broadcom BCM2711",
            architecture="ARMv8-A",
            bits=64,
            microarchitecture="Cortex-A72",
            cores=4,
            clock_ghz=1.5,
            l3_mb=1,
            ram_type="LPDDR4",
            ram_gb=2,
            ram_mhz=3200,
            disk_type="microSD",
            disk_gb=16,
            disk_read_mb_s=100,
            disk_write_mb_s=100,
            os_family="Linux",
            os_version="Debian Bullseye 5.15.32-v8+",
        ),
        {"fp32": 9.6059, "fp16": 8.7375},
    ),
    ThesisDevice(
        "MacBook Pro",
        DeviceSheet(
            cpu_model="Apple M1",
            architecture="ARMv8.5-A",
            bits=64,
            microarchitecture="Firestorm / Icestorm",
            cores=8,
            clock_ghz=3.2,
            l3_mb=16,
            ram_type="LPDDR4X",
            ram_gb=16,
            ram_mhz=4266,
            disk_type="SSD (M2)",
            disk_gb=1024,
            disk_read_mb_s=3000,
            disk_write_mb_s=2700,
            os_family="MacOS",
            os_version="14.5",
        ),
        {"fp32": 0.6824, "fp16": 0.6757},
    ),
    ThesisDevice(
        gettext_noop("PC 1"),
        DeviceSheet(
            cpu_model="AMD Ryzen 7 PRO 3700",
            architecture="x84",
            bits=64,
            microarchitecture="Zen2",
            cores=8,
            clock_ghz=3.6,
            l3_mb=32,
            ram_type="DDR 4",
            ram_gb=64,
            ram_mhz=2666,
            disk_type="SSD (M2)",
            disk_gb=500,
            disk_read_mb_s=550,
            disk_write_mb_s=520,
            os_family="Windows",
            os_version="10 Pro",
        ),
        {"fp32": 1.8161, "fp16": 1.7865},
    ),
    ThesisDevice(
        gettext_noop("PC 2"),
        DeviceSheet(
            cpu_model="Intel Core i7-10700KF",
            architecture="x86",
            bits=64,
            microarchitecture="Comet Lake",
            cores=8,
            clock_ghz=3.8,
            l3_mb=16,
            ram_type="DDR 4",
            ram_gb=64,
            ram_mhz=3200,
            disk_type="SSD (M2)",
            disk_gb=500,
            disk_read_mb_s=550,
            disk_write_mb_s=520,
            os_family="Windows",
            os_version="10 Pro",
        ),
        {"fp32": 1.4610, "fp16": 1.4570},
    ),
)
