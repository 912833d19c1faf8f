"""Letters of a page as words: each word's letters, by the lexicon where the ink allows it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recognizer.core.words.beam import best_word
from recognizer.core.words.lattice import Lattice
from recognizer.core.words.lexicon import Lexicon
from recognizer.core.words.marks import Marks
from recognizer.core.words.paths import best_path
from recognizer.core.words.reader import BEST, LEAST
from recognizer.core.words.scoring import DRAWN, PICTURED, softened
from recognizer.pages.finding import FoundLetter, FoundLetters
from recognizer.pages.touching import SplitInk, places
from recognizer.reading import Verdict, Verdicts, twin_of

Floats = NDArray[np.float64]

SPACE = 1.9
"""Gaps between words are so many times as wide as the usual one."""
NO_MARKS = Marks((), np.empty((0, 4)), 1.0, np.empty((0, 0)))


@dataclass(frozen=True)
class PlacedLetter:
    """A letter that was read, where it stands.

    Attributes:
        letter: what is read; with a lexicon it may be another than the first of the verdict.
        verdict: of its ink alone.
        box: left, top, right and bottom on the straight page.
        space_before: whether a new word begins with it.

    """

    letter: str
    verdict: Verdict
    box: tuple[float, float, float, float]
    space_before: bool


@dataclass(frozen=True, eq=False)
class WordPart:
    """What stands side by side in a word: one letter, or ink that is several in all plausible ways.

    `firsts`, `ends`, `boxes`, `scores`, `logs` and `refused` are those of its groups; a single letter is one.
    """

    firsts: NDArray[np.int64]
    ends: NDArray[np.int64]
    boxes: Floats
    scores: Floats
    logs: Floats
    refused: NDArray[np.bool_]

    @property
    def pieces(self) -> int:
        """How many pieces it has."""
        return int(self.ends.max())


def read_lines(
    found: FoundLetters, said: Verdicts, split: Mapping[FoundLetter, SplitInk], lexicon: Lexicon | None
) -> list[list[PlacedLetter]]:
    """The letters of all lines; what is split in several counts as these."""
    verdicts = dict(zip((letter for line in found.lines for letter in line), range(len(said.refused)), strict=True))
    least = _least_space(found, split)
    lines = []
    for line in found.lines:
        letters: list[PlacedLetter] = []
        for word in _words(line, split, least):
            parts = [_several(split[each]) if each in split else _single(each, said, verdicts[each]) for each in word]
            letters += _read_word(parts, said.letters, lexicon, begins_line=not letters)
        lines.append(letters)
    return lines


def _least_space(found: FoundLetters, split: Mapping[FoundLetter, SplitInk]) -> float:
    """From which gap on a new word begins: clearly more room than there is between letters."""
    ends = [places(line, split) for line in found.lines]
    gaps = np.concatenate([each[1:, 0] - each[:-1, 1] for each in ends])
    usual = float(np.median(gaps)) if len(gaps) else 0.0
    return max(SPACE * usual, usual + 0.5 * found.height)


def _words(
    line: Sequence[FoundLetter], split: Mapping[FoundLetter, SplitInk], least: float
) -> Iterator[list[FoundLetter]]:
    word = list(line[:1])
    for left, right in pairwise(line):
        if right.left - left.right > least:
            yield word
            word = []
        word.append(right)
    yield word


def _single(letter: FoundLetter, said: Verdicts, place: int) -> WordPart:
    logs = np.full((1, len(said.letters)), np.log(LEAST))
    logs[0, said.numbers[place]] = np.log(np.maximum(said.shares[place], LEAST))
    box = np.array([[letter.left, letter.top, letter.right, letter.bottom]], np.float64)
    return WordPart(np.array([0]), np.array([1]), box, np.zeros(1), logs, said.refused[place : place + 1])


def _several(ink: SplitInk) -> WordPart:
    return WordPart(ink.lattice.firsts, ink.lattice.ends, ink.boxes, ink.scores, ink.read.logs, ink.read.refused)


def _read_word(
    parts: Sequence[WordPart], letters: str, lexicon: Lexicon | None, *, begins_line: bool
) -> Iterator[PlacedLetter]:
    lattice = _beside_each_other(parts)
    scores, logs = np.concatenate([each.scores for each in parts]), np.concatenate([each.logs for each in parts])
    refused = np.concatenate([each.refused for each in parts])
    most = scores + logs.max(axis=1)
    groups = best_path(lattice, most)
    numbers = [int(logs[group].argmax()) for group in groups]
    if lexicon is not None and len(groups) > 1:
        weights = (
            PICTURED if lattice.pieces > len(parts) else DRAWN
        )  # letters that stand apart are as clear as drawn ones
        soft = softened(logs, weights.temperature)
        word = best_word(lattice, scores, soft, letters, lexicon, trust=weights.trust)
        likely = scores + soft.max(axis=1)
        if word is not None and word.score >= likely[best_path(lattice, likely)].sum():
            groups, numbers = word.groups, word.letters
    for place, (group, number) in enumerate(zip(groups, numbers, strict=True)):
        verdict = _verdict(logs[group], bool(refused[group]), letters)
        left, top, right, bottom = lattice.boxes[group].tolist()
        yield PlacedLetter(letters[number], verdict, (left, top, right, bottom), not place and not begins_line)


def _beside_each_other(parts: Sequence[WordPart]) -> Lattice:
    """One lattice of parts, from left to right."""
    before = np.cumsum([0, *(each.pieces for each in parts)])
    firsts = np.concatenate([each.firsts + first for each, first in zip(parts, before[:-1], strict=True)])
    ends = np.concatenate([each.ends + first for each, first in zip(parts, before[:-1], strict=True)])
    bounds, nothing = np.arange(before[-1] + 1), np.zeros(before[-1] + 1)
    return Lattice(NO_MARKS, bounds, nothing, nothing, firsts, ends, np.concatenate([each.boxes for each in parts]))


def _verdict(logs: Floats, refused: bool, letters: str) -> Verdict:
    order = np.argsort(-logs, kind="stable")[:BEST].tolist()
    best = tuple((letters[number], float(np.exp(logs[number]))) for number in order)
    return Verdict(best, refused, twin_of(best[0][0], letters, refused=refused))
