"""The bars of Tables 5 and 6: for the page (Chart.js) and as files (matplotlib)."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from recognizer import plotting
from recognizer.palette import LIGHT, TEXT
from training.devices.models import Benchmark, Precision
from training.devices.web import thesis_tables
from training.devices.web.tables import Line, batch_words, family, subject

BAR_INCHES = 0.24
"""Height of one bar in a file."""


@dataclass(frozen=True)
class Bars:
    """Groups of bars with their labels, and the seconds of each group by precision (None: not measured)."""

    labels: list[str]
    seconds: dict[str, list[float | None]]

    def __hash__(self) -> int:
        """Equal ones have equal figures: a chart of them need not be drawn twice."""
        return hash((tuple(self.labels), tuple((name, tuple(values)) for name, values in self.seconds.items())))

    @classmethod
    def of(cls, lines: Sequence[Line], *, of_one_device: bool) -> "Bars":
        """The bars of some lines. Of all devices: one group each, as the thesis has it; of one: a group a workload."""
        shown = list(lines) if of_one_device else one_network_a_device(lines)
        named = [(_workload(line) if of_one_device else _device(line), line) for line in shown]
        labels = list(dict.fromkeys(label for label, _line in named))
        seconds = {(line.precision, label): line.seconds for label, line in named}
        used = [name for name in Precision.values if any(line.precision == name for line in shown)]
        return cls(labels, {name: [seconds.get((name, label)) for label in labels] for name in used})

    @property
    def floor(self) -> float:
        """Where the logarithmic axis begins: the power of ten below the shortest time."""
        known = [each for values in self.seconds.values() for each in values if each]
        return 10.0 ** math.floor(math.log10(min(known))) if known else 0.1


def one_network_a_device(lines: Sequence[Line]) -> list[Line]:
    """The thesis's lines; of each device of ours, those of the network last timed one by one."""
    last: dict[int | None, Benchmark] = {}
    for each in (line.benchmark for line in lines):
        if each and each.batch_size == 1 and each.pk > getattr(last.get(each.device_id), "pk", 0):
            last[each.device_id] = each
    chosen = {subject(each) for each in last.values()}
    return [line for line in lines if line.benchmark is None or subject(line.benchmark) in chosen]


def page_chart(lines: Sequence[Line], *, of_one_device: bool) -> dict[str, Any]:
    """The chart as docs/pages.md describes it."""
    bars = Bars.of(lines, of_one_device=of_one_device)
    return {
        "kind": "bar",
        "horizontal": True,
        "labels": bars.labels,
        "y": {"label": _("seconds for 10,000 images"), "log": True, "min": bars.floor},
        "series": [
            {"label": str(Precision(name).label), "values": values, "color": _colour(name)}
            for name, values in bars.seconds.items()
        ],
    }


def draw(lines: Sequence[Line], file_format: str, *, of_one_device: bool) -> bytes:
    """The chart as a file: `svg` or `png`."""
    return _drawn(Bars.of(lines, of_one_device=of_one_device), file_format)


@lru_cache(maxsize=plotting.KEPT)
def _drawn(bars: Bars, file_format: str) -> bytes:
    rows = len(bars.labels) * (len(bars.seconds) + 0.8)
    axes = plotting.new_axes(8, 1.2 + BAR_INCHES * rows)
    _bars(axes, bars)
    return plotting.written(axes, file_format)


def table(lines: Sequence[Line]) -> Iterator[Sequence[Any]]:
    """A head, and a row for each bar."""
    yield ["device", "source", "model", "precision", "batch_size", "seconds_for_10000", "accuracy"]
    for line in lines:
        job = line.benchmark
        source = (
            ["measured", str(job.model), job.precision, job.batch_size] if job else ["thesis", "", line.precision, ""]
        )
        yield [line.device, *source, line.seconds, line.accuracy]


def _colour(precision: str) -> int:
    """The colour of a precision (1 to 6), the same in every chart."""
    return Precision.values.index(precision) + 1


def _device(line: Line) -> str:
    return f"{line.device} ({thesis_tables.YEAR})" if line.is_thesis else line.device


def _workload(line: Line) -> str:
    if line.benchmark is None:
        return _device(line)
    return f"{family(line.benchmark)} · {batch_words(line.benchmark.batch_size)}"


def _bars(axes: Any, bars: Bars) -> None:
    """Horizontal bars on a logarithmic axis, each with its seconds written beside it."""
    height = 0.8 / max(len(bars.seconds), 1)
    for place, (name, seconds) in enumerate(bars.seconds.items()):
        there = [(row, each) for row, each in enumerate(seconds) if each is not None]
        positions = [row + (place - (len(bars.seconds) - 1) / 2) * height for row, _each in there]
        widths = [each for _row, each in there]
        drawn = axes.barh(
            positions, widths, height * 0.9, color=LIGHT[_colour(name) - 1], label=str(Precision(name).label)
        )
        axes.bar_label(drawn, fmt="%.3g", padding=3, color=TEXT, fontsize=8)
    axes.set_yticks(range(len(bars.labels)), bars.labels, color=TEXT, fontsize=8)
    axes.invert_yaxis()
    _style(axes)
    axes.set_xlim(left=bars.floor)


def _style(axes: Any) -> None:
    """Style the axes like the charts of the page."""
    axes.set_xscale("log")
    axes.margins(x=0.12, y=0.02)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter("")
    axes.set_xlabel(_("seconds for 10,000 images"), color=TEXT)
    axes.grid(visible=False, axis="y")
    axes.spines[:].set_visible(False)
    axes.tick_params(which="both", length=0)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, frameon=False, fontsize=8, labelcolor=TEXT)
