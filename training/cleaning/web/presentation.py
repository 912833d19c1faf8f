"""What the review page shows of findings and decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from recognizer.web.presentation import decision_shown
from training.cleaning import decisions
from training.cleaning.models import Cleaning, Decision, Finding, FindingKind
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.web import sprite_sheets
from training.datasets.web.charts import split_name
from training.datasets.web.sprite_sheets import Window


@dataclass(frozen=True)
class Tile:
    """One finding on the page: where its picture and its twin's are on the sheet, and what is known of it."""

    finding: Finding
    window: Window
    twin: Window | None
    letter: str
    split: str
    predicted: str
    decision: dict[str, str]


def tiles(dataset: Dataset, findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the tiles of a page, and the sheet on which their pictures are."""
    twins = [row.twin for row in findings if row.twin is not None]
    numbers = list(dict.fromkeys([*(row.picture for row in findings), *twins]))
    places = {window.picture: window for window in sprite_sheets.windows(numbers)}
    held = decisions.current(dataset, [row.picture for row in findings])
    listed = [
        Tile(
            row,
            places[row.picture],
            None if row.twin is None else places[row.twin],
            dataset.letters[row.label],
            split_name(Split(row.split)),
            "" if row.predicted is None else dataset.letters[row.predicted],
            shown_decision(dataset, held.get(row.picture)),
        )
        for row in findings
    ]
    sheet = {
        "url": sprite_sheets.address(dataset, numbers) if numbers else "",
        "width": min(len(numbers), sprite_sheets.COLUMNS) * sprite_sheets.CELL,
        "height": -(-len(numbers) // sprite_sheets.COLUMNS) * sprite_sheets.CELL,
        "cell": sprite_sheets.CELL,
    }
    return {"tiles": listed, "sheet": sheet}


def shown_decision(dataset: Dataset, decision: Decision | None) -> dict[str, str]:
    """A decision in words, for the page and its script; empty texts where there is none."""
    if decision is None:
        return decision_shown("")
    return decision_shown(decision.action, "" if decision.label is None else dataset.letters[decision.label])


def kind_choices(cleaning: Cleaning, still_open: dict[str, int]) -> list[tuple[str, str, int, int]]:
    """Return value, name, what is open and what was found of each kind that something was found of."""
    return [
        (kind.value, str(kind.label), still_open.get(kind.value, 0), cleaning.counts.get(kind.value, 0))
        for kind in FindingKind
        if cleaning.counts.get(kind.value, 0)
    ]


def version_name(dataset: Dataset) -> str:
    """Offer a free name for a new version: the parent's with the next number."""
    stem, _space, number = dataset.name.rpartition(" ")
    first, stem = (int(number) + 1, stem) if stem and number.isdecimal() else (2, dataset.name)
    taken = set(Dataset.objects.filter(name__startswith=stem).values_list("name", flat=True))
    return next(name for count in range(first, first + len(taken) + 1) if (name := f"{stem} {count}") not in taken)
