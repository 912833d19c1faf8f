"""Charts of the pages of data sets: counts by letter, and the contact sheet as windows on one picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.storage.contact_sheet import CELL, COLUMNS
from training.datasets.web.average_letters import SIDE


def split_name(split: Split) -> str:
    """Name a split in the page's language."""
    return {
        Split.TRAIN: pgettext("split of a data set", "train"),
        Split.VALIDATION: pgettext("split of a data set", "validation"),
        Split.TEST: pgettext("split of a data set", "test"),
    }[split]


def counts_chart(dataset: Dataset) -> dict[str, Any]:
    """Pictures of each letter, by split, as the chart's script takes it (docs/pages.md)."""
    series = [{"label": split_name(split), "values": dataset.counts(split)} for split in Split]
    chart = {
        "kind": "bar",
        "stacked": True,
        "y": {"label": _("pictures")},
        "labels": list(dataset.letters),
        "series": series,
    }
    return {"charts": {"counts": chart}}


@dataclass(frozen=True)
class LetterCounts:
    """One letter on a data set's page: its counts, and where its samples are on the contact sheet."""

    letter: str
    counts: list[int]
    total: int
    top: int
    """Pixels from the sheet's upper edge."""
    samples: int
    """Width of its samples in pixels."""
    average_left: int
    """Pixels from the left edge of the picture of averages."""


def counted(rows: Sequence[LetterCounts]) -> dict[str, Any]:
    """The letters that have pictures, and how many the rarest and the commonest of them have."""
    totals = {row.letter: row.total for row in rows if row.total}
    return {"found": "".join(totals), "least": min(totals.values(), default=0), "most": max(totals.values(), default=0)}


def letter_rows(dataset: Dataset) -> list[LetterCounts]:
    """Return the letters with their counts and samples."""
    by_split = [dataset.counts(split) for split in Split]
    rows = []
    for label, letter in enumerate(dataset.letters):
        counts = [counts[label] for counts in by_split]
        shown = min(COLUMNS, sum(counts)) * CELL
        rows.append(LetterCounts(letter, counts, sum(counts), label * CELL, shown, label * SIDE))
    return rows
