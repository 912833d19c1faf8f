"""What the pages show of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from training.core.hyperparameters import FIELDS, PRESETS, Field
from training.jobs.models import State
from training.runs import leavings
from training.runs.leavings import Misread, Sheet
from training.runs.models import Counts, Run

RECENT = 5
"""Epochs by whose mean time the speed and the time left are told."""
MISTAKES = 10
WORST = 24
DEFAULT_PRESET = "standard"
"""What a new run starts from where nothing else is said."""
GROUPS = {
    "data": gettext_noop("Data"),
    "network": gettext_noop("Network"),
    "cost": gettext_noop("Cost"),
    "optimizer": gettext_noop("Optimizer"),
    "schedule": gettext_noop("Schedule"),
    "augmentation": gettext_noop("Augmentation"),
    "run": gettext_noop("Run"),
}


@dataclass(frozen=True)
class Speed:
    """How fast a run goes.

    Attributes:
        images: training images a second; None before the first epoch.
        seconds_left: until its last epoch; None when it is not running.

    """

    images: float | None
    seconds_left: float | None


def speed(run: Run) -> Speed:
    """Tell the speed from the last few epochs."""
    recent = list(run.rows.order_by("-epoch").values_list("seconds", flat=True)[:RECENT])
    if not recent or not sum(recent):
        return Speed(None, None)
    mean = sum(recent) / len(recent)
    left = (run.epochs - run.epoch) * mean if run.state == State.RUNNING else None
    return Speed((run.recipe.epoch_samples or run.training_images) / mean, left)


@dataclass(frozen=True)
class Cell:
    """A cell of the confusion matrix: its count, and how strongly it is coloured (0…9)."""

    count: int
    level: int
    is_hit: bool
    title: str
    written_letter: str
    read_letter: str


def matrix(letters: str, counts: Counts) -> list[tuple[str, list[Cell]]]:
    """Rows of a confusion matrix: the letter written, and how often it was read as each letter."""
    totals = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    shares = counts / totals
    wrong = np.where(np.eye(len(counts), dtype=bool), 0, shares)
    levels = np.ceil(9 * np.where(np.eye(len(counts), dtype=bool), shares, np.sqrt(wrong / max(wrong.max(), 1e-9))))
    return [
        (letter, [_cell(letters, i, j, int(counts[i, j]), int(levels[i, j])) for j in range(len(letters))])
        for i, letter in enumerate(letters)
    ]


def _cell(letters: str, i: int, j: int, count: int, level: int) -> Cell:
    words = {"written": letters[i], "read": letters[j], "count": count}
    return Cell(count, level, i == j, _("%(written)s read as %(read)s: %(count)d") % words, letters[i], letters[j])


@dataclass(frozen=True)
class LetterRow:
    """How well one letter is read.

    Attributes:
        letter: which.
        images: how many of it were in the test splits.
        recall: the share of them that was read right; None without images.
        precision: of all that was read as this letter, the share that was it; None where nothing was.
        confused: what it is most often taken for, with the count; None where it never is.

    """

    letter: str
    images: int
    recall: float | None
    precision: float | None
    confused: tuple[str, int] | None


def letter_rows(letters: str, counts: Counts) -> list[LetterRow]:
    """The letters, the one that is read worst first."""
    rows = [_letter_row(letters, counts, place) for place in range(len(letters))]
    return sorted(rows, key=lambda row: 2.0 if row.recall is None else row.recall)


def _letter_row(letters: str, counts: Counts, place: int) -> LetterRow:
    right, written, read = counts[place, place], counts[place].sum(), counts[:, place].sum()
    others = np.where(np.arange(len(letters)) == place, 0, counts[place])
    other = int(others.argmax())
    return LetterRow(
        letters[place],
        int(written),
        float(right / written) if written else None,
        float(right / read) if read else None,
        (letters[other], int(others[other])) if others[other] else None,
    )


def mistakes(letters: str, counts: Counts) -> list[tuple[str, str, int]]:
    """List the most frequent mistakes: written, read as, how often."""
    wrong = np.where(np.eye(len(counts), dtype=bool), 0, counts)
    order = np.argsort(-wrong, axis=None, kind="stable")[:MISTAKES]
    places = [divmod(int(place), len(letters)) for place in order]
    return [(letters[i], letters[j], int(wrong[i, j])) for i, j in places if wrong[i, j]]


def differences(run: Run) -> list[tuple[Field, str, str]]:
    """What is not as its preset has it: description, value, the preset's value."""
    if run.preset not in PRESETS:
        return []
    usual = PRESETS[run.preset].as_dict()
    names = differing(run.hyperparameters, run.preset)
    return [(FIELDS[name], as_text(run.hyperparameters[name]), as_text(usual[name])) for name in names]


def hyperparameter_groups(run: Run) -> list[tuple[str, list[tuple[Field, str]]]]:
    """The hyperparameters of a run, by group: description and value as text."""
    known = [(field, run.hyperparameters[name]) for name, field in FIELDS.items() if name in run.hyperparameters]
    return [
        (_(GROUPS[group]), [(field, as_text(value)) for field, value in fields])
        for group, fields in groupby(known, key=lambda pair: pair[0].group)
    ]


def differing(hyperparameters: Mapping[str, Any], preset: str) -> list[str]:
    """Names of what is not as the preset has it; of everything where there is no such preset."""
    if preset not in PRESETS:
        return [name for name in FIELDS if name in hyperparameters]
    usual = PRESETS[preset].as_dict()
    return [name for name in FIELDS if name in hyperparameters and hyperparameters[name] != usual[name]]


def as_text(value: Any) -> str:
    """Write a hyperparameter's value as a person would; a form reads it back."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        separator = "-" if all(isinstance(item, int) for item in value) else ", "
        return separator.join(f"{item:g}" for item in value) or "—"
    return str(value)


def results(run: Run) -> dict[str, Any]:
    """What a page shows once the run has ended well: figures on each data set, matrix, mistakes."""
    counts = run.confusion()
    sources = list(run.sources.select_related("dataset"))
    shown: dict[str, Any] = {"sources": sources, "are_all_judged": all(source.is_judged for source in sources)}
    if counts is not None:
        shown |= {
            "matrix": matrix(run.letters, counts),
            "mistakes": mistakes(run.letters, counts),
            "by_letter": letter_rows(run.letters, counts),
            "worst": worst(run),
            "has_weights": (leavings.folder_of(run.pk) / leavings.WEIGHTS).exists(),
        }
    return shown


def worst(run: Run) -> dict[str, Any] | None:
    """The surest mistakes, for a page; None where there is no sheet of them."""
    sheet = leavings.read(run)
    return None if sheet is None else pictured(run, sheet, sheet.placed()[:WORST])


def pictured(run: Run, sheet: Sheet, placed: Sequence[tuple[Misread, int, int]]) -> dict[str, Any]:
    """Some pictures of a sheet as a page shows them: letters, how sure, and the square of the sheet."""
    letters = run.letters
    shown = [
        {
            "written": letters[item.written],
            "read": letters[item.read],
            "sure": item.sure,
            "of_right": item.of_right,
            "dataset": item.dataset,
            "left": left,
            "top": top,
        }
        for item, left, top in placed
    ]
    size = {"width": sheet.width, "height": sheet.height, "side": leavings.SIDE}
    return {**size, "total": sheet.total, "pictures": shown}
