"""Train, validation and test: a seeded stratified split that keeps the publisher's own where there is one."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


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


def assign(
    labels: NDArray[np.uint8],
    published: NDArray[np.uint8],
    *,
    seed: int,
    test_share: float = TEST_SHARE,
    validation_share: float = VALIDATION_SHARE,
) -> NDArray[np.uint8]:
    """Give every picture its part.

    A part that the publisher has made is kept as it is. One that is missing is drawn, letter by letter, from the
    training part, to which all pictures belong that the publisher has not placed: exact shares of all, where nothing
    else is said test a quarter and validation a tenth.

    Args:
        labels: (n,) label of each picture, in an order that does not depend on how the archive was packed.
        published: (n,) the publisher's `Split`, or `UNSPLIT`.
        seed: what the draw depends on.
        test_share, validation_share: of all pictures.

    Returns:
        (n,) the `Split` of each picture.

    """
    rng = np.random.default_rng(seed)
    splits = np.where(published == UNSPLIT, np.uint8(Split.TRAIN), published).astype(np.uint8)
    for part, share in ((Split.TEST, test_share), (Split.VALIDATION, validation_share)):
        if not (splits == part).any():
            splits[_drawn(labels, splits == Split.TRAIN, round(share * len(labels)), rng)] = part
    return splits


def _drawn(
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
