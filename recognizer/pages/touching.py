"""Letters that touch: ink that is wide and not clearly one letter, cut along seams as that of words is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.core.ink import InkError
from recognizer.core.words.lattice import Lattice
from recognizer.core.words.paths import best_path
from recognizer.core.words.pictured_marks import WIDE
from recognizer.core.words.reader import ReadGroups, WordReader
from recognizer.core.words.scoring import PICTURED, group_scores
from recognizer.loading import LoadedModel
from recognizer.pages.cleaning import CleanPage
from recognizer.pages.cuts import cropped
from recognizer.pages.finding import FoundLetter, FoundLetters
from recognizer.reading import Verdicts

Floats = NDArray[np.float64]

SEVERAL = 1.45
"""Letters' heights: what is wider is more than one; a Щ that stands apart may be 1.4 wide."""
UNREAD_SHARE = 0.5
"""Of the letters into which ink was cut: where more of them look like no letter, none of it is read."""
LEAST_SURE = -0.9
"""The mean logarithm of their best probabilities, below which none of it is read, either."""
TOGETHER, TOGETHER_SHARE = 3, 0.35
"""So many letters that hang together, and a page with such a share of them, are taken for joined-up writing."""


@dataclass(frozen=True, eq=False)
class SplitInk:
    """Ink that is several letters, in all plausible ways.

    Attributes:
        lattice: its pieces and groups.
        read: what the network says of the groups.
        scores: (groups,), of the groups and the cuts at their ends.
        boxes: (groups, 4), left, top, right and bottom on the straight page.
        likely: the groups of the likeliest way, without a lexicon.

    """

    lattice: Lattice
    read: ReadGroups
    scores: Floats
    boxes: Floats
    likely: tuple[int, ...]

    @property
    def is_unreadable(self) -> bool:
        """Whether it cannot be read by its letters, as joined-up writing cannot."""
        refused = self.read.refused[list(self.likely)]
        sure = self.read.logs[list(self.likely)].max(axis=1)
        return bool(refused.mean() > UNREAD_SHARE or sure.mean() < LEAST_SURE)


def split(
    page: CleanPage, found: FoundLetters, said: Verdicts, model: LoadedModel
) -> dict[FoundLetter, SplitInk | None]:
    """What of the letters that were found is several; None for ink of which nothing can be made."""
    reader = WordReader(model.network, model.ink, model.doubt, model.letters)
    split = {letter: _split(page, found, letter, reader) for letter in _doubtful(found, said)}
    return {letter: each for letter, each in split.items() if each is None or _is_several(each, letter, found)}


def _is_several(ink: SplitInk, letter: FoundLetter, found: FoundLetters) -> bool:
    """Whether ink is more than one letter; where it is no wider than one may be, all parts must look like letters."""
    parts = list(ink.likely)
    return len(parts) > 1 and (letter.width > SEVERAL * found.height or not ink.read.refused[parts].any())


def _doubtful(found: FoundLetters, said: Verdicts) -> Iterator[FoundLetter]:
    """Letters that are as wide as two; on a page that has such, also those that are nearly so and look like none."""
    letters = [letter for line in found.lines for letter in line]
    if all(letter.width <= SEVERAL * found.height for letter in letters):
        return
    for letter, is_refused in zip(letters, said.refused.tolist(), strict=True):
        if letter.width > (WIDE if is_refused else SEVERAL) * found.height:
            yield letter


def _split(page: CleanPage, found: FoundLetters, letter: FoundLetter, reader: WordReader) -> SplitInk | None:
    picture, left, top = cropped(page, found.labels, letter)
    try:
        ink, lattice, read = reader.groups_in_picture(picture)
    except InkError:
        return None
    scores = group_scores(lattice, read.scores, read.logs, PICTURED)
    likely = best_path(lattice, scores + read.logs.max(axis=1))
    corner = np.array([left, top, left, top], np.float64)
    boxes = corner + [ink.in_picture(each) for each in lattice.boxes.tolist()]
    return SplitInk(lattice, read, scores, boxes, tuple(likely))


def is_joined_up(found: FoundLetters, split: Mapping[FoundLetter, SplitInk | None]) -> bool:
    """Whether so many letters of a page hang together that it is joined-up writing, which is often read wrong."""
    counts = [_count(split[each], each, found) if each in split else 1 for line in found.lines for each in line]
    return sum(count for count in counts if count >= TOGETHER) > TOGETHER_SHARE * sum(counts)


def _count(ink: SplitInk | None, letter: FoundLetter, found: FoundLetters) -> float:
    """How many letters ink is, or may be."""
    return letter.width / found.height if ink is None else len(ink.likely)


def places(letters: Sequence[FoundLetter], split: Mapping[FoundLetter, SplitInk]) -> Floats:
    """Left and right ends (n, 2) of all letters of a line, those of split ink each by itself."""
    ends: list[tuple[float, float]] = []
    for letter in letters:
        parts = split.get(letter)
        if parts is None:
            ends.append((letter.left, letter.right))
        else:
            ends += [(parts.boxes[group, 0], parts.boxes[group, 2]) for group in parts.likely]
    return np.array(ends, np.float64)
