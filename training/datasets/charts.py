"""What the pages of data sets draw: counts as a chart, and the contact sheet as windows on one picture."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from training.datasets.averages import SIDE
from training.datasets.models import Dataset
from training.datasets.sheets import CELL, COLUMNS
from training.datasets.splitting import Split


def split_name(split: Split) -> str:
    """Name a part in the page's language."""
    return {
        Split.TRAIN: pgettext("part of a data set", "train"),
        Split.VALIDATION: pgettext("part of a data set", "validation"),
        Split.TEST: pgettext("part of a data set", "test"),
    }[split]


def counts_chart(dataset: Dataset) -> dict[str, Any]:
    """Pictures of each letter, by part, as the chart's script takes it (docs/pages.md)."""
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
class LetterRow:
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


def letter_rows(dataset: Dataset) -> list[LetterRow]:
    """Return the letters with their counts and samples."""
    by_part = [dataset.counts(split) for split in Split]
    rows = []
    for label, letter in enumerate(dataset.letters):
        counts = [counts[label] for counts in by_part]
        shown = min(COLUMNS, sum(counts)) * CELL
        rows.append(LetterRow(letter, counts, sum(counts), label * CELL, shown, label * SIDE))
    return rows
