"""The thesis's Tables 4, 5 and 6 with our own measurements beside its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.devices import thesis
from training.devices.models import Benchmark, Device
from training.devices.sheet import Sheet
from training.jobs.models import State

ROWS: tuple[tuple[Any, tuple[tuple[str, Any, Any], ...]], ...] = (
    (
        gettext_lazy("Processor"),
        (
            ("cpu_model", gettext_lazy("Model"), ""),
            ("architecture", gettext_lazy("Architecture"), ""),
            ("bits", gettext_lazy("Word"), gettext_lazy("bit")),
            ("microarchitecture", gettext_lazy("Microarchitecture"), ""),
            ("cores", gettext_lazy("Cores"), ""),
            ("clock_ghz", gettext_lazy("Clock"), gettext_lazy("GHz")),
            ("l3_mb", gettext_lazy("L3 cache"), gettext_lazy("MB")),
        ),
    ),
    (
        gettext_lazy("Memory"),
        (
            ("ram_type", gettext_lazy("Type"), ""),
            ("ram_gb", gettext_lazy("Size"), gettext_lazy("GB")),
            ("ram_mhz", gettext_lazy("Clock"), gettext_lazy("MHz")),
        ),
    ),
    (
        gettext_lazy("Disk"),
        (
            ("disk_type", gettext_lazy("Type"), ""),
            ("disk_gb", gettext_lazy("Size"), gettext_lazy("GB")),
            ("disk_read_mb_s", gettext_lazy("Reading"), gettext_lazy("MB/s")),
            ("disk_write_mb_s", gettext_lazy("Writing"), gettext_lazy("MB/s")),
        ),
    ),
    (
        gettext_lazy("Operating system"),
        (
            ("os_family", gettext_lazy("Family"), ""),
            ("os_version", gettext_lazy("Version"), ""),
        ),
    ),
)
"""Table 4: groups of rows, each with the sheet's field, its name and its unit."""


@dataclass(frozen=True)
class Column:
    """A device in Table 4."""

    name: str
    sheet: Sheet
    url: str = ""


@dataclass(frozen=True)
class Line:
    """One line of Table 5 or 6: how long a device took, and how well it read."""

    device: str
    precision: str
    seconds: float
    accuracy: float | None
    device_url: str = ""
    is_thesis: bool = False
    benchmark: Benchmark | None = None
    gain: float | None = None
    """By how much of its own fp32 time it was quicker (below 0: slower); None for fp32 itself."""

    @property
    def label(self) -> str:
        """The device and, of ours, what was timed on it and how."""
        if self.benchmark is None:
            return f"{self.device} ({thesis.YEAR})"
        return f"{self.device} · {self.benchmark.model} · {batch_words(self.benchmark.batch_size)}"


def batch_words(batch_size: int) -> str:
    """How many images the network was given at once."""
    return _("one by one") if batch_size == 1 else _("by %(count)d") % {"count": batch_size}


def columns(devices: Iterable[Device]) -> list[Column]:
    """Table 4's devices: the thesis's, then ours."""
    ours = [Column(each.name, each.rows, each.get_absolute_url()) for each in devices]
    return [Column(f"{each.name} ({thesis.YEAR})", each.sheet) for each in thesis.DEVICES] + ours


def sheet_rows(sheets: list[Sheet]) -> list[tuple[str, list[tuple[str, str, list[Any]]]]]:
    """Table 4 as groups of rows (name, unit, the value of each sheet); rows that no sheet fills are left out."""
    groups = []
    for group, rows in ROWS:
        filled = [(name, unit, [getattr(each, field) for each in sheets]) for field, name, unit in rows]
        filled = [row for row in filled if any(value not in ("", None) for value in row[2])]
        if filled:
            groups.append((group, filled))
    return groups


def newest(device: Device | None = None) -> list[Benchmark]:
    """The newest result of each device, model, precision and batch size, by these."""
    done = Benchmark.objects.filter(state=State.SUCCEEDED, device__isnull=False).select_related("device", "model")
    if device is not None:
        done = done.filter(device=device)
    found: dict[tuple[Any, ...], Benchmark] = {}
    for each in done.order_by("pk"):
        found[_subject(each), each.precision] = each
    return sorted(found.values(), key=lambda each: (str(each.device), str(each.model), each.batch_size, each.precision))


def lines(benchmarks: Iterable[Benchmark], *, with_thesis: bool = True) -> list[Line]:
    """Every line of Tables 5 and 6: the thesis's, then ours."""
    ours = list(benchmarks)
    fp32 = {_subject(each): each.measured_seconds for each in ours if each.precision == "fp32"}
    theirs = _thesis_lines() if with_thesis else []
    return theirs + [_line(each, fp32.get(_family(each))) for each in ours if each.measured_seconds is not None]


def _subject(benchmark: Benchmark) -> tuple[Any, ...]:
    """What must be the same for two precisions to be compared."""
    return benchmark.device_id, benchmark.model_id, benchmark.batch_size


def _family(benchmark: Benchmark) -> tuple[Any, ...]:
    """The fp32 timing to compare with: of the model itself, or of the one that it was made from."""
    model = benchmark.model
    return benchmark.device_id, model.parent_id if model.precision != "fp32" else model.pk, benchmark.batch_size


def _line(benchmark: Benchmark, fp32_seconds: float | None) -> Line:
    device, seconds, accuracy = benchmark.device, benchmark.measured_seconds, benchmark.accuracy
    if device is None or seconds is None:
        raise ValueError(f"benchmark {benchmark.pk} has no result")
    gain = None if benchmark.precision == "fp32" or not fp32_seconds else 1 - seconds / fp32_seconds
    share = accuracy["share"] if accuracy else None
    url = device.get_absolute_url()
    return Line(device.name, benchmark.precision, seconds, share, url, benchmark=benchmark, gain=gain)


def _thesis_lines() -> list[Line]:
    return [
        Line(
            each.name,
            "fp32" if precision == "fp32" else "fp16-native",
            each.seconds[precision],
            thesis.ACCURACY[precision],
            is_thesis=True,
            gain=None if precision == "fp32" else 1 - each.seconds[precision] / each.seconds["fp32"],
        )
        for precision in thesis.ACCURACY
        for each in thesis.DEVICES
    ]
