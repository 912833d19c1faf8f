"""One label check from end to end: everything that may be wrong with a data set's pictures, by kind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer.messages import gettext as _
from training.cleaning.detectors import copies, image_stats
from training.cleaning.detectors.cross_validation import Control, UnfinishedError, cross_validated
from training.cleaning.detectors.image_stats import ImageStats
from training.cleaning.detectors.label_errors import find_suspects
from training.cleaning.detectors.outliers import find_outliers
from training.cleaning.models import Cleaning, Finding, FindingKind
from training.datasets.errors import files_gone
from training.datasets.models import Dataset
from training.datasets.storage import input_files
from training.datasets.storage.picture_files import Index
from training.datasets.storage.publish import STANDING_INK
from training.jobs.progress import ShareProgress
from training.jobs.worker.work_loop import StoppedError

LISTED = 5000
"""Findings of a kind that are listed, the likeliest first. Copies across splits are all listed: none may stay."""
LOOKING, COMPARING, READING = 0.15, 0.3, 0.95
"""Shares of the work after which the next step begins."""


@dataclass(frozen=True)
class Found:
    """Findings of one kind: pictures (m,), scores (m,), and where they have one their twins or likely letters (m,)."""

    pictures: NDArray[np.int64]
    scores: NDArray[np.floating]
    twins: NDArray[np.int64] | None = None
    likely: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class CheckResult:
    """The result of a label check.

    Attributes:
        found: findings by kind.
        index: of the data set.
        probabilities: float32 (n, k), predicted by networks that have not seen the picture.

    """

    found: dict[FindingKind, Found]
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

    def _rows(self, cleaning: Cleaning, kind: FindingKind, found: Found) -> list[Finding]:
        order = np.argsort(-found.scores, kind="stable")[: None if kind == FindingKind.ACROSS else LISTED]
        return [
            Finding(
                cleaning=cleaning,
                kind=kind,
                picture=int(found.pictures[number]),
                score=float(found.scores[number]),
                twin=None if found.twins is None else int(found.twins[number]),
                **self._predicted(found, number),
            )
            for number in order.tolist()
        ]

    def _predicted(self, found: Found, number: int) -> dict[str, Any]:
        """Letter and split of a picture, and the letter that the network predicts."""
        picture = found.pictures[number]
        predicted = self.probabilities[picture].argmax() if found.likely is None else found.likely[number]
        return {
            "label": int(self.index.labels[picture]),
            "split": int(self.index.splits[picture]),
            "predicted": int(predicted),
            "probability": float(self.probabilities[picture, predicted]),
        }


def check_dataset(
    dataset: Dataset, *, folds: int, seed: int, progress: ShareProgress, should_stop: Callable[[], bool] = lambda: False
) -> CheckResult:
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
        inputs = input_files.load_all(dataset, index.splits, STANDING_INK)
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
    found[FindingKind.LABEL] = _suspects(probabilities, index)
    found[FindingKind.OUTLIER] = Found(*find_outliers(inputs, index.labels, seed=seed, check=check))
    return CheckResult(found, index, probabilities)


def _look(dataset: Dataset, index: Index, progress: ShareProgress, check: Callable[[], None]) -> ImageStats:
    n = len(index.labels)

    def report(done: int) -> None:
        check()
        progress(LOOKING * done / n, _("%(done)d of %(total)d pictures") % {"done": done, "total": n})

    return image_stats.look(dataset.folder, index, report)


def _between(share: float) -> float:
    return COMPARING + (READING - COMPARING) * share


def _copies(seen: ImageStats, index: Index, check: Callable[[], None]) -> dict[FindingKind, Found]:
    across, within = copies.near(seen.small, index.digests, index.splits, check=check)
    pairs = {
        FindingKind.ACROSS: across,
        FindingKind.NEAR: within,
        FindingKind.EXACT: copies.exact(index.digests, index.splits),
    }
    return {kind: _with_twins(found) for kind, found in pairs.items()}


def _with_twins(found: copies.Copies) -> Found:
    pictures = np.flatnonzero(found.twin >= 0)
    return Found(pictures, found.score[pictures], found.twin[pictures])


def _flaws(seen: ImageStats) -> dict[FindingKind, Found]:
    flags = {
        FindingKind.BROKEN: seen.broken,
        FindingKind.BLANK: seen.blank,
        FindingKind.ALMOST_BLANK: seen.almost_blank,
        FindingKind.INVERTED: seen.against_the_rest,
    }
    found = {kind: np.flatnonzero(flag) for kind, flag in flags.items()}
    # The less ink on an almost blank picture, and the more on a broken one, the likelier.
    signs = {FindingKind.BROKEN: 1.0, FindingKind.INVERTED: 1.0}
    return {kind: Found(which, signs.get(kind, -1.0) * seen.ink[which]) for kind, which in found.items()}


def _groups(found: dict[FindingKind, Found], index: Index) -> NDArray[np.int64]:
    """A number for each picture (n,): that of the picture of which it is a copy, or its own."""
    groups = np.arange(len(index.labels))
    for kind in (FindingKind.NEAR, FindingKind.ACROSS, FindingKind.EXACT):
        pairs = found[kind]
        if pairs.twins is not None:
            groups[pairs.pictures] = groups[pairs.twins]
    return groups


def _suspects(probabilities: NDArray[np.float32], index: Index) -> Found:
    suspects = find_suspects(probabilities, index.labels)
    return Found(suspects.pictures, suspects.scores, likely=suspects.likely)
