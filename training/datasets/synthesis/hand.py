"""A random hand: how letters written along one skeleton differ from it and from each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.datasets.synthesis.curves import Curve, curves
from training.datasets.synthesis.skeletons import Skeleton

Floats = NDArray[np.float64]
BOX = 100.0
"""Side of the box that skeletons are given in."""


@dataclass(frozen=True)
class Hand:
    """How much letters vary. Lengths are hundredths of the letter's box; all but the ranges are standard deviations."""

    carelessness: float = 0.4
    """Of its logarithm; each letter's own factor for the four that follow."""
    points: float = 2.6
    """Each point that the pen passes."""
    stroke_shift: float = 2.2
    stroke_turn: float = 0.05
    """Radians."""
    stroke_stretch: float = 0.08
    """Of the logarithm of a stroke's size."""
    overshoot: float = 5.0
    """How much farther, or less far, a stroke reaches at either end."""
    tremor: float = 0.6
    roundness: tuple[float, float] = (0.0, 0.9)
    """Range: 0 leaves corners as they stand; at 1 a fast pen has rounded them."""
    bend: float = 0.045
    """Curvature of the whole letter, as a share of the box."""
    slant: tuple[float, float] = (0.08, 0.17)
    """Mean, to the right, and standard deviation of the horizontal shear."""
    turn: float = 0.09
    """Of the base line, radians."""
    aspect: tuple[float, float] = (0.1, 0.22)
    """Mean and standard deviation of the logarithm of width to height."""
    joined: float = 0.05
    """Probability that the pen is not lifted between two strokes."""


@dataclass(frozen=True)
class Written:
    """Letters written along one skeleton.

    Attributes:
        strokes: samples (n, m, 2) of each stroke, in any unit, y down.
        corners: for each stroke which samples are corners or ends.
        joined: (n, strokes − 1), whether the pen stayed down after a stroke.

    """

    strokes: tuple[Floats, ...]
    corners: tuple[tuple[int, ...], ...]
    joined: NDArray[np.bool_]

    def drawing(self, index: int) -> list[list[tuple[float, float]]]:
        """Return one letter as the strokes that the draw page would send."""
        lines = [[(float(x), float(y)) for x, y in stroke[index]] for stroke in self.strokes]
        drawn = lines[:1]
        for line, joined in zip(lines[1:], self.joined[index].tolist(), strict=True):
            if joined:
                drawn[-1] = drawn[-1] + line
            else:
                drawn.append(line)
        return drawn


def write(skeleton: Skeleton, count: int, rng: np.random.Generator, hand: Hand | None = None) -> Written:
    """Write a letter many times."""
    hand = hand or Hand()
    shapes = curves(skeleton)
    care = np.exp(rng.normal(0, hand.carelessness, count))
    strokes = [_stroke(shape, care, hand, rng) for shape in shapes]
    _transform(strokes, hand, rng, care)
    joined = rng.random((count, len(shapes) - 1)) < hand.joined
    return Written(tuple(strokes), tuple(shape.corners for shape in shapes), joined)


def _stroke(shape: Curve, care: Floats, hand: Hand, rng: np.random.Generator) -> Floats:
    """Samples (n, m, 2) of one stroke."""
    count = len(care)
    points = shape.points + rng.normal(0, hand.points, (count, *shape.points.shape)) * _each(care)
    _overshoot(points, rng.normal(0, hand.overshoot, (count, 2)))
    points = _moved(points, care, hand, rng)
    roundness = _each(rng.uniform(*hand.roundness, count))
    samples = (1 - roundness) * (shape.sharp @ points) + roundness * (shape.round @ points)
    return samples + _tremor(samples.shape, care, hand, rng)


def _each(values: Floats) -> Floats:
    """One value (n,) for each letter, to go with (n, points, 2)."""
    return values[:, None, None]


def _overshoot(points: Floats, lengths: Floats) -> None:
    """Move both ends along the stroke's direction there, outwards; a short stroke is not turned round."""
    for end, next_to_it, length in ((0, 1, lengths[:, 0]), (-1, -2, lengths[:, 1])):
        away = points[:, end] - points[:, next_to_it]
        reach = np.linalg.norm(away, axis=1)
        points[:, end] += away * (np.clip(length, -0.3 * reach, reach) / np.maximum(reach, 1e-9))[:, None]


def _moved(points: Floats, care: Floats, hand: Hand, rng: np.random.Generator) -> Floats:
    """A stroke as a whole is shifted, turned and stretched about its middle."""
    count = len(points)
    middle = points.mean(axis=1, keepdims=True)
    angle = rng.normal(0, hand.stroke_turn, count) * care
    stretch = np.exp(rng.normal(0, hand.stroke_stretch, (count, 2)) * care[:, None])
    turn = np.stack([np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)], axis=1).reshape(count, 2, 2)
    shift = rng.normal(0, hand.stroke_shift, (count, 1, 2)) * _each(care)
    moved: Floats = (points - middle) * stretch[:, None] @ turn.transpose(0, 2, 1) + middle + shift
    return moved


def _tremor(shape: tuple[int, ...], care: Floats, hand: Hand, rng: np.random.Generator) -> Floats:
    """Slow waves along a stroke, one for each 40 hundredths of its length at most."""
    count, samples, _xy = shape
    waves = np.arange(1, max(2, samples // 10) + 1)
    basis = np.sin(np.pi * np.outer(waves, np.linspace(0, 1, samples)) + np.pi * rng.random((len(waves), 1)))
    amounts = rng.normal(0, hand.tremor, (count, 2, len(waves))) * _each(care)
    return np.asarray((amounts @ basis).transpose(0, 2, 1))


def _transform(strokes: list[Floats], hand: Hand, rng: np.random.Generator, care: Floats) -> None:
    """The whole letter is bent, slanted, stretched and turned."""
    count = len(care)
    bends = rng.normal(0, hand.bend, (count, 4))
    slant = rng.normal(*hand.slant, count)
    stretch = np.exp(rng.normal(*hand.aspect, count) / 2)
    angle = rng.normal(0, hand.turn, count)
    linear = np.empty((count, 2, 2))
    linear[:, 0, 0], linear[:, 0, 1] = stretch, -slant / stretch
    linear[:, 1, 0], linear[:, 1, 1] = 0.0, 1 / stretch
    cosine, sine = np.cos(angle), np.sin(angle)
    turn = np.stack([cosine, -sine, sine, cosine], axis=1).reshape(count, 2, 2)
    whole = (turn @ linear).transpose(0, 2, 1)
    for stroke in strokes:
        x, y = stroke[..., 0] / BOX * 2 - 1, stroke[..., 1] / BOX * 2 - 1
        stroke[..., 0] += BOX * (bends[:, :1] * y * y + bends[:, 1:2] * x * y)
        stroke[..., 1] += BOX * (bends[:, 2:3] * x * x + bends[:, 3:] * x * y)
        stroke[:] = stroke @ whole
