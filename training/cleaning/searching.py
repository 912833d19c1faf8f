"""One search from end to end: everything that may be wrong with a data set's pictures, by kind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from training.cleaning import copies, looks
from training.cleaning.looks import Looks
from training.cleaning.models import Cleaning, Finding, Kind
from training.cleaning.outliers import find_outliers
from training.cleaning.predictions import Control, UnfinishedError, cross_validated
from training.cleaning.suspects import find_suspects
from training.datasets import files
from training.datasets.errors import files_gone
from training.datasets.models import Dataset
from training.datasets.saving import STANDING_INK
from training.datasets.store import Index
from training.jobs.working import StoppedError

LISTED = 5000
"""Findings of a kind that are listed, the likeliest first. Copies across parts are all listed: none may stay."""
LOOKING, COMPARING, READING = 0.15, 0.3, 0.95
"""Shares of the work after which the next step begins."""

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Found:
    """Findings of one kind: pictures (m,), scores (m,), and where they have one their twins or likely letters (m,)."""

    pictures: NDArray[np.int64]
    scores: NDArray[np.floating]
    twins: NDArray[np.int64] | None = None
    likely: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Search:
    """What a search came to.

    Attributes:
        found: findings by kind.
        index: of the data set.
        probabilities: float32 (n, k), what networks think that have not seen the picture.

    """

    found: dict[Kind, Found]
    index: Index
    probabilities: NDArray[np.float32]

    @property
    def counts(self) -> dict[str, int]:
        """How many pictures of each kind."""
        return {kind.value: len(found.pictures) for kind, found in self.found.items()}

    @property
    def accuracy(self) -> float:
        """Share of the pictures whose letter the networks read, 0…1."""
        return float((self.probabilities.argmax(axis=1) == self.index.labels).mean())

    def rows(self, cleaning: Cleaning) -> list[Finding]:
        """Return the findings that are listed, not saved yet."""
        return [row for kind, found in self.found.items() for row in self._rows(cleaning, kind, found)]

    def _rows(self, cleaning: Cleaning, kind: Kind, found: Found) -> list[Finding]:
        order = np.argsort(-found.scores, kind="stable")[: None if kind == Kind.ACROSS else LISTED]
        return [
            Finding(
                cleaning=cleaning,
                kind=kind,
                picture=int(found.pictures[number]),
                score=float(found.scores[number]),
                twin=None if found.twins is None else int(found.twins[number]),
                **self._read(found, number),
            )
            for number in order.tolist()
        ]

    def _read(self, found: Found, number: int) -> dict[str, Any]:
        """Letter and part of a picture, and what the network takes it for."""
        picture = found.pictures[number]
        read = self.probabilities[picture].argmax() if found.likely is None else found.likely[number]
        return {
            "label": int(self.index.labels[picture]),
            "split": int(self.index.splits[picture]),
            "read_as": int(read),
            "probability": float(self.probabilities[picture, read]),
        }


def search(
    dataset: Dataset, *, folds: int, seed: int, progress: Progress, should_stop: Callable[[], bool] = lambda: False
) -> Search:
    """Look at every picture of a data set, compare them all, and let networks read them that have not seen them.

    Args:
        dataset: whose pictures.
        folds: of the cross-validation.
        seed: of all that is drawn.
        progress: told the share done and a few words.
        should_stop: asked often.

    Raises:
        DatasetError: the files are gone.
        StoppedError: `should_stop` said so.

    """

    def check() -> None:
        if should_stop():
            raise StoppedError

    try:
        index = Index.load(dataset.folder)
        seen = _look(dataset, index, progress, check)
        inputs = files.load_all(dataset, index.splits, STANDING_INK)
    except FileNotFoundError as error:
        raise files_gone(dataset.name) from error
    progress(LOOKING, _("comparing pictures"))
    found = _copies(seen, index, check) | _flaws(seen)
    progress(COMPARING, _("reading every picture"))
    control = Control(should_stop, lambda share: progress(_between(share), _("reading every picture")))
    groups = _groups(found, index)
    try:
        probabilities = cross_validated(
            inputs, index.labels, groups, classes=len(dataset.letters), folds=folds, seed=seed, control=control
        )
    except UnfinishedError as error:
        raise StoppedError from error
    progress(READING, _("looking for outliers"))
    found[Kind.LABEL] = _suspects(probabilities, index)
    found[Kind.OUTLIER] = Found(*find_outliers(inputs, index.labels, seed=seed, check=check))
    return Search(found, index, probabilities)


def _look(dataset: Dataset, index: Index, progress: Progress, check: Callable[[], None]) -> Looks:
    n = len(index.labels)

    def looked(done: int) -> None:
        check()
        progress(LOOKING * done / n, _("%(done)d of %(total)d pictures") % {"done": done, "total": n})

    return looks.look(dataset.folder, index, looked)


def _between(share: float) -> float:
    return COMPARING + (READING - COMPARING) * share


def _copies(seen: Looks, index: Index, check: Callable[[], None]) -> dict[Kind, Found]:
    across, within = copies.near(seen.small, index.digests, index.splits, check=check)
    pairs = {Kind.ACROSS: across, Kind.NEAR: within, Kind.EXACT: copies.exact(index.digests, index.splits)}
    return {kind: _with_twins(found) for kind, found in pairs.items()}


def _with_twins(found: copies.Copies) -> Found:
    pictures = np.flatnonzero(found.twin >= 0)
    return Found(pictures, found.score[pictures], found.twin[pictures])


def _flaws(seen: Looks) -> dict[Kind, Found]:
    flags = {
        Kind.BROKEN: seen.broken,
        Kind.BLANK: seen.blank,
        Kind.ALMOST_BLANK: seen.almost_blank,
        Kind.INVERTED: seen.against_the_rest,
    }
    found = {kind: np.flatnonzero(flag) for kind, flag in flags.items()}
    # The less ink on an almost blank picture, and the more on a broken one, the likelier.
    signs = {Kind.BROKEN: 1.0, Kind.INVERTED: 1.0}
    return {kind: Found(which, signs.get(kind, -1.0) * seen.ink[which]) for kind, which in found.items()}


def _groups(found: dict[Kind, Found], index: Index) -> NDArray[np.int64]:
    """A number for each picture (n,): that of the picture of which it is a copy, or its own."""
    groups = np.arange(len(index.labels))
    for kind in (Kind.NEAR, Kind.ACROSS, Kind.EXACT):
        pairs = found[kind]
        if pairs.twins is not None:
            groups[pairs.pictures] = groups[pairs.twins]
    return groups


def _suspects(probabilities: NDArray[np.float32], index: Index) -> Found:
    suspects = find_suspects(probabilities, index.labels)
    return Found(suspects.pictures, suspects.scores, likely=suspects.likely)
