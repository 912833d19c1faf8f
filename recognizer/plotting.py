"""Charts as files, drawn by matplotlib in the look of the page's charts."""

import io
from typing import TYPE_CHECKING, Any

from recognizer.palette import PAPER, RULE, TEXT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORMATS = {"svg": "image/svg+xml", "png": "image/png"}
DOTS_PER_INCH = 100
KEPT = 64
"""Drawn charts of each kind that a process keeps: drawing one takes a thousand times as long as sending it."""


def new_axes(width: float, height: float) -> "Axes":
    """Axes of a figure of this many inches, on the page's paper."""
    # matplotlib takes 0.2 s and 45 MB, and only a chart's download needs it: not every process at its start.
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcParams["svg.hashsalt"] = "propis"  # ids of an SVG's parts, which are random without it
    axes = Figure(figsize=(width, height), facecolor=PAPER, layout="constrained").add_subplot()
    axes.set_facecolor(PAPER)
    axes.grid(color=RULE)
    axes.set_axisbelow(True)
    axes.tick_params(which="both", colors=TEXT)
    return axes


def written(axes: "Axes", file_format: str) -> bytes:
    """The figure as `svg` or `png`, the same bytes for the same chart."""
    metadata: dict[str, Any] = {"Date": None} if file_format == "svg" else {}
    buffer = io.BytesIO()
    axes.get_figure(root=True).savefig(buffer, format=file_format, dpi=DOTS_PER_INCH, metadata=metadata)  # type: ignore[union-attr]
    return buffer.getvalue()
