"""Train, validation and test: a seeded stratified split that keeps the publisher's own where there is one."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from recognizer.messages import gettext as _
from training.datasets.content import writers
from training.datasets.content.sizes import Size, size_of
from training.datasets.errors import DatasetError

__all__ = ["UNSPLIT", "Size", "Split", "SplitChoice", "assign", "size_of", "split_of"]


class Split(IntEnum):
    """The three splits of a data set. Validation selects; test is scored once, at the end."""

    TRAIN = 0
    VALIDATION = 1
    TEST = 2

    @property
    def key(self) -> str:
        """Its name in files, commands and reports."""
        return self.name.lower()


UNSPLIT = 255
"""Stands for a picture that the publisher has put into no split."""
TEST_SHARE = 0.25
VALIDATION_SHARE = 0.10
"""Shares of the whole by default."""

_NAMES = {
    "train": Split.TRAIN,
    "training": Split.TRAIN,
    "validation": Split.VALIDATION,
    "valid": Split.VALIDATION,
    "val": Split.VALIDATION,
    "dev": Split.VALIDATION,
    "test": Split.TEST,
    "testing": Split.TEST,
    "t10k": Split.TEST,
}


def split_of(text: str) -> Split | None:
    """Return the split that a publisher's word names, or None."""
    return _NAMES.get(text.strip().lower())


@dataclass(frozen=True)
class SplitChoice:
    """How a person wants the pictures split. By default the publisher's splits are kept and missing ones are drawn.

    Attributes:
        redraw: draw all splits, whatever the publisher has said.
        test, validation: sizes of the splits that are drawn; None for the usual shares, 0 for no validation split.

    """

    redraw: bool = False
    test: Size | None = None
    validation: Size | None = None

    @classmethod
    def of(cls, test: str, validation: str, *, redraw: bool) -> "SplitChoice":
        """The choice with sizes as a person writes them, empty for the usual ones.

        Raises:
            DatasetError: a size is none.

        """
        return cls(
            redraw,
            test=size_of(test) if test else None,
            validation=size_of(validation, may_be_none=True) if validation else None,
        )

    def check(self, published: NDArray[np.uint8]) -> None:
        """Refuse a size for a split of the publisher's that is kept.

        Raises:
            DatasetError: a size is given for such a split.

        """
        for split, size in ((Split.TEST, self.test), (Split.VALIDATION, self.validation)):
            if size is not None and not self.redraw and (published == split).any():
                raise DatasetError(
                    _(
                        "The archive has a %(split)s split of its own: its size can be chosen only if all splits are "
                        "drawn again."
                    )
                    % {"split": split.key}
                )


def assign(
    labels: NDArray[np.uint8],
    published: NDArray[np.uint8],
    *,
    seed: int,
    test: Size | None = None,
    validation: Size | None = None,
    groups: NDArray[np.int64] | None = None,
    copies: NDArray[np.int64] | None = None,
) -> NDArray[np.uint8]:
    """Assign every picture to a split.

    The publisher's splits are kept. A missing one is drawn, letter by letter, from the training split, which also has
    the pictures that the publisher has put nowhere. Sizes are exact; by default test is a quarter of all and validation
    a tenth. Pictures of one writer stay together; a split is then as near to its size, and each letter to its share, as
    whole writers allow.

    Args:
        labels: (n,) label of each picture, in an order that does not depend on how the archive was packed.
        published: (n,) the publisher's `Split`, or `UNSPLIT`.
        seed: what the draw depends on.
        test, validation: sizes of the splits that are drawn, shares of all pictures or numbers of them; None for the
            usual shares, 0 for none.
        groups: (n,) number of the writer of each picture, −1 if unknown; None if no writer is known.
        copies: (n,) a number that equal pictures share. Copies across splits will be dropped, so that a size that was
            asked for is drawn with all copies of a picture or none; None where there are no copies.

    Returns:
        (n,) the `Split` of each picture.

    Raises:
        DatasetError: splits of these sizes would leave nothing for training, or there are too few writers.

    """
    rng = np.random.default_rng(seed)
    splits = np.where(published == UNSPLIT, np.uint8(Split.TRAIN), published).astype(np.uint8)
    for split, size, usual in ((Split.TEST, test, TEST_SHARE), (Split.VALIDATION, validation, VALIDATION_SHARE)):
        if not (splits == split).any():
            pool = splits == Split.TRAIN
            count = size if isinstance(size, int) else round((size or usual) * len(labels))
            alike = copies if size is not None else None
            if alike is not None:
                pool &= ~_stays(labels, alike, pool)
            if size:
                _check_room(split, count, int(pool.sum()))
            splits[_drawn(labels, pool, count, rng, groups, alike)] = split
    return splits


def _check_room(split: Split, count: int, room: int) -> None:
    if count >= room:
        what = {"split": split.key, "count": count, "room": room}
        raise DatasetError(
            _("A %(split)s split of %(count)d pictures leaves none for training: there are %(room)d to draw from.")
            % what
        )


def _drawn(
    labels: NDArray[np.uint8],
    pool: NDArray[np.bool_],
    count: int,
    rng: np.random.Generator,
    groups: NDArray[np.int64] | None,
    copies: NDArray[np.int64] | None,
) -> NDArray[np.int64]:
    """Draw about `count` pictures from the pool: whole writers first, the rest from pictures without a known writer."""
    if groups is None or not count or not (pool & (groups >= 0)).any():
        return _drawn_singly(labels, pool, count, rng, copies)
    where = np.flatnonzero(pool)
    together = where[writers.drawn(labels[where], groups[where], count, rng)]
    alone = pool & (groups < 0)
    left = min(max(count - len(together), 0), int(alone.sum()))
    return np.concatenate([together, _drawn_singly(labels, alone, left, rng, copies)])


def _drawn_singly(
    labels: NDArray[np.uint8],
    pool: NDArray[np.bool_],
    count: int,
    rng: np.random.Generator,
    copies: NDArray[np.int64] | None,
) -> NDArray[np.int64]:
    """Draw `count` pictures from the pool, of each letter its share (largest remainders take what rounding leaves)."""
    sizes = np.bincount(labels[pool], minlength=256)
    exact = sizes * min(count / max(int(sizes.sum()), 1), 1.0)
    quota = np.floor(exact).astype(np.int64)
    left = min(count, int(sizes.sum())) - int(quota.sum())
    quota[np.argsort(quota - exact, kind="stable")[:left]] += 1
    order = rng.permutation(np.flatnonzero(pool))
    drawn = [_together(order[labels[order] == label], int(quota[label]), copies) for label in np.flatnonzero(quota)]
    return np.concatenate([order[:0], *drawn])


def _stays(labels: NDArray[np.uint8], copies: NDArray[np.int64], pool: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which pictures (n,) cannot be drawn: their copies are in another split, or of another letter."""
    order = np.argsort(copies, kind="stable")
    same, differ = copies[order][1:] == copies[order][:-1], labels[order][1:] != labels[order][:-1]
    of_several = copies[order][1:][same & differ]
    return np.asarray(np.isin(copies, np.concatenate([copies[~pool], of_several])), dtype=np.bool_)


def _together(pictures: NDArray[np.int64], count: int, copies: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """The first `count` of these pictures; of those with copies all or none, as far as that comes to the number."""
    if copies is None or len(np.unique(copies[pictures])) == len(pictures):
        return pictures[:count]
    alike: dict[int, list[int]] = {}
    for picture, number in zip(pictures.tolist(), copies[pictures].tolist(), strict=True):
        alike.setdefault(number, []).append(picture)
    taken: list[int] = []
    for group in alike.values():
        if len(taken) + len(group) <= count:
            taken += group
    return np.array(taken, dtype=np.int64)
