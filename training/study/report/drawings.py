"""Charts of the study's page (docs/pages.md, “Chart”) as vector drawings, by matplotlib."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.template.defaultfilters import floatformat
from django.utils.formats import number_format

from recognizer import palette, plotting

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Chart = Mapping[str, Any]
WIDTH, HEIGHT = 7.0, 3.4
"""Inches."""
BAR = 0.36
"""Inches of a bar's row."""


def drawn(chart: Chart) -> str:
    """The chart as the text of an SVG element."""
    height = HEIGHT if chart["kind"] == "line" else 1 + BAR * len(chart["labels"])
    axes = plotting.new_axes(WIDTH, height)
    axes.get_figure(root=True).set_facecolor("none")  # type: ignore[union-attr]  # these axes have a figure
    axes.set_facecolor("none")
    axes.spines[["top", "right"]].set_visible(False)
    draw = _draw_lines if chart["kind"] == "line" else _draw_bars
    draw(axes, chart)
    text = plotting.written(axes, "svg").decode()
    return text[text.index("<svg") :]


def _draw_lines(axes: "Axes", chart: Chart) -> None:
    for number, series in enumerate(chart["series"]):
        style: dict[str, Any] = {"linestyle": "--"} if series.get("dashed") else {}
        style |= {"linestyle": "", "marker": "."} if series.get("dots") else {}
        style |= {"marker": "o"} if series.get("marked") else {}
        style |= {"linewidth": 0.7} if series.get("thin") else {"linewidth": 1.4}
        color = palette.LIGHT[(series.get("color", number + 1) - 1) % len(palette.LIGHT)]
        places = [(point[0], point[1]) for point in series["points"]]
        axes.plot(*zip(*places, strict=True), color=color, label=series["label"] or series["name"], **style)
    axes.set_xlabel(chart["x"].get("label", ""), color=palette.TEXT)
    if chart["x"].get("log"):
        _make_logarithmic(axes)
    axes.xaxis.set_major_formatter(_FORMATS[chart["x"]["format"]])
    axes.set_ylabel(chart["y"].get("label", ""), color=palette.TEXT)
    _limit(axes.set_ylim, chart["y"])
    axes.yaxis.set_major_formatter(_FORMATS[chart["y"]["format"]])
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False, fontsize="small", labelcolor=palette.TEXT)


def _make_logarithmic(axes: "Axes") -> None:
    """Name 1, 2 and 5 of every power of ten, and no other: their names would stand in each other."""
    from matplotlib.ticker import LogLocator, NullFormatter

    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.xaxis.set_minor_formatter(NullFormatter())


def _draw_bars(axes: "Axes", chart: Chart) -> None:
    names = ["\n".join(label) for label in chart["labels"]]
    places = [-float(place) for place in range(len(names))]
    width = 0.8 / len(chart["series"])
    for number, series in enumerate(chart["series"]):
        known = [(place, value) for place, value in zip(places, series["values"], strict=True) if value is not None]
        shift = width * ((len(chart["series"]) - 1) / 2 - number)
        color = palette.LIGHT[series["color"] - 1]
        bars = axes.barh(
            [place + shift for place, _ in known],
            [value for _, value in known],
            width,
            color=color,
            label=series["label"],
        )
        axes.bar_label(bars, fmt=_exact_percent, padding=3, fontsize="small", color=palette.TEXT)
    axes.set_yticks(places, names, fontsize="small")
    axes.grid(visible=False, axis="y")
    axes.set_xlim(chart["y"]["min"], chart["y"]["max"] + 0.03)
    axes.xaxis.set_major_formatter(_percent)
    axes.legend(loc="upper right", frameon=False, labelcolor=palette.TEXT)


def _limit(set_limits: Any, axis: Chart) -> None:
    set_limits(axis.get("min"), axis.get("max"))


def _exact_percent(value: float) -> str:
    return f"{floatformat(100 * value, 2)} %"


def _percent(value: float, _place: float) -> str:
    return f"{100 * value:.0f} %"


def _number(value: float, _place: float) -> str:
    return str(number_format(f"{value:g}"))


_FORMATS = {"percent": _percent, "number": _number}
