"""The bars of Tables 5 and 6: for the page (Chart.js) and as files (matplotlib)."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from matplotlib.figure import Figure

from recognizer.palette import LIGHT, PAPER, RULE, TEXT
from training.devices.measuring import PRECISION_NAMES
from training.devices.tables import Line

FORMATS = {"svg": "image/svg+xml", "png": "image/png"}
BAR_INCHES = 0.24
"""Height of one bar in a file."""


def series(lines: Sequence[Line]) -> tuple[list[str], dict[str, list[float | None]]]:
    """Labels of the groups of bars, and seconds of each group by precision (None where it was not measured)."""
    labels = list(dict.fromkeys(line.label for line in lines))
    seconds = {(line.precision, line.label): line.seconds for line in lines}
    used = [name for name in PRECISION_NAMES if any(line.precision == name for line in lines)]
    return labels, {name: [seconds.get((name, label)) for label in labels] for name in used}


def page_chart(lines: Sequence[Line]) -> dict[str, Any]:
    """The chart as docs/pages.md describes it."""
    labels, values = series(lines)
    return {
        "kind": "bar",
        "horizontal": True,
        "labels": labels,
        "y": {"label": _("seconds for 10,000 images"), "log": True},
        "series": [
            {"label": PRECISION_NAMES[name], "values": each, "color": _colour(name)} for name, each in values.items()
        ],
    }


def draw(lines: Sequence[Line], file_format: str) -> bytes:
    """The chart as a file: `svg` or `png`."""
    labels, values = series(lines)
    figure = Figure(figsize=(8, 1.2 + BAR_INCHES * len(labels) * (len(values) + 0.8)), layout="constrained")
    figure.set_facecolor(PAPER)
    _bars(figure.subplots(), labels, values)
    buffer = io.BytesIO()
    metadata = {"Date": None} if file_format == "svg" else None
    figure.savefig(buffer, format=file_format, dpi=160, metadata=metadata)
    return buffer.getvalue()


def table(lines: Sequence[Line]) -> str:
    """The lines as CSV, one for each bar."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["device", "source", "model", "precision", "batch_size", "seconds_for_10000", "accuracy"])
    for line in lines:
        done = line.benchmark
        ours = (
            ["measured", str(done.model), done.precision, done.batch_size]
            if done
            else ["thesis", "", line.precision, ""]
        )
        writer.writerow(
            [line.device, *ours[:1], *ours[1:], line.seconds, "" if line.accuracy is None else line.accuracy]
        )
    return text.getvalue()


def _colour(precision: str) -> int:
    """A precision keeps its colour, whatever else was measured: 1 to 6."""
    return list(PRECISION_NAMES).index(precision) + 1


def _bars(axes: Any, labels: list[str], values: dict[str, list[float | None]]) -> None:
    """Horizontal bars on a logarithmic axis, each with its seconds written beside it."""
    height = 0.8 / max(len(values), 1)
    for place, (name, seconds) in enumerate(values.items()):
        there = [(row, each) for row, each in enumerate(seconds) if each is not None]
        positions = [row + (place - (len(values) - 1) / 2) * height for row, _each in there]
        widths = [each for _row, each in there]
        bars = axes.barh(positions, widths, height * 0.9, color=LIGHT[_colour(name) - 1], label=PRECISION_NAMES[name])
        axes.bar_label(bars, fmt="%.3g", padding=3, color=TEXT, fontsize=8)
    axes.set_yticks(range(len(labels)), labels, color=TEXT, fontsize=8)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.margins(x=0.12)
    axes.set_xlabel(_("seconds for 10,000 images"), color=TEXT)
    axes.grid(axis="x", color=RULE)
    axes.set_axisbelow(True)
    axes.set_facecolor(PAPER)
    axes.spines[:].set_visible(False)
    axes.tick_params(colors=TEXT, length=0)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, frameon=False, fontsize=8, labelcolor=TEXT)
