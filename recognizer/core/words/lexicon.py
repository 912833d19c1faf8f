"""The words of a language as an automaton: which letters may follow, and which words there are.

The file is made by `python -m benchmarks.words.lexicon` and is the same in the browser; docs/words.md has its format.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from pathlib import Path
from typing import Dict, Tuple

import numpy as np
import numpy.typing as npt

from recognizer.core.alphabet import RUSSIAN

Integers = npt.NDArray[np.int64]
Edges = Tuple[Integers, Integers, Integers, npt.NDArray[np.bool_]]

MAGIC = b"PLX1"
LONGEST = 32
"""Letters of a word; the file begins with the number of words of each length, 0 to 31."""
FILE = Path(__file__).parent / "russian.lexicon"
ROOT = 1
SAME = {"Ё": "Е"}
"""Letters that are written for each other: words are kept with the second."""
MOST_STATES = 1 << 16
"""Whose followers are kept in memory."""


class LexiconError(ValueError):
    """A file that is no lexicon."""


class Lexicon:
    """Words of capital letters. Raises LexiconError."""

    def __init__(self, data: bytes) -> None:
        begin = len(MAGIC) + 4 * LONGEST
        if not data.startswith(MAGIC) or len(data) < begin:
            raise LexiconError("this is no lexicon")
        self.counts = np.frombuffer(data, "<u4", LONGEST, len(MAGIC))
        try:
            planes = np.frombuffer(zlib.decompress(data[begin:]), np.uint8).reshape(4, -1)
        except (zlib.error, ValueError) as error:
            raise LexiconError("this lexicon is damaged") from error
        self._edges = np.ascontiguousarray(planes.T).view("<u4").ravel()
        self._lasts = _next_lasts(self._edges)
        self.followers = lru_cache(maxsize=MOST_STATES)(self._followers)

    def _followers(self, state: int) -> Dict[str, Tuple[int, bool]]:
        """Of each letter that may follow: the next state, and whether a word ends with it."""
        found: Dict[str, Tuple[int, bool]] = {}
        edge = state
        while edge:
            packed = int(self._edges[edge])
            found[RUSSIAN[packed & 63]] = packed >> 8, bool(packed & 128)
            edge = 0 if packed & 64 else edge + 1
        for letter, kept in SAME.items():
            if kept in found:
                found[letter] = found[kept]
        return found

    def edges_of(self, states: Integers, letters: str) -> Edges:
        """All edges of states, none of them 0, that have one of these letters.

        Returns of each edge (edges,): the place of its state among `states`, its letter's among `letters`, the next
        state, and whether a word ends with it.
        """
        counts = self._lasts[states] - states + 1
        of = np.repeat(np.arange(len(states)), counts)
        packed = self._edges[np.arange(len(of)) + np.repeat(states - (np.cumsum(counts) - counts), counts)]
        codes = (packed & 63).astype(np.int64)
        found = [(of, codes, packed)]
        for letter, kept in SAME.items():
            same = codes == RUSSIAN.index(kept)
            found.append((of[same], np.full(int(same.sum()), RUSSIAN.index(letter)), packed[same]))
        of, codes, packed = (np.concatenate(each) for each in zip(*found))
        numbers = np.array([letters.find(letter) for letter in RUSSIAN])[codes]
        known = numbers >= 0
        packed = packed[known]
        return of[known], numbers[known], (packed >> 8).astype(np.int64), (packed & 128) != 0

    def __contains__(self, word: str) -> bool:
        """Whether there is such a word."""
        state, ends = ROOT, False
        for letter in word:
            if not state or letter not in (followers := self.followers(state)):
                return False
            state, ends = followers[letter]
        return ends


def _next_lasts(edges: npt.NDArray[np.uint32]) -> Integers:
    """Of each edge the number of the last one of its state."""
    lasts = np.flatnonzero(edges & 64)
    return lasts[np.minimum(np.searchsorted(lasts, np.arange(len(edges))), len(lasts) - 1)] if len(lasts) else lasts


@lru_cache(maxsize=1)
def russian() -> Lexicon:
    """The Russian words that come with the project."""
    return Lexicon(FILE.read_bytes())
