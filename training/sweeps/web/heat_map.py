"""The heat map of a sweep: accuracy by two hyperparameters."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from training.runs.web.hyperparameter_text import shown
from training.sweeps.models import Sweep, Trial
from training.sweeps.web.tables import accuracy, label

LEVELS = 9
MOST_VALUES = 12
"""With more numbers than this an axis is cut into `INTERVALS`."""
INTERVALS = 6


@dataclass(frozen=True)
class HeatCell:
    """The best trial at two values, its accuracy, how strongly it is coloured (0…9), whether it is the best of all."""

    trial: Trial | None
    accuracy: float | None
    level: int = 0
    is_best: bool = False


@dataclass(frozen=True)
class HeatMap:
    """Accuracy by two hyperparameters; with one alone there is one unnamed column."""

    row: str
    column: str
    row_name: str
    column_name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[HeatCell, ...]], ...]
    others: tuple[str, ...]


@dataclass(frozen=True)
class ValueGroup:
    """A row or column: one value, or an interval of values."""

    words: str
    contains: Callable[[Any], bool]


def build(sweep: Sweep, trials: Sequence[Trial], best: Trial | None, row: str = "", column: str = "") -> HeatMap:
    """The heat map by two hyperparameters: the first two of the sweep, unless others of it are named."""
    names = list(sweep.space)
    row = row if row in names else names[0]
    rest = [name for name in names if name != row]
    column = column if column in rest else next(iter(rest), "")
    levels = _levels([accuracy(trial) for trial in trials])

    def cell(of_row: ValueGroup, of_column: ValueGroup) -> HeatCell:
        inside = [trial for trial in trials if of_row.contains(trial.values[row])]
        inside = [trial for trial in inside if of_column.contains(trial.values[column] if column else None)]
        shown = max(inside, key=lambda trial: (accuracy(trial) or -1.0, -trial.position), default=None)
        known = accuracy(shown) if shown else None
        return HeatCell(shown, known, levels.get(known, 0), shown is not None and shown == best)

    columns = _groups(sweep, column, trials) if column else [ValueGroup("", lambda _value: True)]
    rows = tuple((group.words, tuple(cell(group, other) for other in columns)) for group in _groups(sweep, row, trials))
    others = tuple(label(name) for name in names if name not in (row, column))
    heads = tuple(group.words for group in columns)
    return HeatMap(row, column, label(row), label(column) if column else "", heads, rows, others)


def _groups(sweep: Sweep, name: str, trials: Sequence[Trial]) -> list[ValueGroup]:
    """A group for each value; if they are too many numbers, for each interval."""
    values = _values(sweep, name, trials)
    if len(values) > MOST_VALUES and all(isinstance(value, int | float) for value in values):
        described = sweep.space[name]
        return _intervals(values, log=isinstance(described, dict) and described.get("log", False))
    return [ValueGroup(shown(value), partial(_same, value)) for value in values]


def _intervals(values: Sequence[float], *, log: bool) -> list[ValueGroup]:
    """Intervals of equal width, on a logarithmic scale if the range has one."""
    scale: Callable[[float], float] = math.log if log else float
    back: Callable[[float], float] = math.exp if log else float
    low, high = scale(min(values)), scale(max(values))
    edges = [low + (high - low) * step / INTERVALS for step in range(INTERVALS + 1)]

    def contains(number: int, value: Any) -> bool:
        found = int(INTERVALS * (scale(value) - low) / (high - low))
        return min(found, INTERVALS - 1) == number

    return [
        ValueGroup(f"{back(edges[number]):.3g} … {back(edges[number + 1]):.3g}", partial(contains, number))
        for number in range(INTERVALS)
    ]


def _values(sweep: Sweep, name: str, trials: Sequence[Trial]) -> list[Any]:
    """The values of an axis: its choices and those added by hand, or all that were tried of a range."""
    axis = sweep.space[name]
    values = list(axis) if isinstance(axis, list) else []
    known = {json.dumps(value) for value in values}
    extra = {json.dumps(trial.values[name]): trial.values[name] for trial in trials}
    fresh = [value for text, value in extra.items() if text not in known]
    is_numeric = all(isinstance(value, int | float) for value in fresh)
    return [*values, *(sorted(fresh) if is_numeric else fresh)]


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
