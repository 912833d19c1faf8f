"""What a machine tells while it is measured, from made /sys trees; no file is ever guessed from another."""

from pathlib import Path

import pytest

from training.devices.measurement import energy, machine


def write(root: Path, name: str, text: str) -> None:
    """Write a file below a made root."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("looks", "found"),
    [
        ([None, None], None),
        ([0x0, 0x0], []),
        ([0x50000, 0x50000], []),
        ([0x0, 0x10000], ["under-voltage"]),
        ([0x0, 0x4, 0x0], ["throttled"]),
        ([0x50005, 0x50005], ["under-voltage", "throttled"]),
        ([0x10000, 0xD0008], ["throttled", "soft temperature limit"]),
    ],
)
def test_bits_since_boot_are_compared(looks: list[int | None], found: list[str] | None) -> None:
    assert machine.throttled(looks) == found


def test_clock_temperature_and_throttling(tmp_path: Path) -> None:
    clock = "sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq"
    bits = "sys/devices/platform/soc/soc:firmware/get_throttled"
    for name, text in ((clock, "1500000\n"), ("sys/class/thermal/thermal_zone0/temp", "48312\n"), (bits, "50000\n")):
        write(tmp_path, name, text)
    watch = machine.Watch(tmp_path)
    write(tmp_path, clock, "600000\n")
    watch.look()
    write(tmp_path, bits, "d0008\n")
    watch.look()
    told = watch.as_dict()
    assert told["before"] == {"clock_mhz": 1500.0, "temperature": 48.312, "throttling": 0x50000}
    assert (told["lowest_clock_mhz"], told["after"]["throttling"]) == (600.0, 0xD0008)
    assert told["throttled"] == ["soft temperature limit"]


def test_a_machine_that_tells_nothing(tmp_path: Path) -> None:
    told = machine.Watch(tmp_path).as_dict()
    assert told["throttled"] is None
    assert set(told["before"].values()) == {None}


def test_peak_memory_is_this_process() -> None:
    peak = machine.peak_memory_mb()
    assert peak is not None
    assert 10 < peak < 100_000


def test_energy_counters_wrap_around(tmp_path: Path) -> None:
    package, beside = "sys/class/powercap/intel-rapl:0/", "sys/class/powercap/intel-rapl:0:0/"
    write(tmp_path, package + "energy_uj", "900000000")
    write(tmp_path, package + "max_energy_range_uj", "1000000000")
    write(tmp_path, beside + "energy_uj", "5")
    meter = energy.Meter(tmp_path)
    meter.read()
    write(tmp_path, package + "energy_uj", "950000000")
    meter.read()
    write(tmp_path, package + "energy_uj", "30000000")
    meter.read()
    used = meter.result(10.0, 20_000, lambda: None)
    assert used == {"kind": "measured", "joules_for_10000": pytest.approx(65.0), "source": "RAPL"}


def test_energy_is_never_guessed(tmp_path: Path) -> None:
    meter = energy.Meter(tmp_path)
    meter.read()
    assert meter.result(1.0, 10, lambda: None) == energy.NOT_MEASURED


def test_a_power_chip_gives_an_estimate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "     3V3_SYS_A current(1)=0.50000000A\n     3V3_SYS_V volt(9)=3.30000000V\n     EXT5V_V volt(24)=5.1V\n"
    write(tmp_path, "usr/bin/vcgencmd", f"#!/bin/sh\ntest $1 = pmic_read_adc && printf '{lines}'")
    (tmp_path / "usr/bin/vcgencmd").chmod(0o755)
    monkeypatch.setattr(energy, "ESTIMATED_SECONDS", 0.0)
    used = energy.Meter(tmp_path).result(2.0, 10_000, lambda: None)
    assert used["kind"] == "estimated"
    assert used["joules_for_10000"] == pytest.approx(2.0 * (0.5 * 3.3 * 1.1451 + 0.5879))
