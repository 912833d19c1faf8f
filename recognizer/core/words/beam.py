"""The best word of a lexicon in a lattice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from heapq import nlargest
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

import numpy as np
import numpy.typing as npt

from recognizer.core.words.lattice import Lattice
from recognizer.core.words.lexicon import LONGEST, ROOT, Lexicon

Floats = npt.NDArray[np.float64]
WIDTH = 32
"""Beginnings of words that are followed at each bound."""
CHOICES = 8
"""Letters of a group."""
TRUST = 0.5
"""In a lexicon: of validation words, shares from 0.3 to 0.5 read the same ones right, in the lexicon and outside."""


class WordStart(NamedTuple):
    """The beginning of a word.

    Attributes:
        score: of its groups and letters.
        state: of the lexicon.
        ends: whether a word ends here.
        group, letter: the last ones; the letter by its number.
        before: without them.
        length: in letters.
    """

    score: float
    state: int
    ends: bool
    group: int
    letter: int
    before: Optional[WordStart]
    length: int

    def path(self) -> Tuple[List[int], List[int]]:
        """Groups and letters from the first to the last."""
        groups, letters = self.before.path() if self.before else ([], [])
        return ([*groups, self.group], [*letters, self.letter]) if self.before else ([], [])


@dataclass(frozen=True)
class FoundWord:
    """A word of the lexicon: its score, with what it gains by being one, its groups, and the numbers of its letters."""

    score: float
    groups: List[int]
    letters: List[int]


def gain(length: int, lexicon: Lexicon) -> float:
    """What a word of n letters gains: a share of log(33ⁿ / words of n letters), how much likelier it is than others."""
    words = int(lexicon.counts[length]) if length < LONGEST else 0
    return TRUST * (length * math.log(33) - math.log(words)) if words else -math.inf


def best_word(lattice: Lattice, scores: Floats, logs: Floats, letters: str, lexicon: Lexicon) -> Optional[FoundWord]:
    """The best word of the lexicon; None where none is found.

    Args:
        lattice: of the ink.
        scores: (groups,), without letters.
        logs: (groups, letters), log-probabilities.
        letters: of the model.
        lexicon: of the language.
    """
    starting = _by_first(lattice)
    choices = np.argsort(-logs, axis=1, kind="stable")[:, :CHOICES]
    beams: List[List[WordStart]] = [[] for _ in range(lattice.pieces + 1)]
    beams[0] = [WordStart(0.0, ROOT, False, -1, -1, None, 0)]
    for bound in range(lattice.pieces):
        some = nlargest(WIDTH, beams[bound], key=lambda each: each.score)
        for group in starting.get(bound, ()):
            options = [
                (int(number), letters[number], float(scores[group] + logs[group, number])) for number in choices[group]
            ]
            beams[int(lattice.ends[group])] += _longer(some, group, options, lexicon)
    whole = [each for each in beams[-1] if each.ends]
    if not whole:
        return None
    value, best = max(((each.score + gain(each.length, lexicon), each) for each in whole), key=lambda pair: pair[0])
    return FoundWord(value, *best.path())


def _by_first(lattice: Lattice) -> Dict[int, List[int]]:
    """Groups by their first piece."""
    found: Dict[int, List[int]] = {}
    for group, first in enumerate(lattice.firsts.tolist()):
        found.setdefault(first, []).append(group)
    return found


def _longer(
    beginnings: Sequence[WordStart], group: int, options: Sequence[Tuple[int, str, float]], lexicon: Lexicon
) -> List[WordStart]:
    """Beginnings with one letter more that some word goes on with."""
    found = []
    for each in beginnings:
        followers = lexicon.followers(each.state) if each.state else {}
        for number, letter, score in options:
            if letter in followers:
                state, ends = followers[letter]
                found.append(WordStart(each.score + score, state, ends, group, number, each, each.length + 1))
    return found
