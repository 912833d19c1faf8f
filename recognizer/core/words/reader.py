"""Reads words: all groups of strokes or patches that may be letters in one pass of the network, then the best way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Protocol, Sequence, Tuple

import numpy as np
import numpy.typing as npt

from recognizer.core.doubt import Doubt
from recognizer.core.ink import InkError, InkSpecification, Picture, Strokes
from recognizer.core.ink.base import FRAME, MASK, FoundInk, no_ink_found
from recognizer.core.ink.frame import Mask
from recognizer.core.ink.pictures import checked, to_greys, to_masks
from recognizer.core.ink.size import is_dot
from recognizer.core.ink.strokes import frame_from_lines, lines_of
from recognizer.core.messages import message as _
from recognizer.core.words.beam import best_word
from recognizer.core.words.drawn_marks import marks_of
from recognizer.core.words.lattice import Lattice, lattice_of
from recognizer.core.words.lexicon import Lexicon
from recognizer.core.words.paths import best_path, likelihoods
from recognizer.core.words.pictured_marks import PatchedInk, patched
from recognizer.core.words.reading import ReadWord, WordLetter
from recognizer.core.words.scoring import DRAWN, PICTURED, CutWeights, group_scores, softened

Floats = npt.NDArray[np.float64]
Layers = Tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]]
BEST = 5
LONGEST_WORD = 60
"""Letters."""
MOST_GROUPS = 2_000
"""Groups that may be letters: bounds the time. A word of ten letters has about 30 as strokes, 80 as a picture."""
CLEAR_SCORE, CLEAR_SHARE = 1.5, 0.9
"""Likeness to a letter, and probability of one, from which on a patch of ink is not cut."""
UNREADABLE = -20.0
"""The score of a group that cannot be drawn."""
LEAST = 1e-12


class WordError(InkError):
    """Ink that is no word."""


class LayersNetwork(Protocol):
    """A network that reads."""

    def read_layers(self, inputs: npt.NDArray[np.uint8]) -> Layers:
        """The last hidden layer and scores of inputs, bytes."""


@dataclass(frozen=True, eq=False)
class ReadGroups:
    """What the network says of the groups of a lattice.

    Attributes:
        scores: (groups,), how like a letter each is.
        logs: (groups, letters), logarithms of calibrated probabilities.
        refused: (groups,), which look like no letter.
    """

    scores: Floats
    logs: Floats
    refused: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ChosenWay:
    """The letters of a word: their groups, their numbers among the model's, and how likely each group is one."""

    groups: Sequence[int]
    letters: Sequence[int]
    wholes: Sequence[float]
    known: Optional[bool]


@dataclass(frozen=True)
class WordReader:
    """Reads words with a network.

    Attributes:
        network: reads inputs.
        ink: makes them.
        doubt: of the network.
        letters: in the order of its outputs.
    """

    network: LayersNetwork
    ink: InkSpecification
    doubt: Doubt
    letters: str

    def read_strokes(self, strokes: Strokes, lexicon: Optional[Lexicon] = None) -> ReadWord:
        """Read strokes, drawn in any order. Raises EmptyInkError, InkError, WordError."""
        lattice, read = self.groups_in_strokes(strokes)
        way = _way(lattice, read, DRAWN, self.letters, lexicon)
        given = [number for number, stroke in enumerate(strokes) if len(stroke)]
        boxes = [lattice.boxes[group].tolist() for group in way.groups]
        members = [tuple(sorted(given[member] for member in lattice.members(group))) for group in way.groups]
        return self._word(read, way, boxes, members)

    def read_picture(self, picture: Picture, lexicon: Optional[Lexicon] = None) -> ReadWord:
        """Read pixels (h, w) of greys, or with 2, 3 or 4 channels, uint8. Raises EmptyInkError, InkError, WordError."""
        ink, lattice, read = self.groups_in_picture(picture)
        way = _way(lattice, read, PICTURED, self.letters, lexicon)
        boxes = [ink.in_picture(lattice.boxes[group].tolist()) for group in way.groups]
        return self._word(read, way, boxes, [()] * len(boxes))

    def groups_in_strokes(self, strokes: Strokes) -> Tuple[Lattice, ReadGroups]:
        """All groups of strokes that may be letters, read. Raises what `read_strokes` raises."""
        lines = lines_of(strokes)
        if is_dot([stroke for stroke in strokes if len(stroke)]):
            raise InkError(_("Only a dot is drawn, and no letter is one: draw a letter."))
        lattice = _checked(lattice_of(marks_of(lines)))
        groups = [lattice.members(group) for group in range(len(lattice))]
        return lattice, self._read_drawn([[lines[member] for member in members] for members in groups])

    def groups_in_picture(self, picture: Picture) -> Tuple[PatchedInk, Lattice, ReadGroups]:
        """All groups of patches that may be letters, read. Raises what `read_picture` raises."""
        mask = to_masks(to_greys(checked(picture)[None]))[0][0]
        if not mask.any():
            raise no_ink_found()
        ink, marks = patched(mask, self._are_letters)
        lattice = _checked(lattice_of(marks))
        masks = [ink.mask(lattice.members(group), lattice.boxes[group].tolist()) for group in range(len(lattice))]
        return ink, lattice, self._read_masks(masks)

    def _read_drawn(self, drawings: Sequence[Sequence[Floats]]) -> ReadGroups:
        """Read groups of strokes; one whose lines are too long to be drawn is no letter."""
        found, places = [], []
        for place, lines in enumerate(drawings):
            try:
                frame = frame_from_lines(np.concatenate(lines), [len(line) for line in lines])
            except InkError:
                continue
            found.append(FoundInk(frame, FRAME))
            places.append(place)
        if not found:
            raise InkError(_("The drawing is a scribble of too many long lines."))
        read = self._read(found)
        if len(found) == len(drawings):
            return read
        scores = np.full(len(drawings), UNREADABLE)
        logs = np.full((len(drawings), len(self.letters)), -np.log(len(self.letters)))
        refused = np.ones(len(drawings), np.bool_)
        scores[places], logs[places], refused[places] = read.scores, read.logs, read.refused
        return ReadGroups(scores, logs, refused)

    def _read_masks(self, masks: Sequence[Mask]) -> ReadGroups:
        return self._read([FoundInk(mask, MASK) for mask in masks])

    def _read(self, found: Sequence[FoundInk]) -> ReadGroups:
        hidden, logits = self.network.read_layers(self.ink.from_found(found))
        probabilities = self.doubt.probabilities(logits.astype(np.float64))
        logs = np.log(np.maximum(probabilities, LEAST))
        return ReadGroups(self.doubt.scores(hidden, logits), logs, self.doubt.refuses(hidden, logits))

    def _are_letters(self, masks: Sequence[Mask]) -> List[bool]:
        """Which masks are clearly one letter each."""
        read = self._read_masks(masks)
        clear = (read.scores >= CLEAR_SCORE) & (read.logs.max(axis=1) >= np.log(CLEAR_SHARE))
        return [bool(each) for each in clear]

    def _word(
        self, read: ReadGroups, way: ChosenWay, boxes: Sequence[Sequence[float]], strokes: Sequence[Tuple[int, ...]]
    ) -> ReadWord:
        letters = []
        for group, number, whole, box, members in zip(way.groups, way.letters, way.wholes, boxes, strokes):
            order = np.argsort(-read.logs[group], kind="stable")[:BEST].tolist()
            best = tuple((self.letters[each], float(np.exp(read.logs[group, each]))) for each in order)
            left, top, right, bottom = box
            refused = bool(read.refused[group])
            letters.append(WordLetter(self.letters[number], best, refused, whole, (left, top, right, bottom), members))
        return ReadWord(tuple(letters), way.known)


def _checked(lattice: Lattice) -> Lattice:
    """The lattice itself, or WordError where it has too many groups to be a word."""
    if len(lattice) > MOST_GROUPS:
        raise WordError(_("This is too much to be one word of separate letters."))
    return lattice


def _way(
    lattice: Lattice, read: ReadGroups, weights: CutWeights, letters: str, lexicon: Optional[Lexicon]
) -> ChosenWay:
    """The best way through a lattice: the best word of the lexicon, or what the ink alone says where that is better."""
    scores = group_scores(lattice, read.scores, read.logs, weights)
    likely = likelihoods(lattice, scores)
    most = scores + read.logs.max(axis=1)
    groups = best_path(lattice, most)
    numbers = [int(read.logs[group].argmax()) for group in groups]
    known = None
    if lexicon is not None:
        logs = softened(read.logs, weights.temperature)
        word = best_word(lattice, scores, logs, letters, lexicon, trust=weights.trust)
        likely_most = scores + logs.max(axis=1)
        if word is not None and word.score >= likely_most[best_path(lattice, likely_most)].sum():
            groups, numbers = word.groups, word.letters
        known = "".join(letters[number] for number in numbers) in lexicon
    if len(groups) > LONGEST_WORD:
        raise WordError(_("A word has at most %(most)d letters.") % {"most": LONGEST_WORD})
    return ChosenWay(groups, numbers, [float(likely[group]) for group in groups], known)
