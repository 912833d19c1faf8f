"""Simulated writers: people who write some letters consistently otherwise than the model has learnt."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from training.datasets.synthesis import hand
from training.datasets.synthesis.hand import Hand
from training.datasets.synthesis.skeletons import Skeleton, skeletons

if TYPE_CHECKING:  # Django, which not everybody who simulates a hand has set up
    from recognizer.loading import LoadedModel

Floats = NDArray[np.float64]
Strokes = list[list[list[float]]]
OWN = 0.5
"""How much one person's letters vary, as a share of how much the generator's do, which is a hand of many people's."""
MOST_READ = 0.6
"""A letter is written otherwise where the shipped model reads less of it than this share."""


@dataclass(frozen=True)
class OddLetter:
    """A letter as one person writes it, each time a little different."""

    letter: str
    drawings: list[Strokes]


def writers(model: "LoadedModel", count: int, *, letters: int, drawings: int, seed: int) -> Iterator[list[OddLetter]]:
    """People who write this many different letters otherwise, each letter by a deformation of its own."""
    rng = np.random.default_rng(seed)
    for _number in range(count):
        person = one_person(rng)
        odd: dict[str, OddLetter] = {}
        while len(odd) < letters:
            skeleton = skeletons()[rng.integers(len(skeletons()))]
            if skeleton.letter not in odd:
                written = _written(skeleton, person, drawings, rng)
                if _share_read(model, skeleton.letter, written) < MOST_READ:
                    odd[skeleton.letter] = OddLetter(skeleton.letter, written)
        yield list(odd.values())


def one_person(rng: np.random.Generator) -> Hand:
    """One person: a slant, an aspect and a roundness out of the generator's ranges, and less varied otherwise."""
    usual = Hand()
    names = ("carelessness", "points", "stroke_shift", "stroke_turn", "stroke_stretch", "overshoot", "bend", "turn")
    roundness = rng.uniform(0.0, 0.6)
    return replace(
        usual,
        **{name: OWN * getattr(usual, name) for name in names},
        slant=(rng.normal(*usual.slant), 0.05),
        aspect=(rng.normal(*usual.aspect), 0.08),
        roundness=(roundness, roundness + 0.3),
    )


def _written(skeleton: Skeleton, person: Hand, count: int, rng: np.random.Generator) -> list[Strokes]:
    """Drawings of one letter, all deformed alike."""
    written = hand.write(skeleton, count, rng, person)
    drawings = [[np.array(stroke) for stroke in written.drawing(index)] for index in range(count)]
    kind, seed = rng.integers(4), rng.integers(2**32)
    return [_deformed(drawing, int(kind), np.random.default_rng(seed)) for drawing in drawings]


def _deformed(strokes: list[Floats], kind: int, rng: np.random.Generator) -> Strokes:
    """A drawing turned, mirrored or upside down, with one stroke misplaced, or bent in waves."""
    middle = np.concatenate(strokes).mean(axis=0)
    moved = [stroke - middle for stroke in strokes]
    if kind == 0:
        moved = [stroke @ _turn(rng.choice((-1, 1)) * rng.uniform(0.45, 1.3)) for stroke in moved]
    elif kind == 1:
        mirror = np.array([(-1, 1), (1, -1)][rng.integers(2)])
        moved = [stroke * mirror for stroke in moved]
    elif kind == 2:
        which = int(rng.integers(100)) % len(moved)
        place = moved[which].mean(axis=0)
        turned = (moved[which] - place) @ _turn(rng.uniform(-1.5, 1.5)) * rng.uniform(0.5, 1.6)
        moved[which] = turned + place + rng.uniform(-40, 40, 2)
    else:
        amount, waves, phase = rng.uniform(-30, 30, 2), rng.uniform(3, 8), rng.uniform(0, 6)
        moved = [stroke + amount * np.sin(stroke[:, ::-1] / hand.BOX * waves + phase) for stroke in moved]
    return [np.round(stroke, 2).tolist() for stroke in moved]


def _turn(angle: float) -> Floats:
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def _share_read(model: "LoadedModel", letter: str, drawings: list[Strokes]) -> float:
    inputs = np.stack([model.ink.from_strokes(drawing) for drawing in drawings])
    read = model.network.read(inputs).argmax(axis=1)
    return float((read == model.card.letters.index(letter)).mean())
