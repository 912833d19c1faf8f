"""Charts of the experiments beyond the thesis (docs/pages.md, “Chart”)."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from django.utils.translation import gettext as _

from training.study.beyond.experiments import BeyondExperiment
from training.study.templatetags.study_format import row_label

Figures = Mapping[str, Any]


def chart(experiment: BeyondExperiment, figures: Figures) -> dict[str, Any]:
    """Accuracy over epochs or seconds, a line for each row; or over what was varied, a point for each."""
    axes = {
        "epoch": {"label": _("epoch"), "format": "number"},
        "seconds": {"label": _("seconds of processor time"), "format": "number"},
        "parameters": {"label": _("weights and biases"), "format": "number", "log": True},
        "share": {"label": _("wrong labels"), "format": "percent"},
        "pictures": {"label": _("pictures of each letter"), "format": "number", "log": True},
    }
    curves = experiment.x in ("epoch", "seconds")
    return {
        "kind": "line",
        "x": axes[experiment.x],
        "y": {"label": _("accuracy"), "format": "percent"},
        "series": _curves(experiment, figures["rows"]) if curves else _lines(experiment, figures["rows"]),
    }


def _curves(experiment: BeyondExperiment, rows: Sequence[Figures]) -> list[dict[str, Any]]:
    def places(row: Figures) -> Sequence[float]:
        return range(1, len(row["curve"]) + 1) if experiment.x == "epoch" else [*accumulate(row["seconds"])]

    return [
        {
            "label": row_label(_(row["row"])),
            "points": [(round(x, 2), y) for x, y in zip(places(row), row["curve"], strict=True)],
            "color": 1 + number % 6,
        }
        for number, row in enumerate(rows)
        if row["curve"]
    ]


def _lines(experiment: BeyondExperiment, rows: Sequence[Figures]) -> list[dict[str, Any]]:
    """A line for each group of rows, in order of x."""
    best = {row["row"]: row["best"] for row in rows}
    groups: dict[str, list[tuple[float, float, str]]] = {}
    for row in experiment.rows:
        if row.x is not None and best.get(row.label) is not None:
            groups.setdefault(row.group, []).append((row.x, best[row.label], row.label))
    names = {"": "", "1": _("one layer"), "2": _("two layers"), "3": _("three layers")}
    return [
        {"label": names[group], "name": names[group] or _("ours"), "points": sorted(points), "marked": True}
        for group, points in groups.items()
    ]
