"""Figures 3 and 4 as the page shows them: the surface from the side, its map, the descent that the address asks for."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from training.study.illustrations import surface
from training.study.illustrations.surface import BallDescent, Outcome, Point

SIDE, MAP = 320, 200
"""Units of the drawing for 1 of the surface; points are at whole units, so that the page stays light."""


def figure(asked: Mapping[str, str]) -> dict[str, Any]:
    """What templates/study/figures/descent.html needs; the descent of `v1`, `v2` and `rate` in an address."""
    return {
        "wireframe": [line(each, SIDE) for each in surface.wireframe()],
        "contours": [line(each, MAP) for each in surface.contours()],
        "words": {"outcomes": outcome_words(), "steps": surface.STEPS, "dips": surface.DIPS},
        **of(BallDescent.read(asked.get("v1", ""), asked.get("v2", ""), asked.get("rate", ""))),
    }


def of(chosen: BallDescent) -> dict[str, Any]:
    """One descent: its path on the map, its steps, where it ends."""
    path = chosen.path()
    return {
        "chosen": chosen,
        "path": line(path, MAP),
        "dots": [(round(MAP * v1), round(-MAP * v2)) for v1, v2 in path],
        "steps": [(number, v1, v2, surface.cost(v1, v2)) for number, (v1, v2) in enumerate(path)],
        "outcome": outcome_words()[chosen.outcome()],
    }


def line(points: Iterable[Point], scale: float) -> str:
    """Points as an SVG polyline has them, y upwards."""
    return " ".join(f"{scale * x:.0f},{-scale * y:.0f}" for x, y in points)


def outcome_words() -> dict[str, str]:
    """A sentence for each outcome."""
    return {
        Outcome.DEEPEST: _("It arrives in the deepest dip."),
        Outcome.LESSER: _("It arrives in the lesser dip and cannot know that there is a deeper one."),
        Outcome.UNDER_WAY: _("After 40 steps it is still on its way: its steps are too short, or it jumps to and fro."),
        Outcome.LEFT: _("Its steps are too long: it jumps over the dip, higher each time, and leaves the surface."),
    }
