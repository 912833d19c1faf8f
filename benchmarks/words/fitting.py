"""`python -m benchmarks.words.fitting --data FOLDER`: fit the weights by which words are cut, on validation letters.

Prints what `recognizer/core/words/scoring.py` has. Each word's true way through its lattice is made as likely as can be
among all ways: the likelihood of a semi-Markov conditional random field, which has one maximum.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.command import BOTH_ARCHIVES, STATE, set_up
from benchmarks.words.making import MadeWord, make
from recognizer.core.words.lattice import Lattice

Floats = NDArray[np.float64]
WORDS, WRITTEN_WORDS = 700, 250
"""Words of real letters, and of letters that the generator's hand writes."""
PENALTY = 0.01
"""Of the squares of the weights."""
LEAST_LIKENESS = 0.6
"""Shared part of the box of a letter and that of a group that stands for it in a picture."""


@dataclass(frozen=True)
class Example:
    """A word's lattice, what is known of its groups (groups, features), and the groups that are its letters."""

    lattice: Lattice
    features: Floats
    truth: Sequence[int]


def true_drawn(word: MadeWord, lattice: Lattice) -> list[int] | None:
    """The groups that are the letters of drawn strokes; None where one is in no group."""
    by_members = {frozenset(lattice.members(group)): group for group in range(len(lattice))}
    letters = [
        frozenset(place for place, letter in enumerate(word.letters) if letter == number)
        for number in range(len(word.text))
    ]
    found = [by_members.get(each) for each in letters]
    return None if None in found else [group for group in found if group is not None]


def true_pictured(word: MadeWord, lattice: Lattice, boxes: Floats) -> list[int] | None:
    """The way whose boxes (groups, 4) are most like the letters'; None where one is not."""
    likeness = np.array([_likeness(boxes, box) for box in word.boxes])
    best = np.full((len(word.text) + 1, lattice.pieces + 1), -np.inf)
    best[0, 0] = 0.0
    came = np.full(best.shape, -1)
    for group, (first, end) in enumerate(zip(lattice.firsts.tolist(), lattice.ends.tolist(), strict=True)):
        reached = best[:-1, first] + likeness[:, group]
        better = np.flatnonzero(reached > best[1:, end]) + 1
        best[better, end], came[better, end] = reached[better - 1], group
    if not np.isfinite(best[-1, -1]):
        return None
    way, end = [], lattice.pieces
    for number in range(len(word.text), 0, -1):
        way.append(int(came[number, end]))
        end = int(lattice.firsts[way[-1]])
    way.reverse()
    return way if all(likeness[number, group] >= LEAST_LIKENESS for number, group in enumerate(way)) else None


def _likeness(boxes: Floats, box: Floats) -> Floats:
    """Of boxes (n, 4) and one box: the area that two share, of the area that they cover."""
    sides = np.maximum(np.minimum(boxes[:, 2:], box[2:]) - np.maximum(boxes[:, :2], box[:2]), 0.0)
    shared = sides.prod(axis=1)
    return np.asarray(shared / ((boxes[:, 2:] - boxes[:, :2]).prod(axis=1) + (box[2:] - box[:2]).prod() - shared))


def fitted(examples: Sequence[Example]) -> Floats:
    """The weights (features,) that make the true ways most likely."""
    from scipy.optimize import minimize

    from recognizer.core.words.paths import likelihoods, log_total

    def cost(weights: Floats) -> tuple[float, Floats]:
        value, slope = PENALTY * float(weights @ weights), 2 * PENALTY * weights
        for each in examples:
            scores, truth = each.features @ weights, list(each.truth)
            value += (log_total(each.lattice, scores) - float(scores[truth].sum())) / len(examples)
            expected = likelihoods(each.lattice, scores) @ each.features
            slope = slope + (expected - each.features[truth].sum(axis=0)) / len(examples)
        return value, slope

    found = minimize(cost, np.zeros(examples[0].features.shape[1]), jac=True, method="L-BFGS-B")
    return np.asarray(found.x)


def drawn_examples(data: Path) -> list[Example]:
    """Words as strokes, of real letters and of the generator's."""
    from benchmarks.words.material import real_letters, written_letters
    from recognizer.core.words.scoring import features
    from recognizer.words.reading import reader_of

    reader, rng, examples = reader_of(), np.random.default_rng(1), []
    for stock, count in ((real_letters(data, "validation"), WORDS), (written_letters(1), WRITTEN_WORDS)):
        for _number in range(count):
            word = make(random_text(rng), stock, rng)
            lattice, read = reader.groups_in_strokes([stroke.tolist() for stroke in word.strokes])
            if (truth := true_drawn(word, lattice)) is not None:
                examples.append(Example(lattice, features(lattice, read.scores, read.logs), truth))
    return examples


def pictured_examples(data: Path) -> list[Example]:
    """Words as pictures, of real letters."""
    from benchmarks.words.material import real_letters
    from recognizer.core.words.scoring import features
    from recognizer.words.reading import reader_of

    reader, rng, examples = reader_of(), np.random.default_rng(2), []
    stock = real_letters(data, "validation")
    for _number in range(WORDS):
        word = make(random_text(rng), stock, rng)
        ink, lattice, read = reader.groups_in_picture(word.picture)
        boxes = np.array([ink.in_picture(box) for box in lattice.boxes.tolist()])
        if (truth := true_pictured(word, lattice, boxes)) is not None:
            examples.append(Example(lattice, features(lattice, read.scores, read.logs), truth))
    return examples


def random_text(rng: np.random.Generator) -> str:
    """Three to ten letters, any of them."""
    from recognizer.core.alphabet import RUSSIAN

    return "".join(rng.choice([*RUSSIAN], rng.integers(3, 11)))


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.words.fitting", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help=BOTH_ARCHIVES)
    parser.add_argument("--state", type=Path, default=STATE, help="folder of its state (default: %(default)s)")
    options = parser.parse_args()
    set_up(options.state)
    for name, examples in (("DRAWN", drawn_examples(options.data)), ("PICTURED", pictured_examples(options.data))):
        print(f"{name} ({len(examples)} words): {np.round(fitted(examples), 3).tolist()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
