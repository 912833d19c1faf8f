"""Charts of the study as docs/pages.md describes them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from training.study import weighted_sums
from training.study.reporting import ExperimentFigures
from training.study.story import StoryPoint
from training.study.templatetags.study_format import row_label

MOST_POINTS = 50
"""Of a curve: what is left of 250 epochs is enough to see it, and the page stays light."""


def page_charts(results: Sequence[ExperimentFigures], story: Sequence[StoryPoint]) -> dict[str, Any]:
    """All charts of the page by name."""
    curves = {each["experiment"]: curves_chart(each) for each in results if has_curves(each)}
    sums = {f"z-{name}": sums_chart(name) for name in weighted_sums.DEVIATIONS}
    return {"charts": {"story": story_chart(story), **curves, **sums}}


def story_chart(points: Sequence[StoryPoint]) -> dict[str, Any]:
    """Both figures of each step."""
    return {
        "kind": "bar",
        "horizontal": True,
        "labels": [point.label for point in points],
        "y": {"label": _("accuracy"), "format": "percent", "min": 0.6, "max": 1},
        "series": [
            {"label": _("the thesis"), "values": [_share(point.thesis) for point in points], "color": 2},
            {"label": _("ours"), "values": [_share(point.ours) for point in points], "color": 1},
        ],
    }


def _share(percent: float | None) -> float | None:
    return None if percent is None else round(percent / 100, 5)


def has_curves(result: ExperimentFigures) -> bool:
    """Whether the curve of any row is known."""
    return any(_curve(row) for row in result["rows"])


def curves_chart(result: ExperimentFigures) -> dict[str, Any]:
    """Accuracy by epoch, a line for each row, of its first seed."""
    drawn = [(row_label(row["row"]), _curve(row)) for row in result["rows"]]
    return {
        "kind": "line",
        "x": {"label": _("epoch"), "format": "number"},
        "y": {"label": _("accuracy"), "format": "percent"},
        "nearest": len(drawn) > 6,
        "series": [
            {"label": label, "points": thinned(curve), "color": 1 + place % 6}
            for place, (label, curve) in enumerate(drawn)
            if curve
        ],
    }


def _curve(row: Mapping[str, Any]) -> Sequence[float]:
    runs = row.get("runs") or [{}]
    curve: Sequence[float] = runs[0].get("curve") or ()
    return curve


def thinned(curve: Sequence[float]) -> list[tuple[int, float]]:
    """Epoch and accuracy, about `MOST_POINTS` of them, the first and the last always."""
    step = -(-len(curve) // MOST_POINTS)
    kept = sorted({*range(0, len(curve), step), len(curve) - 1})
    return [(place + 1, round(curve[place], 4)) for place in kept]


def sums_chart(initializer: str) -> dict[str, Any]:
    """The distribution of z: drawn, and by formula."""
    measured = [(z, y) for z, y in weighted_sums.drawn(initializer)]
    return {
        "kind": "line",
        "x": {"label": "z", "format": "number"},
        "y": {"label": _("density"), "format": "number"},
        "series": [
            {"label": _("drawn"), "points": measured, "dots": True},
            {"label": _("formula"), "points": weighted_sums.normal_curve(initializer), "color": 2, "dashed": True},
        ],
    }
