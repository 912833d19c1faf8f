"""What the page of a sweep shows: a two-way table of validation accuracy, and the list of trials."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from training.core.hyperparameters import FIELDS
from training.jobs.models import State
from training.runs.presentation import as_text
from training.sweeps.models import Sweep, Trial

LEVELS = 9
MOST_CELLS = 30


@dataclass(frozen=True)
class Cell:
    """A cell: the trial that stands for it, its accuracy, how strongly it is coloured (0…9), whether it is the best."""

    trial: Trial | None
    accuracy: float | None
    level: int = 0
    is_best: bool = False


@dataclass(frozen=True)
class TwoWay:
    """Accuracy by two hyperparameters; of several trials in one cell (more hyperparameters) the best is shown.

    With one hyperparameter there is one unnamed column.
    """

    row_name: str
    column_name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    others: tuple[str, ...]


def label(name: str) -> str:
    """A hyperparameter as a table names it: `Learning rate η`."""
    field = FIELDS.get(name)
    return f"{_(field.label)} {field.symbol}".strip() if field else name


def accuracy(trial: Trial) -> float | None:
    """Validation accuracy so far; None before the first epoch, and where the run failed."""
    return None if trial.run.state == State.FAILED else trial.run.validation_accuracy


def two_way(sweep: Sweep, trials: Sequence[Trial], best: Trial | None) -> TwoWay:
    """The table of a sweep by its first two hyperparameters with few values (of a range, those that were tried)."""
    axes = [(name, _values(sweep, name, trials)) for name in sweep.space]
    axes.sort(key=lambda axis: len(axis[1]) > MOST_CELLS)
    (row_name, row_values), (column_name, column_values) = axes[0], axes[1] if len(axes) > 1 else ("", [None])
    levels = _levels([accuracy(trial) for trial in trials])

    def cell(row: Any, column: Any) -> Cell:
        wanted = {row_name: row, **({column_name: column} if column_name else {})}
        inside = [trial for trial in trials if all(_same(trial.values[name], wanted[name]) for name in wanted)]
        shown = max(inside, key=lambda trial: (accuracy(trial) or -1.0, -trial.position), default=None)
        reached = accuracy(shown) if shown else None
        return Cell(shown, reached, levels.get(reached, 0), shown is not None and shown == best)

    rows = tuple((as_text(row), tuple(cell(row, column) for column in column_values)) for row in row_values)
    return TwoWay(
        label(row_name),
        label(column_name) if column_name else "",
        tuple(as_text(column) if column_name else "" for column in column_values),
        rows,
        tuple(label(name) for name, _values in axes[2:]),
    )


def _values(sweep: Sweep, name: str, trials: Sequence[Trial]) -> list[Any]:
    """The values of an axis of the table: the choices with what was added by hand, or all that was tried."""
    axis = sweep.space[name]
    values = list(axis) if isinstance(axis, list) else []
    extra = [trial.values[name] for trial in trials if not any(_same(trial.values[name], value) for value in values)]
    fresh = [value for place, value in enumerate(extra) if not any(_same(value, other) for other in extra[:place])]
    return [*values, *(sorted(fresh) if all(isinstance(value, int | float) for value in fresh) else fresh)]


def listed(sweep: Sweep, trials: Sequence[Trial]) -> list[tuple[Trial, list[str]]]:
    """Trials with their values as text, in the order of the space."""
    return [(trial, [as_text(trial.values[name]) for name in sweep.space]) for trial in trials]


def named_values(sweep: Sweep, trial: Trial) -> list[tuple[str, str]]:
    """The varied hyperparameters of a trial: name and value."""
    return [(label(name), as_text(trial.values[name])) for name in sweep.space]


def _same(one: Any, other: Any) -> bool:
    """Whether two values are the same as JSON writes them (true is not 1)."""
    return json.dumps(one) == json.dumps(other)


def _levels(accuracies: Sequence[float | None]) -> dict[float | None, int]:
    """Colour of each accuracy, from 1 for the lowest to 9 for the highest."""
    known = sorted({each for each in accuracies if each is not None})
    if not known:
        return {}
    spread = known[-1] - known[0]
    return {each: 1 + round((LEVELS - 1) * (each - known[0]) / spread) if spread else LEVELS for each in known}


def shared(sweep: Sweep) -> list[tuple[str, str]]:
    """What all trials share: name and value of every hyperparameter that is not varied."""
    return [
        (label(name), as_text(sweep.base[name])) for name in FIELDS if name in sweep.base and name not in sweep.space
    ]
