"""Charts of the study as docs/pages.md describes them."""

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from training.study import weighted_sums
from training.study.reporting import ExperimentFigures, ended_runs
from training.study.story import StoryPoint
from training.study.templatetags.study_format import row_label

TABLE_EPOCHS = (1, 2, 5, 10, 20, 50, 100, 150, 200, 250, 300)
"""Those of which the table of a chart of curves has a row."""
LABEL_WIDTH = 18
"""Letters in a line of a bar's name: a phone has room for no more."""
MOST_POINTS = 50
"""Of a curve: what is left of 250 epochs is enough to see it, and the page stays light."""


COLOURS = 6
STYLES: Sequence[Mapping[str, bool]] = ({}, {"dashed": True}, {"thin": True})
"""Of the first six lines of a chart of curves, the next six, and the rest: there are six colours."""


def page_charts(results: Sequence[ExperimentFigures], story: Sequence[StoryPoint]) -> dict[str, Any]:
    """All charts of the page by name."""
    curves = {each["experiment"]: curves_chart(each) for each in results if has_curves(each)}
    sums = {f"z-{name}": sums_chart(name) for name in weighted_sums.DEVIATIONS}
    return {"charts": {"story": story_chart(story), "sigmoid": sigmoid_chart(), **curves, **sums}}


def story_chart(points: Sequence[StoryPoint]) -> dict[str, Any]:
    """Both figures of each step."""
    known = [each for point in points for each in (_share(point.thesis), _share(point.ours)) if each is not None]
    return {
        "kind": "bar",
        "horizontal": True,
        "labels": [textwrap.wrap(point.label, LABEL_WIDTH) for point in points],
        "y": {"label": _("accuracy"), "format": "percent", "min": _beginning(known), "max": 1},
        "series": [
            {"label": _("the thesis"), "values": [_share(point.thesis) for point in points], "color": 2},
            {"label": _("ours"), "values": [_share(point.ours) for point in points], "color": 1},
        ],
    }


def _beginning(shares: Sequence[float]) -> float:
    """Where an axis of bars begins: at a whole tenth, so far below the lowest that its bar is seen."""
    return math.floor(10 * (min(shares, default=0.7) - 0.05)) / 10


def _share(percent: float | None) -> float | None:
    return None if percent is None else round(percent / 100, 6)  # so that two decimals of a per cent stay right


def has_curves(result: ExperimentFigures) -> bool:
    """Whether the curve of any row is known."""
    return any(_curve(row) for row in result["rows"])


def curves_chart(result: ExperimentFigures) -> dict[str, Any]:
    """Accuracy by epoch, a line for each row, of its first seed, from a little below the lowest row's best."""
    drawn = [(row_label(row["row"]), _curve(row)) for row in result["rows"]]
    longest = max(len(curve) for _label, curve in drawn)
    lowest = min(max(curve) for _label, curve in drawn if curve)
    return {
        "kind": "line",
        "x": {"label": _("epoch"), "format": "number", "max": longest},
        "y": {"label": _("accuracy"), "format": "percent", "min": max(0, math.floor(20 * (lowest - 0.05)) / 20)},
        "nearest": len(drawn) > COLOURS,
        "series": [
            {"label": label, "points": thinned(curve), "color": 1 + place % COLOURS, **STYLES[place // COLOURS]}
            for place, (label, curve) in enumerate(drawn)
            if curve
        ],
    }


def curves_table(result: ExperimentFigures) -> tuple[list[str], list[tuple[int, list[float | None]]]]:
    """The chart as a table: the rows that have a curve, and for some epochs the accuracy of each in per cent."""
    drawn = [(row_label(row["row"]), _curve(row)) for row in result["rows"] if _curve(row)]
    longest = max((len(curve) for _label, curve in drawn), default=0)
    lines = [
        (epoch, [100 * curve[epoch - 1] if epoch <= len(curve) else None for _label, curve in drawn])
        for epoch in sorted({*TABLE_EPOCHS, longest})
        if epoch <= longest
    ]
    return [label for label, _curve in drawn], lines


def _curve(row: Mapping[str, Any]) -> Sequence[float]:
    runs = ended_runs(row) or [{}]
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
        "y": {"label": _("density"), "format": "number", "min": 0},
        "series": [
            {"label": _("drawn"), "points": measured, "dots": True},
            {"label": _("formula"), "points": weighted_sums.normal_curve(initializer), "color": 2, "dashed": True},
        ],
    }


def sigmoid_points() -> list[tuple[float, float, float]]:
    """Figures 2 and 15: z, σ(z) (1.1), and its slope σ(z)(1 − σ(z))."""
    sigmas = [(place / 2, 1 / (1 + math.exp(-place / 2))) for place in range(-16, 17)]
    return [(z, round(sigma, 4), round(sigma * (1 - sigma), 4)) for z, sigma in sigmas]


def sigmoid_chart() -> dict[str, Any]:
    """The sigmoid and its slope."""
    return {
        "kind": "line",
        "x": {"label": "z", "format": "number"},
        "y": {"format": "number", "min": 0, "max": 1},
        "series": [
            {"label": "σ(z)", "points": [(z, sigma) for z, sigma, _slope in sigmoid_points()]},
            {"label": "σ′(z)", "points": [(z, slope) for z, _sigma, slope in sigmoid_points()], "color": 2},
        ],
    }


def sums_table(initializer: str) -> list[tuple[float, float, float]]:
    """Figure 33 or 34 as a table: z, density drawn, density by formula."""
    drawn, formula = weighted_sums.drawn(initializer), weighted_sums.normal_curve(initializer)
    return [(z, density, exact) for (z, density), (_z, exact) in zip(drawn, formula, strict=True)]
