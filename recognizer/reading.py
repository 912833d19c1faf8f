"""One reading of a letter, whichever model reads: input → network → the five best, or no letter."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recognizer.core.alphabet import TWINS
from recognizer.core.ink import FoundInk
from recognizer.loading import CatalogueError, LoadedModel, load_stored, no_probability
from recognizer.messages import gettext as _
from recognizer.models import StoredModel
from recognizer.sources import InkSource

BEST = 5
AT_ONCE = 250
"""Inputs that go through a network at once, so that their layers stay in the cache: 1,000 took 33 ms, and take 25."""
TRIAL_DRAWINGS = ([[[0, 0], [40, 90], [80, 0]]], [[[0, 0], [80, 90]], [[80, 0], [0, 90]]], [[[10, 10]]])
"""Strokes that a model must read before people's letters depend on it: an angle, a cross, a dot."""
_SUM_TOLERANCE = 1e-3


@dataclass(frozen=True)
class Verdict:
    """What a model says of one input.

    Attributes:
        best: the most probable letters with their calibrated probabilities, best first.
        refused: it does not look like a letter; `best` has those that are nearest.
        twin: the digit that is written like the letter, where the model does not tell them apart; mostly "".

    """

    best: tuple[tuple[str, float], ...]
    refused: bool
    twin: str

    @property
    def letter(self) -> str:
        """The most probable letter."""
        return self.best[0][0]

    @property
    def nearest(self) -> tuple[str, ...]:
        """The two most probable letters."""
        return tuple(letter for letter, _probability in self.best[:2])


@dataclass(frozen=True)
class Reading(Verdict):
    """A verdict, and how it came about.

    Attributes:
        input: uint8, as long as the model's ink specification says: what the network saw.
        picture: uint8 (784,), the picture that the input was made of.
        milliseconds: from the ink to the probabilities; its share, where it was read together with others.
        model: what read it.

    """

    input: NDArray[np.uint8]
    picture: NDArray[np.uint8]
    milliseconds: float
    model: LoadedModel


@dataclass(frozen=True)
class Verdicts:
    """What a model says of n inputs, in arrays: a thousand objects would take as long as their products.

    Attributes:
        letters: the model's.
        numbers: (n, 5), places in `letters` of the most probable ones, best first.
        shares: (n, 5), their calibrated probabilities.
        refused: (n,), what does not look like a letter.

    """

    letters: str
    numbers: NDArray[np.intp]
    shares: NDArray[np.floating]
    refused: NDArray[np.bool_]

    def among(self, chosen: Sequence[bool]) -> "Verdicts":
        """Those that are chosen (n,)."""
        kept = np.array(chosen, np.bool_)
        return replace(self, numbers=self.numbers[kept], shares=self.shares[kept], refused=self.refused[kept])

    def __getitem__(self, place: int) -> Verdict:
        """One of them."""
        names = (self.letters[number] for number in self.numbers[place].tolist())
        best = tuple(zip(names, self.shares[place].tolist(), strict=True))
        refused = bool(self.refused[place])
        return Verdict(best, refused, twin_of(best[0][0], self.letters, refused=refused))


def verdicts(model: LoadedModel, inputs: NDArray[np.uint8]) -> Verdicts:
    """Let a model read inputs (n, length).

    Raises:
        CatalogueError: what it says is not probabilities.

    """
    with np.errstate(all="ignore"):  # what overflows is refused below
        parts = [_said(model, inputs[first : first + AT_ONCE]) for first in range(0, len(inputs), AT_ONCE)]
    probabilities, refused = (np.concatenate(each) for each in zip(*parts, strict=True))
    if not (np.abs(probabilities.sum(axis=1) - 1) < _SUM_TOLERANCE).all():  # (so that NaN is refused, too)
        raise no_probability(model.name)
    numbers = np.argsort(-probabilities, axis=1, kind="stable")[:, :BEST]
    shares = probabilities[np.arange(len(numbers))[:, np.newaxis], numbers]
    return Verdicts(model.letters, numbers, shares, refused)


def _said(model: LoadedModel, inputs: NDArray[np.uint8]) -> tuple[NDArray[np.floating], NDArray[np.bool_]]:
    """Calibrated probabilities (n, classes) of inputs (n, length), and which of them look like no letter (n,)."""
    hidden, logits = model.network.read_layers(inputs)
    return model.doubt.probabilities(logits), model.doubt.refuses(hidden, logits)


def twin_of(letter: str, letters: str, *, refused: bool) -> str:
    """The digit that is written like a letter that a model of these letters reads; mostly ""."""
    twin = "" if refused else TWINS.get(letter, "")
    return "" if twin in letters else twin


@dataclass(frozen=True)
class BegunReading:
    """A letter whose ink is found, and which is still to be read.

    Attributes:
        model: what will read it.
        found: by `model.ink.pictures`.
        milliseconds: that it took to find it.

    """

    model: LoadedModel
    found: FoundInk
    milliseconds: float


def begin(model: LoadedModel, source: InkSource) -> BegunReading:
    """Find the ink of a letter: whatever is wrong with it is said now.

    Raises:
        recognizer.core.ink.InkError, recognizer.pictures.PictureError: there is no letter to be read.

    """
    start = time.perf_counter()
    found = source.found(model.ink.pictures)
    return BegunReading(model, found, (time.perf_counter() - start) * 1000)


def finish(begun: Sequence[BegunReading]) -> list[Reading]:
    """Make pictures and inputs of the ink and let the models read them, all letters of a model at once.

    Raises:
        CatalogueError: a model's answer is not probabilities.

    """
    readings: dict[int, Reading] = {}
    for model in {id(each.model): each.model for each in begun}.values():
        places = [place for place, each in enumerate(begun) if each.model is model]
        readings |= zip(places, _finished(model, [begun[place] for place in places]), strict=True)
    return [readings[place] for place in range(len(begun))]


def _finished(model: LoadedModel, begun: Sequence[BegunReading]) -> Iterator[Reading]:
    start = time.perf_counter()
    pictures = model.ink.pictures.from_found([each.found for each in begun])
    inputs = model.ink.of_pictures(pictures)
    said = verdicts(model, inputs)
    share = (time.perf_counter() - start) * 1000 / len(begun)
    for place, each in enumerate(begun):
        one, milliseconds = said[place], each.milliseconds + share
        yield Reading(one.best, one.refused, one.twin, inputs[place], pictures[place], milliseconds, model)


def read(model: LoadedModel, source: InkSource) -> Reading:
    """Read one letter.

    Raises:
        recognizer.core.ink.InkError, recognizer.pictures.PictureError: there is no letter to be read.
        CatalogueError: the model's answer is not probabilities.

    """
    return finish([begin(model, source)])[0]


def load_for_service(model: StoredModel) -> LoadedModel:
    """Load a model and let it read a few drawings, as the page would; every model goes into service through this.

    Raises:
        CatalogueError: its file is missing or damaged, or it cannot read letters.

    """
    loaded = load_stored(model)
    if len(loaded.letters) < 2:
        raise CatalogueError(
            _("“%(name)s” knows one letter only, so there is nothing to tell apart.") % {"name": model.name}
        )
    for strokes in TRIAL_DRAWINGS:
        finish([BegunReading(loaded, loaded.ink.pictures.found_in_strokes(strokes), 0.0)])  # (one of them is a dot)
    return loaded
