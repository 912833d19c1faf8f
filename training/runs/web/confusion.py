"""The confusion matrix of a run as its page shows it: cells, letter by letter, the most frequent mistakes."""

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from training.runs.models import Counts

MOST_MISTAKES = 10


@dataclass(frozen=True)
class ConfusionCell:
    """A cell of the confusion matrix: its count, and how strongly it is coloured (0…9)."""

    count: int
    level: int
    is_hit: bool
    title: str
    written_letter: str
    read_letter: str


@dataclass(frozen=True)
class LetterScore:
    """How well one letter is read.

    Attributes:
        letter: which.
        images: how many of it were in the test splits.
        recall: the share of them that was read right; None without images.
        precision: of all that was read as this letter, the share that was it; None where nothing was.
        confused: what it is most often read as instead, with the count; None where it never is.

    """

    letter: str
    images: int
    recall: float | None
    precision: float | None
    confused: tuple[str, int] | None


def matrix(letters: str, counts: Counts) -> list[tuple[str, list[ConfusionCell]]]:
    """Rows of a confusion matrix: the letter written, and how often it was read as each letter."""
    is_hit = np.eye(len(counts), dtype=bool)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    wrong = np.where(is_hit, 0, shares)
    levels = np.ceil(9 * np.where(is_hit, shares, np.sqrt(wrong / max(wrong.max(), 1e-9))))
    return [
        (letter, [_cell(letters, i, j, int(counts[i, j]), int(levels[i, j])) for j in range(len(letters))])
        for i, letter in enumerate(letters)
    ]


def _cell(letters: str, i: int, j: int, count: int, level: int) -> ConfusionCell:
    words = {"written": letters[i], "read": letters[j], "count": count}
    title = _("%(written)s read as %(read)s: %(count)d") % words
    return ConfusionCell(count, level, i == j, title, letters[i], letters[j])


def letter_scores(letters: str, counts: Counts) -> list[LetterScore]:
    """The letters, the one that is read worst first."""
    scores = [_letter_score(letters, counts, place) for place in range(len(letters))]
    return sorted(scores, key=lambda score: 2.0 if score.recall is None else score.recall)


def _letter_score(letters: str, counts: Counts, place: int) -> LetterScore:
    right, written, read = counts[place, place], counts[place].sum(), counts[:, place].sum()
    others = np.where(np.arange(len(letters)) == place, 0, counts[place])
    other = int(others.argmax())
    return LetterScore(
        letters[place],
        int(written),
        float(right / written) if written else None,
        float(right / read) if read else None,
        (letters[other], int(others[other])) if others[other] else None,
    )


def mistakes(letters: str, counts: Counts) -> list[tuple[str, str, int]]:
    """List the most frequent mistakes: written, read as, how often."""
    wrong = np.where(np.eye(len(counts), dtype=bool), 0, counts)
    order = np.argsort(-wrong, axis=None, kind="stable")[:MOST_MISTAKES]
    places = [divmod(int(place), len(letters)) for place in order]
    return [(letters[i], letters[j], int(wrong[i, j])) for i, j in places if wrong[i, j]]
