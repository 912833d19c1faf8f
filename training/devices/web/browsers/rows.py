"""The board of browsers: a row for each browser and network, a column for each precision and backend."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from recognizer.models import StoredModel
from training.devices.measurement import BROWSER_BACKENDS, JAVASCRIPT, WASM
from training.devices.models import Benchmark, Device, DeviceKind, Invitation, Precision
from training.devices.sheet import BrowserSheet
from training.devices.web import remarks
from training.devices.web.tables import family
from training.jobs.models import State

SHOWN = 40
"""Browsers on the page of all; the files have every one."""
WORDS = {JAVASCRIPT: "JavaScript", WASM: "WebAssembly"}
Figures = dict[str, Any]


@dataclass(frozen=True, order=True)
class TimeColumn:
    """What a column has: a precision, in one of the two backends."""

    precision_place: int
    backend_place: int

    @classmethod
    def of(cls, benchmark: Benchmark) -> "TimeColumn":
        """The column of a result."""
        return cls(Precision.values.index(benchmark.precision), BROWSER_BACKENDS.index(benchmark.backend))

    @property
    def precision(self) -> str:
        """Its precision, as it is stored."""
        return str(Precision.values[self.precision_place])

    @property
    def backend(self) -> str:
        """Its backend, as it is stored."""
        return BROWSER_BACKENDS[self.backend_place]

    @property
    def words(self) -> str:
        """What stands above it."""
        return f"{WORDS[self.backend]}, {Precision(self.precision).label}"


@dataclass(frozen=True)
class BrowserTime:
    """A result in its cell.

    Attributes:
        share: of the longest time of the table, 0…1.
        quicker: how many times as quick WebAssembly was as JavaScript in the same precision; None for JavaScript.

    """

    benchmark: Benchmark
    share: float
    quicker: float | None

    @property
    def is_noisy(self) -> bool:
        """Whether the repeats differ by more than they do on a quiet machine."""
        return bool(_results(self.benchmark)["spread"] > remarks.QUIET_SPREAD)


@dataclass(frozen=True)
class BrowserRow:
    """One browser and one network: its results by column (None: none), what is still to do, what does not count."""

    device: Device
    model: StoredModel
    times: list[BrowserTime | None]
    left: int
    invalid: list[Benchmark]

    @property
    def sheet(self) -> BrowserSheet:
        """What the browser tells."""
        return BrowserSheet.from_dict(self.device.sheet)


@dataclass(frozen=True)
class BrowserTable:
    """The rows with their columns."""

    columns: list[TimeColumn]
    rows: list[BrowserRow]

    @property
    def has_networks(self) -> bool:
        """Whether it must be said of each row which network it is about."""
        return len({row.model.pk for row in self.rows}) > 1


def of_all() -> BrowserTable:
    """The browsers that were seen last, the newest first."""
    last = Device.objects.filter(kind=DeviceKind.BROWSER).order_by("-seen_at", "-pk").values_list("pk", flat=True)
    return _table(_jobs().filter(wanted_device__in=list(last[:SHOWN])), newest_first=True)


def of(invitation: Invitation) -> BrowserTable:
    """The browsers of an invitation in the order in which they came, those that have nothing yet among them."""
    return _table(_jobs().filter(invitation=invitation), newest_first=False)


def of_device(device: Device) -> BrowserTable:
    """One browser."""
    return _table(_jobs().filter(wanted_device=device), newest_first=False)


def results(code: str = "") -> Iterator[Benchmark]:
    """Every valid result, of all browsers or by one invitation, newest first."""
    done = _jobs().filter(state=State.SUCCEEDED, invalid="")
    return (done.filter(invitation__code=code) if code else done).order_by("-pk").iterator()


def _jobs() -> "QuerySet[Benchmark]":
    mine = Benchmark.objects.filter(backend__in=BROWSER_BACKENDS, wanted_device__isnull=False)
    return mine.select_related("wanted_device", "model__parent").order_by("pk")


def _table(jobs: Iterable[Benchmark], *, newest_first: bool) -> BrowserTable:
    groups: dict[tuple[int, int], list[Benchmark]] = defaultdict(list)
    for job in jobs:
        groups[(job.wanted_device_id or 0, family(job).pk)].append(job)
    chosen = sorted(groups.values(), key=lambda group: -group[-1].pk if newest_first else group[0].pk)
    valid = [{TimeColumn.of(job): job for job in group if _counts(job)} for group in chosen]
    columns = sorted({column for found in valid for column in found})
    longest = max((_seconds(job) for found in valid for job in found.values()), default=1.0)
    rows = [_row(group, found, columns, longest) for group, found in zip(chosen, valid, strict=True)]
    return BrowserTable(columns, rows)


def _row(
    group: list[Benchmark], found: dict[TimeColumn, Benchmark], columns: list[TimeColumn], longest: float
) -> BrowserRow:
    device = group[0].wanted_device
    if device is None:
        raise ValueError(f"benchmark {group[0].pk} is of no device")
    times = [_time(found, column, longest) for column in columns]
    left = sum(not job.is_finished for job in group)
    return BrowserRow(device, family(group[0]), times, left, [job for job in group if job.invalid])


def _time(found: dict[TimeColumn, Benchmark], column: TimeColumn, longest: float) -> BrowserTime | None:
    job = found.get(column)
    if job is None:
        return None
    plain = found.get(TimeColumn(column.precision_place, BROWSER_BACKENDS.index(JAVASCRIPT)))
    quicker = _seconds(plain) / _seconds(job) if plain is not None and column.backend == WASM else None
    return BrowserTime(job, _seconds(job) / longest, quicker)


def _counts(job: Benchmark) -> bool:
    return job.state == State.SUCCEEDED and not job.invalid and job.results is not None


def _results(job: Benchmark) -> Figures:
    return job.results or {}


def _seconds(job: Benchmark) -> float:
    return float(_results(job)["seconds_for_10000"])
