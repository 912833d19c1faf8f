"""Parts of a letter that stand beside each other, as those of Ы and Ю do: joined where the whole reads better."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recognizer.loading import LoadedModel
from recognizer.pages.cleaning import CleanPage
from recognizer.pages.cuts import cut, read_cuts
from recognizer.pages.finding import FoundLetter, FoundLetters
from recognizer.reading import Verdicts

NEAR = 0.4
"""Of a letter's height: parts that are farther apart are letters of their own."""
NEARER = 0.75
"""Of the usual gap between the page's letters."""
WIDEST = 1.7
"""Letters' heights that both together may be wide."""
REFUSED = 0.05
"""What the best probability of a part counts as that looks like no letter."""


def joined(page: CleanPage, found: FoundLetters, model: LoadedModel) -> FoundLetters:
    """Join parts of letters; those of a page whose letters are whole already come back as they were."""
    pairs = _candidates(found)
    if not pairs:
        return found
    pictures = [cut(page, found.labels, each) for left, right in pairs for each in (left, right, left.joined(right))]
    scores = _scores(read_cuts(pictures, model)).reshape(-1, 3)
    gains = np.log(scores[:, 2]) - np.log(scores[:, :2]).sum(axis=1) / 2
    chosen = [(gain, pair) for gain, pair in zip(gains.tolist(), pairs, strict=True) if gain > 0]
    return replace(found, lines=_with(found.lines, _disjoint(chosen)))


def _candidates(found: FoundLetters) -> list[tuple[FoundLetter, FoundLetter]]:
    pairs = [(left, right) for line in found.lines for left, right in pairwise(line)]
    if not pairs:
        return []
    usual = float(np.median([right.left - left.right for left, right in pairs]))
    most = min(NEAR * found.height, max(NEARER * usual, 0.12 * found.height))
    return [
        (left, right)
        for left, right in pairs
        if right.left - left.right <= most and right.right - left.left <= WIDEST * found.height
    ]


def _scores(said: Verdicts) -> NDArray[np.float64]:
    return np.asarray(np.where(said.refused, REFUSED, np.maximum(said.shares[:, 0], REFUSED)), np.float64)


def _disjoint(
    chosen: Sequence[tuple[float, tuple[FoundLetter, FoundLetter]]],
) -> dict[FoundLetter, FoundLetter]:
    """Pairs, those that gain most first, none of which shares a part with another."""
    taken: set[FoundLetter] = set()
    kept: dict[FoundLetter, FoundLetter] = {}
    for _gain, (left, right) in sorted(chosen, key=lambda each: -each[0]):
        if left not in taken and right not in taken:
            taken |= {left, right}
            kept[left] = right
    return kept


def _with(
    lines: Sequence[tuple[FoundLetter, ...]], pairs: dict[FoundLetter, FoundLetter]
) -> tuple[tuple[FoundLetter, ...], ...]:
    rights = set(pairs.values())
    return tuple(
        tuple(each.joined(pairs[each]) if each in pairs else each for each in line if each not in rights)
        for line in lines
    )
