"""The best word of a lexicon in a lattice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple

import numpy as np
import numpy.typing as npt

from recognizer.core.words.lattice import Lattice
from recognizer.core.words.lexicon import LONGEST, ROOT, Lexicon

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
WIDTH = 64
"""Beginnings of words that are followed at each bound: of validation words, 32 lose four pictures of a hundred more."""


class WordStarts(NamedTuple):
    """Beginnings of words that end at one bound, each an item of all arrays (n,).

    Attributes:
        scores: of their groups and letters.
        states: of the lexicon.
        ends: whether a word ends here.
        groups, letters: the last ones; the letter by its number.
        before: the place, among those at the bound where the last group begins, of what is without it.
        lengths: in letters.
    """

    scores: Floats
    states: Integers
    ends: npt.NDArray[np.bool_]
    groups: Integers
    letters: Integers
    before: Integers
    lengths: Integers

    def some(self, chosen: npt.NDArray[Any]) -> WordStarts:
        """Those at places, or where a mask is true."""
        return WordStarts(*(each[chosen] for each in self))

    def best(self) -> WordStarts:
        """The best of them, no more than are followed."""
        return self.some(np.argsort(-self.scores, kind="stable")[:WIDTH])


@dataclass(frozen=True)
class FoundWord:
    """A word of the lexicon: its score, with what it gains by being one, its groups, and the numbers of its letters."""

    score: float
    groups: List[int]
    letters: List[int]


def _gains(lexicon: Lexicon) -> Floats:
    """What a word of n letters gains (lengths,): log(33ⁿ / words of n letters), how much likelier it is than others."""
    with np.errstate(divide="ignore"):
        counts = np.log(lexicon.counts.astype(np.float64))
    return np.append(np.where(np.isfinite(counts), np.arange(LONGEST) * math.log(33) - counts, -np.inf), -np.inf)


def best_word(
    lattice: Lattice, scores: Floats, logs: Floats, letters: str, lexicon: Lexicon, *, trust: float
) -> Optional[FoundWord]:
    """The best word of the lexicon; None where none is found.

    Args:
        lattice: of the ink.
        scores: (groups,), without letters.
        logs: (groups, letters), log-probabilities.
        letters: of the model.
        lexicon: of the language.
        trust: in it, a share of 1.
    """
    starting = _by_first(lattice)
    beams: List[List[WordStarts]] = [[] for _ in range(lattice.pieces + 1)]
    nothing = np.zeros(1, np.int64)
    kept = [WordStarts(np.zeros(1), nothing + ROOT, np.zeros(1, np.bool_), nothing - 1, nothing - 1, nothing, nothing)]
    for bound in range(lattice.pieces):
        if bound:
            kept.append(_together(beams[bound]).best())
        for group, longer in _longer(kept[bound], starting.get(bound, ()), scores, logs, letters, lexicon):
            end = int(lattice.ends[group])
            beams[end].append(longer.some(longer.ends) if end == lattice.pieces else longer.best())
    words = _together(beams[-1])
    if not len(words.scores):
        return None
    values = words.scores + trust * _gains(lexicon)[np.minimum(words.lengths, LONGEST)]
    best = int(values.argmax())
    return FoundWord(float(values[best]), *_path(words.some(np.array([best])), kept, lattice))


def _by_first(lattice: Lattice) -> Dict[int, List[int]]:
    """Groups by their first piece."""
    found: Dict[int, List[int]] = {}
    for group, first in enumerate(lattice.firsts.tolist()):
        found.setdefault(first, []).append(group)
    return found


def _together(beams: Sequence[WordStarts]) -> WordStarts:
    """All of them, in order."""
    none = np.zeros(0, np.int64)
    return WordStarts(*map(np.concatenate, zip(WordStarts(np.zeros(0), none, none > 0, *[none] * 4), *beams)))


def _longer(
    starts: WordStarts, groups: Sequence[int], scores: Floats, logs: Floats, letters: str, lexicon: Lexicon
) -> Iterator[Tuple[int, WordStarts]]:
    """For each group, beginnings with it as one letter more that some word goes on with."""
    going_on = np.flatnonzero(starts.states)
    if not len(going_on):
        return
    of, numbers, states, ends = lexicon.edges_of(starts.states[going_on], letters)
    before = going_on[of]
    for group in groups:
        reached = starts.scores[before] + (scores[group] + logs[group, numbers])
        of_group = np.full(len(of), group)
        yield group, WordStarts(reached, states, ends, of_group, numbers, before, starts.lengths[before] + 1)


def _path(last: WordStarts, kept: Sequence[WordStarts], lattice: Lattice) -> Tuple[List[int], List[int]]:
    """Groups and letters, from the first to the last, of one word."""
    groups: List[int] = []
    letters: List[int] = []
    while last.lengths[0]:
        groups.append(int(last.groups[0]))
        letters.append(int(last.letters[0]))
        last = kept[int(lattice.firsts[groups[-1]])].some(last.before)
    return groups[::-1], letters[::-1]
