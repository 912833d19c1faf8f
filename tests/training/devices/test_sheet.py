"""The sheet is read from what the machine tells; what it does not tell stays empty."""

import platform
import re
from pathlib import Path

import pytest

from training.devices import sheet
from training.devices.sheet import DeviceSheet, disk, linux
from training.devices.sheet.microarchitectures import arm, x86

RASPBERRY = {
    "proc/cpuinfo": "processor: 0\nFeatures\t: fp asimd crc32 asimddp\nCPU implementer: 0x41\nCPU part\t: 0xd08\n\n"
    "processor\t: 1\n\nHardware\t: BCM2835\n",
    "proc/device-tree/model": "Raspberry Pi 4 Model B Rev 1.4\0",
    "proc/device-tree/compatible": "raspberrypi,4-model-b\0brcm,bcm2711\0",
    "sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq": "1500000\n",
    "proc/sys/kernel/osrelease": "5.15.32-v8+\n",
    "etc/os-release": 'PRETTY_NAME="Debian GNU/Linux 11 (bullseye)"\nID=debian\n',
    **{f"sys/devices/system/cpu/cpu{n}/topology/core_id": f"{n}\n" for n in range(4)},
    **{f"sys/devices/system/cpu/cpu{n}/topology/physical_package_id": "0\n" for n in range(4)},
}
LAPTOP = {
    "proc/cpuinfo": "vendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Core(TM) i3-5005U CPU @ 2.00GHz\ncpu MHz : 8\n",
    "sys/devices/cpu/caps/pmu_name": "broadwell\n",
    "sys/class/dmi/id/product_name": "80MR\n",
    "run/udev/data/+dmi:id": "I:1\nE:MEMORY_DEVICE_0_TYPE=DDR3\nE:MEMORY_DEVICE_0_SPEED_MTS=1600\n",
    **{f"sys/devices/system/cpu/cpu{n}/topology/core_id": f"{n // 2}\n" for n in range(4)},
    **{f"sys/devices/system/cpu/cpu{n}/topology/physical_package_id": "0\n" for n in range(4)},
    **{f"sys/devices/system/cpu/cpu{n}/cache/index3/size": "3072K\n" for n in range(4)},
    **{f"sys/devices/system/cpu/cpu{n}/cache/index3/level": "3\n" for n in range(4)},
    **{f"sys/devices/system/cpu/cpu{n}/cache/index3/shared_cpu_list": "0-3\n" for n in range(4)},
}


def machine(root: Path, files: dict[str, str]) -> Path:
    """A machine that is these files."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_a_raspberry_pi(tmp_path: Path) -> None:
    root = machine(tmp_path, RASPBERRY)
    assert linux.read(root) == {
        "cpu_model": "brcm bcm2711",
        "microarchitecture": "Cortex-A72",
        "cores": 4,
        "clock_ghz": 1.5,
        "l3_mb": None,
        "instruction_sets": "asimd asimddp",
        "ram_type": "",
        "ram_mhz": None,
        "os_version": "Debian GNU/Linux 11 (bullseye) · 5.15.32-v8+",
    }
    assert linux.product(root) == "Raspberry Pi 4 Model B Rev 1.4"


def test_a_laptop_counts_cores_and_shared_cache_once(tmp_path: Path) -> None:
    read = linux.read(machine(tmp_path, LAPTOP))
    assert (read["cores"], read["l3_mb"]) == (2, 3.0)
    assert read["clock_ghz"] == 2.0, "the nominal clock, not the one of this moment"
    assert read["microarchitecture"] == "broadwell"
    assert (read["ram_type"], read["ram_mhz"]) == ("DDR3", 1600)
    assert linux.product(tmp_path) == "80MR"


def test_a_machine_that_tells_nothing(tmp_path: Path) -> None:
    assert not any(linux.read(tmp_path).values())
    assert linux.product(tmp_path) == ""


@pytest.mark.parametrize(
    ("family", "model", "name"), [("23", "113", "Zen 2"), ("25", "17", "Zen 4"), ("25", "80", "Zen 3"), ("99", "1", "")]
)
def test_amd_names(family: str, model: str, name: str) -> None:
    assert x86("AuthenticAMD", family, model) == name


def test_names_of_others_are_not_guessed() -> None:
    assert x86("GenuineIntel", "23", "113") == ""
    assert arm("0x51", "0xd08") == ""
    assert x86("AuthenticAMD", "", "") == ""


def block_device(root: Path, name: str, files: dict[str, str]) -> Path:
    """A /sys in which the disk of `root` has this name."""
    number = root.stat().st_dev
    device = root / "devices" / name
    machine(device, files)
    link = root / f"dev/block/{number >> 8 & 0xFFF}:{number & 0xFF | number >> 12 & 0xFFF00}"
    link.parent.mkdir(parents=True)
    link.symlink_to(device)
    return root


@pytest.mark.parametrize(
    ("name", "files", "kind"),
    [
        ("mmcblk0", {"device/type": "SD\n"}, "microSD"),
        ("nvme0n1", {}, "SSD (NVMe)"),
        ("sda", {"queue/rotational": "1\n"}, "HDD"),
        ("sdb", {"queue/rotational": "0\n"}, "SSD"),
        ("vda", {"queue/rotational": "1\n"}, "virtual"),
        ("loop0", {}, ""),
    ],
)
def test_disks(tmp_path: Path, name: str, files: dict[str, str], kind: str) -> None:
    system = block_device(tmp_path, name, {**files, "size": "31250000\n"})
    assert disk.describe(tmp_path, system) == {"disk_type": kind, "disk_gb": 16.0}


def test_no_disk_to_be_seen(tmp_path: Path) -> None:
    assert disk.describe(tmp_path, tmp_path) == {}


def test_disk_speed_leaves_nothing_behind(tmp_path: Path) -> None:
    speeds = disk.measure(tmp_path)
    assert speeds["disk_write_mb_s"] > 0
    assert list(tmp_path.iterdir()) == []


def test_disk_that_refuses(tmp_path: Path) -> None:
    assert disk.measure(tmp_path / "is not there") == {}


def test_this_machine() -> None:
    read = sheet.read()
    assert read.architecture == platform.machine()
    assert read.bits in (32, 64)
    assert read.disk_write_mb_s is None, "measured on request only"
    assert DeviceSheet.from_dict({**read.as_dict(), "of a later version": 1}) == read


def test_key_tells_nothing_and_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    key = sheet.machine_key()
    assert re.fullmatch(r"[0-9a-f]{32}", key)
    assert key == sheet.machine_key()
    own = linux.machine_id()
    assert not own or own not in key
    monkeypatch.setattr(linux, "machine_id", lambda: "another")
    assert sheet.machine_key() != key
