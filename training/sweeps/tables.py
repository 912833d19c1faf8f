"""What the page of a sweep shows as tables: a heat map of two hyperparameters, the list of trials."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from recognizer.templatetags.recognizer_format import percent
from training.core.hyperparameters import FIELDS
from training.jobs.models import State
from training.runs.presentation import as_text
from training.sweeps import typed
from training.sweeps.models import Sweep, Trial
from training.sweeps.objectives import OBJECTIVES

LEVELS = 9
MOST_VALUES = 12
"""More numbers than this on an axis are put into classes."""
CLASSES = 6


@dataclass(frozen=True)
class Cell:
    """A cell: the trial that stands for it, its accuracy, how strongly it is coloured (0…9), whether it is the best."""

    trial: Trial | None
    accuracy: float | None
    level: int = 0
    is_best: bool = False


@dataclass(frozen=True)
class TwoWay:
    """Accuracy by two hyperparameters; of several trials in one cell the best is shown.

    With one hyperparameter there is one unnamed column.
    """

    row: str
    column: str
    row_name: str
    column_name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    others: tuple[str, ...]


@dataclass(frozen=True)
class Band:
    """A row or column: its words, and which values belong to it."""

    words: str
    holds: Callable[[Any], bool]


def label(name: str) -> str:
    """A hyperparameter as a table names it: `Learning rate η`."""
    field = FIELDS.get(name)
    return f"{_(field.label)} {field.symbol}".strip() if field else name


def accuracy(trial: Trial) -> float | None:
    """Validation accuracy so far; None before the first epoch, and where the run failed."""
    return None if trial.run.state == State.FAILED else trial.run.validation_accuracy


def two_way(sweep: Sweep, trials: Sequence[Trial], best: Trial | None, row: str = "", column: str = "") -> TwoWay:
    """The table of a sweep by two hyperparameters, the first two where they are not said (or not of this sweep)."""
    names = list(sweep.space)
    row = row if row in names else names[0]
    rest = [name for name in names if name != row]
    column = column if column in rest else next(iter(rest), "")
    levels = _levels([accuracy(trial) for trial in trials])

    def cell(row_band: Band, column_band: Band) -> Cell:
        inside = [trial for trial in trials if row_band.holds(trial.values[row])]
        inside = [trial for trial in inside if column_band.holds(trial.values[column] if column else None)]
        shown = max(inside, key=lambda trial: (accuracy(trial) or -1.0, -trial.position), default=None)
        known = accuracy(shown) if shown else None
        return Cell(shown, known, levels.get(known, 0), shown is not None and shown == best)

    columns = _bands(sweep, column, trials) if column else [Band("", lambda _value: True)]
    rows = tuple((band.words, tuple(cell(band, other) for other in columns)) for band in _bands(sweep, row, trials))
    others = tuple(label(name) for name in names if name not in (row, column))
    heads = tuple(band.words for band in columns)
    return TwoWay(row, column, label(row), label(column) if column else "", heads, rows, others)


def _bands(sweep: Sweep, name: str, trials: Sequence[Trial]) -> list[Band]:
    """A band for each value, or where they are too many numbers, for each class of them."""
    values = _values(sweep, name, trials)
    if len(values) > MOST_VALUES and all(isinstance(value, int | float) for value in values):
        described = sweep.space[name]
        return _classes(values, log=isinstance(described, dict) and described.get("log", False))
    return [Band(as_text(value), partial(_same, value)) for value in values]


def _classes(values: Sequence[float], *, log: bool) -> list[Band]:
    """Classes of equal width, on a logarithmic scale where the range has one."""
    scale: Callable[[float], float] = math.log if log else float
    back: Callable[[float], float] = math.exp if log else float
    low, high = scale(min(values)), scale(max(values))
    edges = [low + (high - low) * step / CLASSES for step in range(CLASSES + 1)]

    def holds(place: int, value: Any) -> bool:
        found = int(CLASSES * (scale(value) - low) / (high - low))
        return min(found, CLASSES - 1) == place

    return [
        Band(f"{back(edges[place]):.3g} … {back(edges[place + 1]):.3g}", partial(holds, place))
        for place in range(CLASSES)
    ]


def _values(sweep: Sweep, name: str, trials: Sequence[Trial]) -> list[Any]:
    """The values of an axis: the choices with what was added by hand, or of a range all that was tried."""
    axis = sweep.space[name]
    values = list(axis) if isinstance(axis, list) else []
    known = {json.dumps(value) for value in values}
    extra = {json.dumps(trial.values[name]): trial.values[name] for trial in trials}
    fresh = [value for text, value in extra.items() if text not in known]
    is_numeric = all(isinstance(value, int | float) for value in fresh)
    return [*values, *(sorted(fresh) if is_numeric else fresh)]


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


def led(sweep: Sweep) -> list[tuple[str, str]]:
    """How the sweep is led: space, limits, pruning, objectives, repeats, as far as they were said."""
    told: list[tuple[str, str | None]] = [(label(name), typed.shown(axis)) for name, axis in sweep.space.items()]
    told += [
        (_("most trials"), str(sweep.max_trials) if sweep.max_trials else None),
        (_("most hours"), f"{sweep.max_hours:g}" if sweep.max_hours else None),
        (_("most at once"), str(sweep.parallel) if sweep.parallel else None),
        (_("accuracy wanted"), percent(sweep.target, 2) if sweep.target else None),
        (_("trials without gain"), str(sweep.patience) if sweep.patience else None),
        (_("objectives"), ", ".join(str(OBJECTIVES[name].label) for name in sweep.objective_names)),
        (_("pruning"), str(sweep.get_prune_display()) if sweep.prune else None),
        (_("seed of the search"), str(sweep.seed) if sweep.strategy != "grid" else None),
        (_("best trials repeated"), f"{sweep.repeat_best} × {sweep.repeats}" if sweep.repeats else None),
    ]
    return [(name, text) for name, text in told if text is not None]
