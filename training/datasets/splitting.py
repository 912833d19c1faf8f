"""Train, validation and test: a seeded stratified split that keeps the publisher's own where there is one."""

from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from training.datasets import writers
from training.datasets.errors import DatasetError


class Split(IntEnum):
    """The parts of a data set. Validation selects; test is scored once, at the end."""

    TRAIN = 0
    VALIDATION = 1
    TEST = 2

    @property
    def key(self) -> str:
        """Its name in files, commands and reports."""
        return self.name.lower()


UNSPLIT = 255
"""Stands for a picture whose part the publisher has not said."""
TEST_SHARE = 0.25
VALIDATION_SHARE = 0.10
"""Shares of the whole where nobody has split it."""

Size = int | float
"""How large a part is to be: a number of pictures, or a share of all between 0 and 1."""

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
    """Return the part that a publisher's word means, or None."""
    return _NAMES.get(text.strip().lower())


@dataclass(frozen=True)
class SplitChoice:
    """How a person wants the pictures split. As it stands: the publisher's parts are kept, what is missing is drawn.

    Attributes:
        anew: draw all parts, whatever the publisher has said.
        test, validation: sizes of the parts that are drawn; None for the usual shares.

    """

    anew: bool = False
    test: Size | None = None
    validation: Size | None = None

    def check(self, published: NDArray[np.uint8]) -> None:
        """Refuse a size for a part that the publisher has made and that is kept.

        Raises:
            DatasetError: so it is.

        """
        for part, size in ((Split.TEST, self.test), (Split.VALIDATION, self.validation)):
            if size is not None and not self.anew and (published == part).any():
                raise DatasetError(
                    _(
                        "The archive has a %(part)s part of its own: its size can be chosen only where all parts are "
                        "drawn anew."
                    )
                    % {"part": part.key}
                )


def size_of(text: str) -> Size:
    """Read the size of a part: `16500`, `0.25`, `25%` or a ratio such as `16500/93135`.

    Raises:
        DatasetError: it is none.

    """
    text = text.strip().replace(",", ".")
    try:
        number = Fraction(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        number = Fraction(0)
    if 0 < number < 1 and len(text) < 40:
        return float(number)
    if text.isascii() and text.isdigit() and 1 <= number < 2**31:
        return int(text)
    raise DatasetError(
        _("“%(text)s” is no size of a part: give a share (0.25, 25%%, 16500/93135) or a number of pictures (16500).")
        % {"text": text[:40]}
    )


def assign(
    labels: NDArray[np.uint8],
    published: NDArray[np.uint8],
    *,
    seed: int,
    test: Size | None = None,
    validation: Size | None = None,
    groups: NDArray[np.int64] | None = None,
) -> NDArray[np.uint8]:
    """Give every picture its part.

    A part that the publisher has made is kept as it is. One that is missing is drawn, letter by letter, from the
    training part, to which all pictures belong that the publisher has not placed: exact sizes, where nothing else is
    said test a quarter of all and validation a tenth. Pictures of one writer are drawn together; then a part is as
    near to its size, and each letter to its share, as whole writers allow.

    Args:
        labels: (n,) label of each picture, in an order that does not depend on how the archive was packed.
        published: (n,) the publisher's `Split`, or `UNSPLIT`.
        seed: what the draw depends on.
        test, validation: sizes of the parts that are drawn, shares of all pictures or numbers of them; None for the
            usual shares.
        groups: (n,) number of the writer of each picture, −1 where nobody knows; None where no writer is known.

    Returns:
        (n,) the `Split` of each picture.

    Raises:
        DatasetError: parts of the given sizes would leave nothing for training, or there are too few writers.

    """
    rng = np.random.default_rng(seed)
    splits = np.where(published == UNSPLIT, np.uint8(Split.TRAIN), published).astype(np.uint8)
    for part, size, usual in ((Split.TEST, test, TEST_SHARE), (Split.VALIDATION, validation, VALIDATION_SHARE)):
        if not (splits == part).any():
            pool = splits == Split.TRAIN
            count = size if isinstance(size, int) else round((size or usual) * len(labels))
            if size is not None:
                _check_room(part, count, int(pool.sum()))
            splits[_drawn(labels, pool, count, rng, groups)] = part
    return splits


def _check_room(part: Split, count: int, room: int) -> None:
    if count >= room:
        what = {"part": part.key, "count": count, "room": room}
        raise DatasetError(
            _("A %(part)s part of %(count)d pictures leaves none for training: there are %(room)d to draw from.") % what
        )


def _drawn(
    labels: NDArray[np.uint8],
    pool: NDArray[np.bool_],
    count: int,
    rng: np.random.Generator,
    groups: NDArray[np.int64] | None,
) -> NDArray[np.int64]:
    """Draw about `count` pictures from the pool: whole writers first, the rest of those whose writer nobody knows."""
    if groups is None or not count or not (pool & (groups >= 0)).any():
        return _drawn_singly(labels, pool, count, rng)
    where = np.flatnonzero(pool)
    together = where[writers.drawn(labels[where], groups[where], count, rng)]
    alone = pool & (groups < 0)
    left = min(max(count - len(together), 0), int(alone.sum()))
    return np.concatenate([together, _drawn_singly(labels, alone, left, rng)])


def _drawn_singly(
    labels: NDArray[np.uint8], pool: NDArray[np.bool_], count: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Draw `count` pictures from the pool, of each letter its share (largest remainders take what rounding leaves)."""
    sizes = np.bincount(labels[pool], minlength=256)
    exact = sizes * min(count / max(int(sizes.sum()), 1), 1.0)
    quota = np.floor(exact).astype(np.int64)
    left = min(count, int(sizes.sum())) - int(quota.sum())
    quota[np.argsort(quota - exact, kind="stable")[:left]] += 1
    order = rng.permutation(np.flatnonzero(pool))
    drawn = [order[labels[order] == label][: quota[label]] for label in np.flatnonzero(quota)]
    return np.concatenate([order[:0], *drawn])
