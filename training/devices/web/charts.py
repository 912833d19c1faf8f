"""Tables 5 and 6 as dots with intervals: for the page (Chart.js) and as files (matplotlib).

No bars: the axis is logarithmic, and has no 0 for a bar to begin at.
"""

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

ROW_INCHES = 0.24
"""Height of one dot's place in a file."""
Seconds = tuple[float | None, ...]
Ranges = tuple[tuple[float, float] | None, ...]


@dataclass(frozen=True)
class Dots:
    """Rows of dots: labels, and by precision the seconds in each (None: not measured) with intervals."""

    labels: tuple[str, ...]
    seconds: tuple[tuple[str, Seconds, Ranges], ...]

    @classmethod
    def of(cls, lines: Sequence[Line], *, of_one_device: bool) -> "Dots":
        """The dots of some lines. Of all devices: one row each, as the thesis has it; of one: a row a workload."""
        shown = list(lines) if of_one_device else one_network_a_device(lines)
        named = {(line.precision, _workload(line) if of_one_device else _device(line)): line for line in shown}
        labels = tuple(dict.fromkeys(label for _precision, label in named))
        used = [name for name in Precision.values if any(line.precision == name for line in shown)]
        rows = [(name, [named.get((name, label)) for label in labels]) for name in used]
        return cls(
            labels,
            tuple(
                (
                    name,
                    tuple(line.seconds if line else None for line in row),
                    tuple(line.interval if line else None for line in row),
                )
                for name, row in rows
            ),
        )

    def bounds(self) -> dict[str, float]:
        """Ends of the axis, with room for every interval."""
        times = [each for _name, seconds, _ranges in self.seconds for each in seconds if each]
        times += [end for _name, _seconds, ranges in self.seconds for span in ranges for end in span or () if end > 0]
        return {"min": float(f"{0.9 * min(times):.1g}"), "max": float(f"{1.1 * max(times):.2g}")} if times else {}


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
    dots = Dots.of(lines, of_one_device=of_one_device)
    return {
        "kind": "dots",
        "horizontal": True,
        "labels": dots.labels,
        "y": {"label": _axis(), "log": True, **dots.bounds()},
        "series": [
            {"label": str(Precision(name).label), "values": values, "ranges": ranges, "color": _colour(name)}
            for name, values, ranges in dots.seconds
        ],
    }


def _axis() -> str:
    return _("s for 10,000 images, logarithmic")


def draw(lines: Sequence[Line], file_format: str, *, of_one_device: bool) -> bytes:
    """The chart as a file: `svg` or `png`."""
    return _drawn(Dots.of(lines, of_one_device=of_one_device), file_format)


@lru_cache(maxsize=plotting.KEPT)
def _drawn(dots: Dots, file_format: str) -> bytes:
    rows = len(dots.labels) * (len(dots.seconds) + 0.8)
    axes = plotting.new_axes(8, 1.2 + ROW_INCHES * rows)
    _dots(axes, dots)
    return plotting.written(axes, file_format)


def table(lines: Sequence[Line]) -> Iterator[Sequence[Any]]:
    """A head, and a row for each dot."""
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


def _dots(axes: Any, dots: Dots) -> None:
    """Dots on a logarithmic axis, each with its interval and its seconds written beside it."""
    height = 0.8 / max(len(dots.seconds), 1)
    for place, (name, seconds, ranges) in enumerate(dots.seconds):
        offset = (place - (len(dots.seconds) - 1) / 2) * height
        there = [
            (row + offset, each, span) for row, (each, span) in enumerate(zip(seconds, ranges, strict=True)) if each
        ]
        colour = LIGHT[_colour(name) - 1]
        axes.plot([each for _y, each, _span in there], [y for y, *_rest in there], "o", color=colour,
                  label=str(Precision(name).label))  # fmt: skip
        for y, each, span in there:
            low, high = span or (each, each)
            axes.plot([low, high], [y, y], "|-", color=colour)
            axes.annotate(f"{each:.3g}", (high, y), (6, -3), textcoords="offset points", fontsize=8, color=TEXT)
    axes.set_yticks(range(len(dots.labels)), dots.labels, color=TEXT, fontsize=8)
    axes.invert_yaxis()
    _style(axes)


def _style(axes: Any) -> None:
    """Style the axes like the charts of the page."""
    axes.set_xscale("log")
    axes.margins(x=0.12, y=0.02)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter("")
    axes.set_xlabel(_axis(), color=TEXT)
    axes.grid(visible=False, axis="y")
    axes.spines[:].set_visible(False)
    axes.tick_params(which="both", length=0)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, frameon=False, fontsize=8, labelcolor=TEXT)
