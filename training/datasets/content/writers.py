"""Who wrote each picture, where an archive tells it: a writer's pictures stay in one split.

A network that has seen a hand in training reads that hand better than it will read a stranger's, so a test on the same
hands promises too much.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recognizer.messages import gettext as _
from training.datasets.errors import DatasetError

NO_WRITERS = "none"
"""Stands for a column of writers where a table has one that is to be ignored."""
_WORDS = "writer|author|person|user|subject|student|автор|участник|ученик"
_NAMED = re.compile(rf"(?:{_WORDS})(?:[ _.-]*\d+|[ _.-]+\w+)", re.IGNORECASE)
_HOLDING = re.compile(r"writers|authors|persons|people|users|subjects|students|авторы|участники|ученики", re.IGNORECASE)


def writer_in(folders: Sequence[str]) -> str:
    """Return the writer that a path of folders names; empty where it names none.

    A folder is a writer's where its name is a word for one with a number or a name (`writer-07`, `author_anna`,
    `ученик 3`), or where it lies in a folder with such a word in the plural (`writers/anna`).
    """
    for above, folder in zip(("", *folders), folders, strict=False):
        if _NAMED.fullmatch(folder) or _HOLDING.fullmatch(above):
            return folder.lower()
    return ""


def numbered(groups: Sequence[str]) -> NDArray[np.int64] | None:
    """Number the writers (n,), −1 if unknown; None if the archive does not tell at least two apart."""
    known = {name: number for number, name in enumerate(sorted({*groups} - {""}))}
    if len(known) < 2:
        return None
    return np.array([known.get(name, -1) for name in groups], dtype=np.int64)


def in_several_splits(groups: NDArray[np.int64] | None, splits: NDArray[np.uint8]) -> int:
    """Count the writers who have pictures in more than one split, as a publisher's split may have it."""
    if groups is None:
        return 0
    pairs = np.unique(np.stack([groups, splits.astype(np.int64)], axis=1)[groups >= 0], axis=0)
    return int((np.unique(pairs[:, 0], return_counts=True)[1] > 1).sum())


def drawn(
    labels: NDArray[np.uint8], groups: NDArray[np.int64], count: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Draw whole writers that have about `count` pictures together, and of each letter about its share.

    The writers come in a random order, and one is taken where that brings the counts of the letters nearer to what
    they should be. At least one is taken, and at least one picture is left.

    Args:
        labels: (n,) label of each picture that can be drawn.
        groups: (n,) its writer, −1 if unknown.
        count: how many of all n the split is to have.
        rng: what the draw depends on.

    Returns:
        Where the drawn pictures are among the n.

    Raises:
        DatasetError: they are all by one writer, so that none would be left for training.

    """
    theirs = _by_writer(groups)
    if len(theirs) < 2 and (groups >= 0).all():
        raise DatasetError(
            _("There are too few writers to give each split writers of its own; choose “none” to ignore the writers.")
        )
    wanted = np.bincount(labels, minlength=256) * ((groups >= 0).mean() * count / len(labels))
    order = rng.permutation(len(theirs)).tolist()
    costs = [_cost(labels[theirs[number]], 0 - wanted) for number in order]
    chosen = _nearest(labels, theirs, wanted, order) or [order[int(np.argmin(costs))]]
    if len(chosen) == len(theirs) and (groups >= 0).all():
        chosen.pop()
    return np.sort(np.concatenate([theirs[number] for number in chosen]))


def _nearest(
    labels: NDArray[np.uint8], theirs: Sequence[NDArray[np.int64]], wanted: NDArray[np.float64], order: Sequence[int]
) -> list[int]:
    """Numbers of the writers who each bring the counts of the letters nearer to the wanted ones."""
    chosen = []
    excess = -wanted
    for number in order:
        own = labels[theirs[number]]
        if _cost(own, excess) < 0:
            chosen.append(number)
            excess = excess + np.bincount(own, minlength=256)
    return chosen


def _cost(own: NDArray[np.uint8], excess: NDArray[np.float64]) -> float:
    """By how much the squared distance from the wanted counts grows with a writer's pictures."""
    counts = np.bincount(own, minlength=256)
    return float(counts @ (counts + 2 * excess))


def _by_writer(groups: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Where each writer's pictures are."""
    order = np.argsort(groups, kind="stable")
    order = order[groups[order] >= 0]
    bounds = np.flatnonzero(np.diff(groups[order])) + 1
    return np.split(order, bounds) if len(order) else []
