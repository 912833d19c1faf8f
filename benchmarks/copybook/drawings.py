"""Drawings of taught letters by a random hand: right ones in any order, ones with an element left out or elsewhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from copybook.alphabets import TaughtLetter
from copybook.paths import paths, ranges
from training.datasets.synthesis import hand
from training.datasets.synthesis.hand import Hand

Floats = NDArray[np.float64]
FARTHEST = (40.0, 60.0)
"""How far a misplaced element is from its place, in hundredths of the letter's box: the range."""
OFF = 5.0
"""How far a letter on the sheet is from where the lines would have it: standard deviation along each axis."""
WIDER = 1.5
"""How much more a careless hand varies than the generator's."""


@dataclass(frozen=True)
class Drawn:
    """A drawing and what is wrong with it: the number of the element, and whether it is left out or elsewhere."""

    letter: TaughtLetter
    strokes: list[list[list[float]]]
    wrong: int = -1
    fault: str = ""

    @property
    def is_whole_stroke(self) -> bool:
        """Whether what is wrong is a stroke of its own, from pen down to pen up."""
        elements = self.letter.elements
        after = self.wrong + 1 < len(elements) and elements[self.wrong + 1].joined
        return not elements[self.wrong].joined and not after


def careless() -> Hand:
    """A hand that varies more than the generator's in everything, slant and aspect among it."""
    usual = Hand()
    varied = {
        name: WIDER * getattr(usual, name)
        for name in ("points", "stroke_shift", "stroke_turn", "stroke_stretch", "overshoot", "tremor", "bend", "turn")
    }
    slant, aspect = (usual.slant[0], WIDER * usual.slant[1]), (usual.aspect[0], WIDER * usual.aspect[1])
    return replace(usual, **varied, slant=slant, aspect=aspect)


def right(
    letter: TaughtLetter, count: int, rng: np.random.Generator, *, writer: Hand | None = None, anywhere: bool = False
) -> Iterator[Drawn]:
    """Letters with all that belongs to them, their strokes in a random order, each in a random direction."""
    for parts, joined in _written(letter, count, rng, writer):
        strokes = _strokes(letter, parts, joined)
        order = rng.permutation(len(strokes))
        shuffled = [strokes[k][:: rng.choice((-1, 1))] for k in order]
        yield Drawn(letter, _listed(_placed(shuffled, rng) if anywhere else shuffled))


def faulty(
    letter: TaughtLetter, count: int, rng: np.random.Generator, *, writer: Hand | None = None, anywhere: bool = False
) -> Iterator[Drawn]:
    """Each element of a letter left out, and each misplaced, this many times."""
    for wrong in range(len(letter.elements)):
        for fault in ("missing", "misplaced"):
            for parts, joined in _written(letter, count, rng, writer):
                strokes = _strokes(letter, parts, joined, apart=wrong)
                if fault == "misplaced":
                    angle, reach = rng.uniform(0, 2 * np.pi), rng.uniform(*FARTHEST)
                    strokes.append(parts[wrong] + reach * np.array([np.cos(angle), np.sin(angle)]))
                yield Drawn(letter, _listed(_placed(strokes, rng) if anywhere else strokes), wrong, fault)


def _written(
    letter: TaughtLetter, count: int, rng: np.random.Generator, writer: Hand | None
) -> Iterator[tuple[list[Floats], Sequence[bool]]]:
    """The paths of the elements of each letter, and after which strokes the pen stayed down."""
    written = hand.write(letter.skeleton, count, rng, writer)
    places = ranges(letter)
    middle = _middle(paths(letter))
    for index in range(count):
        parts = [written.strokes[stroke][index][first : last + 1] for stroke, first, last in places]
        off = middle - _middle(parts) + rng.normal(0, OFF, 2)
        parts = [part + off for part in parts]
        yield parts, written.joined[index].tolist()


def _middle(parts: list[Floats]) -> Floats:
    """The middle of the box around a drawing."""
    points = np.concatenate(parts)
    return np.asarray(points.min(axis=0) + points.max(axis=0)) / 2


def _strokes(letter: TaughtLetter, parts: list[Floats], joined: Sequence[bool], apart: int = -1) -> list[Floats]:
    """Join elements to strokes as they were written; the one to be apart is left out, and parts its neighbours."""
    lifts = iter(joined)
    strokes: list[Floats] = []
    is_down = False
    for number, (element, part) in enumerate(zip(letter.elements, parts, strict=True)):
        goes_on = element.joined or (number > 0 and next(lifts))
        if number == apart:
            is_down = False
        elif goes_on and is_down:
            strokes[-1] = np.concatenate([strokes[-1], part])
        else:
            strokes.append(part)
            is_down = True
    return strokes


def _placed(strokes: list[Floats], rng: np.random.Generator) -> list[Floats]:
    """A drawing anywhere on the sheet, half to twice as large, wide or narrow by up to 1.6."""
    size = np.exp(rng.uniform(-np.log(2), np.log(2)))
    wide = np.exp(rng.uniform(-np.log(1.6), np.log(1.6)) / 2)
    shift = rng.uniform(-100, 100, 2)
    return [stroke * size * np.array([wide, 1 / wide]) + shift for stroke in strokes]


def _listed(strokes: list[Floats]) -> list[list[list[float]]]:
    return [np.round(stroke, 2).tolist() for stroke in strokes]
