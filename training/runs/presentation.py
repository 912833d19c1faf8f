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
from training.runs.models import Counts, Run

RECENT = 5
"""Epochs by whose mean time the speed and the time left are told."""
MISTAKES = 10
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
    return Speed(run.training_images / mean, left)


@dataclass(frozen=True)
class Cell:
    """A cell of the confusion matrix: its count, and how strongly it is coloured (0…9)."""

    count: int
    level: int
    is_hit: bool
    title: str


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
    return Cell(count, level, i == j, _("%(written)s read as %(read)s: %(count)d") % words)


def mistakes(letters: str, counts: Counts) -> list[tuple[str, str, int]]:
    """List the most frequent mistakes: written, read as, how often."""
    wrong = np.where(np.eye(len(counts), dtype=bool), 0, counts)
    order = np.argsort(-wrong, axis=None, kind="stable")[:MISTAKES]
    places = [divmod(int(place), len(letters)) for place in order]
    return [(letters[i], letters[j], int(wrong[i, j])) for i, j in places if wrong[i, j]]


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
    shown: dict[str, Any] = {"sources": list(run.sources.select_related("dataset"))}
    if counts is not None:
        shown |= {"matrix": matrix(run.letters, counts), "mistakes": mistakes(run.letters, counts)}
    return shown
