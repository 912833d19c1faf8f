"""Curves of a run: as data for static/js/chart.js, and as files that matplotlib draws."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from recognizer import palette, plotting
from training.runs.models import Epoch, Run

Points = Sequence[tuple[int, float]]
KINDS = ("accuracy", "cost")
COLUMNS = ("epoch", "train_cost", "train_accuracy", "validation_cost", "validation_accuracy", "seconds", "ended_at")
MOST_POINTS = 500
SIZE = (8.0, 4.5)
"""Inches."""


def thinned(run: Run) -> list[Epoch]:
    """The epochs that a page shows: all, or every n-th with the first and the last, about `MOST_POINTS` at most."""
    step = -(-run.epoch // MOST_POINTS) or 1
    chosen = run.rows.annotate(place=F("epoch") % step).filter(Q(place=0) | Q(epoch=1) | Q(epoch=run.epoch))
    return list(run.rows.all() if step == 1 else chosen)


def page_data(run: Run) -> dict[str, Any]:
    """Data of both charts (docs/pages.md, “Chart”)."""
    rows = thinned(run)
    charts = {kind: _chart(kind, rows) for kind in KINDS}
    return {"running": not run.is_finished, "url": reverse("runs:curves", args=[run.pk]), "charts": charts}


def _chart(kind: str, rows: list[Epoch]) -> dict[str, Any]:
    y = {"format": "percent", "max": 1} if kind == "accuracy" else {"format": "number"}
    return {
        "kind": "line",
        "x": {"label": _("epoch"), "format": "number"},
        "y": {"label": _name(kind), **y},
        "series": [{"label": label, "points": points} for label, points in _series(kind, rows)],
    }


def _name(kind: str) -> str:
    return {"accuracy": _("accuracy"), "cost": _("cost")}[kind]


def _series(kind: str, rows: Iterable[Epoch]) -> list[tuple[str, list[tuple[int, float]]]]:
    """Label and (epoch, value) points of each curve of a chart."""
    rows = list(rows)
    splits = (("train", pgettext("a curve", "train")), ("validation", pgettext("a curve", "validation")))
    return [(label, [(row.epoch, getattr(row, f"{split}_{kind}")) for row in rows]) for split, label in splits]


def draw(run: Run, kind: str, file_format: str) -> bytes:
    """Draw one chart, `accuracy` or `cost`, as `svg` or `png`; the same run gives the same bytes."""
    series = tuple((label, tuple(points)) for label, points in _series(kind, run.rows.all()))
    return _drawn(f"{run.name} · {_name(kind)}", kind, series, file_format)


@lru_cache(maxsize=plotting.KEPT)
def _drawn(title: str, kind: str, series: tuple[tuple[str, Points], ...], file_format: str) -> bytes:
    axes = plotting.new_axes(*SIZE)
    axes.set_title(title, color=palette.TEXT, loc="left")
    axes.set_xlabel(_("epoch"), color=palette.TEXT)
    axes.locator_params(axis="x", integer=True)
    if kind == "accuracy":
        axes.yaxis.set_major_formatter("{x:.0%}")
    axes.spines[["top", "right"]].set_visible(False)
    for color, (label, points) in zip(palette.LIGHT, series, strict=False):
        _draw_curve(axes, label, points, color)
    return plotting.written(axes, file_format)


def _draw_curve(axes: Any, label: str, points: Points, color: str) -> None:
    """Draw a curve with its label beside its last point."""
    if not points:
        return
    axes.plot(*zip(*points, strict=True), color=color, linewidth=2, marker="o" if len(points) == 1 else None)
    axes.annotate(
        label, points[-1], xytext=(6, 0), textcoords="offset points", color=color, va="center", annotation_clip=False
    )


def table(run: Run) -> Iterator[Sequence[Any]]:
    """The epochs as a table: a head, and a row for each."""
    yield COLUMNS
    for row in run.rows.all():
        yield [*(getattr(row, name) for name in COLUMNS[:-1]), row.ended_at.isoformat()]
