"""Figures 3 and 4: a cost of two variables, its gradient, and a descent from any start with any learning rate.

C(v₁, v₂) = v₁⁴/4 − v₁²/2 + v₁/5 + v₂², a bowl with two dips: the deeper one left, a lesser one right. The page's script
(static/js/descent.js) takes the same steps.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

WIDTH, HEIGHT = 1.8, 1.4
"""The part that is drawn: |v₁| and |v₂| at most."""
STEPS = 40
FAR = 100.0
"""Beyond this a point has left the surface for good."""
NEAR = 0.05
"""So close to a dip a descent has arrived."""
DIPS = ((-1.0879, 0.0), (0.8793, 0.0))
"""Where the gradient is 0 and the surface curves up, the deeper one first; the tests hold them to it."""

Point = tuple[float, float]


class Outcome(StrEnum):
    """Where a descent ended."""

    DEEPEST = "deepest"
    LESSER = "lesser"
    UNDER_WAY = "under-way"
    LEFT = "left"


def cost(v1: float, v2: float) -> float:
    """C(v₁, v₂)."""
    return v1**4 / 4 - v1**2 / 2 + v1 / 5 + v2**2


def gradient(v1: float, v2: float) -> Point:
    """∂C/∂v₁ and ∂C/∂v₂."""
    return v1**3 - v1 + 0.2, 2 * v2


@dataclass(frozen=True)
class BallDescent:
    """A start and a learning rate η.

    Attributes:
        v1, v2: the start.
        rate: η.

    """

    v1: float = -0.2
    v2: float = 1.2
    rate: float = 0.1

    @classmethod
    def read(cls, v1: str, v2: str, rate: str) -> "BallDescent":
        """From the texts of an address: what is no number is as by default, what lies outside is moved to the edge."""
        return cls(
            _within(v1, cls.v1, -WIDTH, WIDTH), _within(v2, cls.v2, -HEIGHT, HEIGHT), _within(rate, cls.rate, 0.01, 1.0)
        )

    def path(self) -> list[Point]:
        """The start and the points after each step v → v − η∇C (1.9); it ends where the surface is left."""
        points = [(self.v1, self.v2)]
        while len(points) <= STEPS and max(map(abs, points[-1])) < FAR:
            (v1, v2), (by_v1, by_v2) = points[-1], gradient(*points[-1])
            points.append((v1 - self.rate * by_v1, v2 - self.rate * by_v2))
        return points

    def outcome(self) -> Outcome:
        """Where the path ends."""
        end = self.path()[-1]
        if max(map(abs, end)) >= FAR:
            return Outcome.LEFT
        for dip, outcome in zip(DIPS, (Outcome.DEEPEST, Outcome.LESSER), strict=True):
            if math.dist(end, dip) < NEAR:
                return outcome
        return Outcome.UNDER_WAY


def _within(text: str, usual: float, low: float, high: float) -> float:
    try:
        value = float(text)
    except ValueError:
        return usual
    return min(max(value, low), high) if math.isfinite(value) else usual


LEVELS = (-0.4, -0.3, -0.2, -0.1, 0.0, 0.15, 0.35, 0.65, 1.05, 1.55, 2.15)
"""Costs of which the map has a line."""


def contours(steps: int = 88) -> list[list[Point]]:
    """Closed lines of equal cost. Since C is a sum of one term of each variable, v₂ = ±√(level − C(v₁, 0))."""
    places = [-2.2 + 4.4 * step / steps for step in range(steps + 1)]
    return [line for level in LEVELS for line in _closed(level, places)]


def _closed(level: float, places: Sequence[float]) -> list[list[Point]]:
    lines, upper = [], list[Point]()
    for v1 in [*places, math.inf]:
        left = level - cost(v1, 0) if v1 < math.inf else -1
        if left >= 0:
            upper.append((v1, math.sqrt(left)))
        elif upper:
            lines.append([*upper, *((x, -y) for x, y in reversed(upper))])
            upper = []
    return lines


def wireframe(lines: int = 21, points: int = 25) -> list[list[Point]]:
    """The surface seen from the side: lines of equal v₁ and of equal v₂, in the plane of the picture (−1…1)."""
    across = [[_seen(_at(i, lines, WIDTH), _at(j, points, HEIGHT)) for j in range(points)] for i in range(lines)]
    along = [[_seen(_at(j, points, WIDTH), _at(i, lines, HEIGHT)) for j in range(points)] for i in range(lines)]
    return across + along


def _at(place: int, count: int, edge: float) -> float:
    return edge * (2 * place / (count - 1) - 1)


def _seen(v1: float, v2: float) -> Point:
    """Where a point of the surface is in the picture: turned by 35°, looked at from above, the cost upwards."""
    turn, tilt = math.radians(-35), 0.45
    x, depth = v1 * math.cos(turn) - v2 * math.sin(turn), v1 * math.sin(turn) + v2 * math.cos(turn)
    return x / 2.35, (depth * tilt + 0.42 * cost(v1, v2)) / 2.35
