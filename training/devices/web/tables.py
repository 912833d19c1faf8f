"""The thesis's Tables 4, 5 and 6 with our own measurements beside its own."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from recognizer.models import StoredModel
from training.devices.measurement import NUMPY
from training.devices.models import Benchmark, Device, DeviceKind
from training.devices.sheet import DeviceSheet
from training.devices.web import remarks, thesis_tables
from training.jobs.models import State

ROWS: tuple[tuple[Any, tuple[tuple[str, Any, Any], ...]], ...] = (
    (
        gettext_lazy("Processor"),
        (
            ("cpu_model", gettext_lazy("Model"), ""),
            ("architecture", gettext_lazy("Architecture"), ""),
            ("bits", gettext_lazy("Word size"), gettext_lazy("bits")),
            ("microarchitecture", gettext_lazy("Microarchitecture"), ""),
            ("cores", gettext_lazy("Cores"), ""),
            ("clock_ghz", gettext_lazy("Clock"), gettext_lazy("GHz")),
            ("l3_mb", gettext_lazy("L3 cache"), gettext_lazy("MB")),
            ("instruction_sets", gettext_lazy("Instruction sets"), ""),
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
            ("disk_read_mb_s", pgettext_lazy("speed of a disk", "Reading"), gettext_lazy("MB/s")),
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
class SheetColumn:
    """A device in Table 4."""

    name: str
    sheet: DeviceSheet
    url: str = ""


@dataclass(frozen=True)
class Line:
    """One line of Table 5 or 6: how long a device took, and how well it read. `benchmark` is None for the thesis's."""

    device: str
    precision: str
    seconds: float
    accuracy: float | None
    benchmark: Benchmark | None = None
    ratio: float | None = None
    """Its time divided by that of the same network in fp32 (below 1: quicker); None for fp32 itself."""
    ratio_range: tuple[float, float] | None = None
    """The least and the most that the ratio can be by the repeats of both; None where it is not known."""

    @property
    def interval(self) -> tuple[float, float] | None:
        """Seconds of the shortest and the longest repeat; None of the thesis's, which says nothing of it."""
        if self.benchmark is None:
            return None
        seconds = _seconds(self.benchmark)
        scale = self.seconds / seconds["median"]
        return float(seconds["min"] * scale), float(seconds["max"] * scale)

    @property
    def spread(self) -> float | None:
        """(Longest − shortest) ÷ median of the repeats; None of the thesis's, which says nothing of it."""
        if self.benchmark is None:
            return None
        seconds = _seconds(self.benchmark)
        return float((seconds["max"] - seconds["min"]) / seconds["median"])

    @property
    def is_noisy(self) -> bool:
        """Whether the repeats differ by more than they do on a quiet machine."""
        return self.spread is not None and self.spread > remarks.QUIET_SPREAD

    @property
    def is_thesis(self) -> bool:
        """Whether the figures are the thesis's."""
        return self.benchmark is None


def computers() -> "QuerySet[Device]":
    """All devices but browsers, which are never set beside others."""
    return Device.objects.filter(kind=DeviceKind.COMPUTER)


def batch_words(batch_size: int) -> str:
    """How many images the network was given at once."""
    return _("one by one") if batch_size == 1 else _("by %(count)d") % {"count": batch_size}


def columns(devices: Iterable[Device]) -> list[SheetColumn]:
    """Table 4's devices: the thesis's, then ours."""
    ours = [SheetColumn(each.name, each.rows, each.get_absolute_url()) for each in devices]
    return [SheetColumn(f"{_(each.name)} ({thesis_tables.YEAR})", each.sheet) for each in thesis_tables.DEVICES] + ours


def sheet_rows(sheets: list[DeviceSheet]) -> list[tuple[str, list[tuple[str, str, list[Any]]]]]:
    """Table 4 as groups of rows (name, unit, the value of each sheet); rows that no sheet fills are left out."""
    groups = []
    for group, rows in ROWS:
        filled = [(name, unit, [getattr(each, field) for each in sheets]) for field, name, unit in rows]
        filled = [row for row in filled if any(value not in ("", None) for value in row[2])]
        if filled:
            groups.append((group, filled))
    return groups


def newest(devices: Iterable[Device] | None = None) -> list[Benchmark]:
    """The newest valid result in numpy of each (or these) device, network, batch size and precision, in this order."""
    done = Benchmark.objects.filter(
        state=State.SUCCEEDED, device__isnull=False, backend=NUMPY, invalid="", sustained_seconds=0
    )
    if devices is not None:
        done = done.filter(device__in=list(devices))
    found = {
        (subject(each), each.precision): each for each in done.select_related("device", "model__parent").order_by("pk")
    }
    return sorted(
        found.values(), key=lambda each: (str(each.device), str(family(each)), each.batch_size, each.precision)
    )


def family(benchmark: Benchmark) -> StoredModel:
    """The network that was timed: the model, or the one in fp32 that it was made from."""
    model = benchmark.model
    return model.parent if model.precision != "fp32" and model.parent is not None else model


def subject(benchmark: Benchmark) -> tuple[int | None, int, int]:
    """What two benchmarks must share to be compared: device, network, batch size."""
    return benchmark.device_id, family(benchmark).pk, benchmark.batch_size


def lines(benchmarks: Iterable[Benchmark], *, with_thesis: bool = True) -> list[Line]:
    """Every line of Tables 5 and 6: the thesis's, then ours."""
    ours = list(benchmarks)
    fp32 = {subject(each): each for each in ours if each.precision == "fp32"}
    theirs = _thesis_lines() if with_thesis else []
    return theirs + [_line(each, fp32.get(subject(each))) for each in ours]


def _line(benchmark: Benchmark, fp32: Benchmark | None) -> Line:
    seconds, accuracy = benchmark.measured_seconds, benchmark.accuracy
    if seconds is None:
        raise ValueError(f"benchmark {benchmark.pk} has no result")
    line = Line(str(benchmark.device), benchmark.precision, seconds, accuracy["share"] if accuracy else None, benchmark)
    if fp32 is None or fp32 is benchmark or not fp32.measured_seconds:
        return line
    ours, theirs = _seconds(benchmark), _seconds(fp32)
    images = fp32.images / benchmark.images
    span = (images * ours["min"] / theirs["max"], images * ours["max"] / theirs["min"])
    return replace(line, ratio=seconds / fp32.measured_seconds, ratio_range=span)


def _seconds(benchmark: Benchmark) -> dict[str, Any]:
    seconds: dict[str, Any] = (benchmark.results or {})["seconds"]
    return seconds


def _thesis_lines() -> list[Line]:
    return [
        Line(
            _(each.name),
            precision,
            each.seconds[precision],
            thesis_tables.ACCURACY[precision],
            ratio=None if precision == "fp32" else each.seconds[precision] / each.seconds["fp32"],
        )
        for precision in thesis_tables.ACCURACY
        for each in thesis_tables.DEVICES
    ]
