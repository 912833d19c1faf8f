"""How unequal the letters of a data set are, in the training split."""

from dataclasses import dataclass

from training.datasets.content.splitting import Split
from training.datasets.models import Dataset

UNEQUAL = 2.0
"""From this ratio on the page speaks of it."""


@dataclass(frozen=True)
class Balance:
    """The commonest and the rarest letter of a training split, with their pictures."""

    most: str
    most_pictures: int
    least: str
    least_pictures: int

    @property
    def ratio(self) -> float:
        """How many times as many pictures the commonest has; infinite where the rarest has none."""
        return self.most_pictures / self.least_pictures if self.least_pictures else float("inf")

    @property
    def is_unequal(self) -> bool:
        """Whether it is worth speaking of."""
        return self.ratio >= UNEQUAL


def balance_of(dataset: Dataset) -> Balance:
    """Compare the letters of a data set's training split."""
    counts = dataset.counts(Split.TRAIN)
    most, least = max(counts), min(counts)
    return Balance(dataset.letters[counts.index(most)], most, dataset.letters[counts.index(least)], least)
