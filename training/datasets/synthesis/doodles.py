"""Doodles that no table of strokes can hold: scribbles, lines, dots, spirals and smiles, no two alike.

Each function draws `count` of them: strokes of samples (count, m, 2) in any unit, y down, as `hand.write` returns them.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from training.datasets.synthesis.hand import Written

Floats = NDArray[np.float64]
Doodle = Callable[[int, np.random.Generator], Written]
TURN = 2 * np.pi
TREMOR = 0.6
"""Standard deviation of each sample, in hundredths of a doodle's size or so."""


def line(count: int, rng: np.random.Generator) -> Written:
    """A line in any direction, straight or slightly bent."""
    along = np.linspace(-50, 50, 20)
    bow = rng.normal(0, 5, (count, 1)) * (1 - (along / 50) ** 2)
    return _turned([_xy(along, bow)], count, rng)


def bars(count: int, rng: np.random.Generator) -> Written:
    """Two lines side by side."""
    along = np.linspace(-50, 50, 20)
    gap, tilt = rng.uniform(10, 45, (count, 1)), rng.normal(0, 0.05, (count, 2, 1))
    strokes = [_xy(along + rng.normal(0, 5, (count, 1)), side * gap + tilt[:, side] * along) for side in (0, 1)]
    return _turned(strokes, count, rng)


def tap(count: int, rng: np.random.Generator) -> Written:
    """A dot as a pen or finger leaves it that moved a little: a few points in no order."""
    return _finished([rng.normal(0, 1, (count, int(rng.integers(3, 9)), 2))])


def spot(count: int, rng: np.random.Generator) -> Written:
    """A dot that was filled in."""
    turns = np.linspace(0, 7, 120)
    return _turned([_polar(turns * TURN, 7 * turns)], count, rng, aspect=0.3)


def dots(count: int, rng: np.random.Generator) -> Written:
    """Two or three dots in a row."""
    places = np.arange(int(rng.integers(2, 4))) * 40.0
    size = rng.uniform(1, 4, (count, 1))
    circle = np.linspace(0, 1, 9) * TURN
    return _turned([_polar(circle, size) + np.array([place, 0.0]) for place in places.tolist()], count, rng)


def zigzag(count: int, rng: np.random.Generator) -> Written:
    """Back and forth, as one crosses something out."""
    ends = int(rng.integers(7, 16))
    side = np.where(np.arange(ends) % 2, 50.0, -50.0) * rng.uniform(0.5, 1.1, (count, ends))
    drift = np.linspace(-1, 1, ends) * rng.uniform(5, 45, (count, 1))
    return _turned([_joined(_xy(side, drift + rng.normal(0, 4, (count, ends))), 8)], count, rng)


def loops(count: int, rng: np.random.Generator) -> Written:
    """Loop after loop along a line."""
    angle = np.linspace(0, 1, 90) * TURN * int(rng.integers(3, 8))
    pace = rng.uniform(1.5, 6, (count, 1)) * rng.choice([-1, 1], (count, 1))
    return _turned([_polar(angle, rng.uniform(15, 40, (count, 1))) + _xy(pace * angle, 0 * angle)], count, rng)


def tangle(count: int, rng: np.random.Generator) -> Written:
    """The pen wanders about without lifting."""
    steps = int(rng.integers(8, 25))
    angle = rng.uniform(0, TURN, (count, steps))
    points = _polar(angle, 50 * np.sqrt(rng.uniform(0.1, 1, (count, steps))))
    return _finished([_smooth(_joined(points, 8), int(rng.integers(3, 9)))])


def walk(count: int, rng: np.random.Generator) -> Written:
    """A line whose direction changes at random."""
    angle = rng.uniform(0, TURN, (count, 1)) + np.cumsum(rng.normal(0, rng.uniform(0.25, 0.6), (count, 250)), axis=1)
    return _finished([np.cumsum(np.stack([np.cos(angle), np.sin(angle)], axis=2), axis=1)])


def flicks(count: int, rng: np.random.Generator) -> Written:
    """Short strokes all over the place."""
    strokes = []
    for _stroke in range(int(rng.integers(6, 12))):
        middle, reach = rng.uniform(-50, 50, (count, 1, 2)), rng.normal(0, 22, (count, 3, 2))
        strokes.append(middle + _smooth(_joined(reach, 7), 4))
    return _finished(strokes)


def spiral(count: int, rng: np.random.Generator) -> Written:
    """Around and around, inwards or outwards, either way."""
    share = np.linspace(0, 1, 140)
    turns = rng.uniform(1.7, 5, (count, 1)) * rng.choice([-1, 1], (count, 1))
    radius = 50 * (rng.uniform(0, 0.25, (count, 1)) + share ** rng.uniform(0.6, 1.4, (count, 1)))
    return _turned([_polar(share * turns * TURN, radius)], count, rng, aspect=0.12)


def smile(count: int, rng: np.random.Generator) -> Written:
    """Two eyes and a mouth, mostly in a face, sometimes with a nose; some are sad."""
    eyes = _polar(np.linspace(0, 1, 9) * TURN, rng.uniform(1, 6, (count, 1))) * (1.0, rng.uniform(1.0, 2.5))
    apart, height = rng.uniform(12, 22, (count, 1, 1)), rng.uniform(-22, -8, (count, 1, 1))
    strokes = [eyes + np.concatenate([side * apart, height], axis=2) for side in (-1, 1)]
    half = rng.uniform(0.6, 1.4, (count, 1)) * np.linspace(-1, 1, 24)
    mouth = _polar(half + TURN / 4, rng.uniform(20, 32, (count, 1)))
    strokes.append(mouth if rng.random() < 0.85 else mouth * (1, -1) + (0, 48))
    if rng.random() < 0.2:
        strokes.append(_xy(np.linspace(-2, 2, 6), np.linspace(-6, 6, 6)) + np.zeros((count, 1, 1)))
    if rng.random() < 0.75:
        circle = np.linspace(0, rng.uniform(0.95, 1.08), 50) * TURN - rng.uniform(0, TURN, (count, 1))
        strokes.insert(0, _polar(circle, rng.uniform(46, 56, (count, 1))))
    return _turned(strokes, count, rng, angle=0.15, aspect=0.12)


# --- What they are made of ---------------------------------------------------------------------------------------


def _xy(x: Floats, y: Floats) -> Floats:
    """Points (…, 2) of what can be broadcast together."""
    return np.stack(np.broadcast_arrays(x, y), axis=-1)


def _polar(angle: Floats, radius: Floats) -> Floats:
    return _xy(radius * np.cos(angle), radius * np.sin(angle))


def _joined(points: Floats, steps: int) -> Floats:
    """Samples along the lines between points (count, k, 2), so many on each."""
    share = np.linspace(0, 1, steps, endpoint=False)[:, None]
    between = points[:, :-1, None] * (1 - share) + points[:, 1:, None] * share
    return np.concatenate([between.reshape(len(points), -1, 2), points[:, -1:]], axis=1)


def _smooth(samples: Floats, width: int) -> Floats:
    """A running mean along each stroke."""
    sums = np.cumsum(np.pad(samples, ((0, 0), (width, 0), (0, 0)), mode="edge"), axis=1)
    return np.asarray((sums[:, width:] - sums[:, :-width]) / width)


def _turned(
    strokes: list[Floats], count: int, rng: np.random.Generator, *, angle: float = np.pi, aspect: float = 0.0
) -> Written:
    """Strokes (count, m, 2), or (m, 2) for all; each doodle stretched, and turned by at most this angle either way."""
    turn, stretch = rng.uniform(-angle, angle, count), np.exp(rng.normal(0, 1, count) * aspect / 2)
    cosine, sine = np.cos(turn), np.sin(turn)
    matrix = np.stack([stretch * cosine, stretch * sine, -sine / stretch, cosine / stretch], axis=1).reshape(-1, 2, 2)
    return _finished([_shaken(stroke, count, rng) @ matrix for stroke in strokes])


def _shaken(stroke: Floats, count: int, rng: np.random.Generator) -> Floats:
    return np.asarray(stroke + rng.normal(0, TREMOR, (count, *stroke.shape[-2:])))


def _finished(strokes: list[Floats]) -> Written:
    """Strokes whose corners are their ends, the pen lifted between them."""
    ends = tuple((0, stroke.shape[1] - 1) for stroke in strokes)
    return Written(tuple(strokes), ends, np.zeros((len(strokes[0]), len(strokes) - 1), np.bool_))


DOODLES: dict[str, Doodle] = {
    each.__name__: each for each in (line, bars, tap, spot, dots, zigzag, loops, tangle, walk, flicks, spiral, smile)
}
"""By name."""
SCRIBBLES = ("zigzag", "loops", "tangle", "walk", "flicks", "tap")
"""Of them, those that no two people draw alike, and of which more are needed."""
