"""What tells the runs of a list apart: the sweep that they are trials of, and the hyperparameters that differ.

Runs know no sweeps; the relation `trial` and its `sweep` are there since sweeps have runs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from training.core.hyperparameters import FIELDS, PRESETS
from training.runs.models import Run
from training.runs.web.hyperparameter_text import changed, shown
from training.runs.web.listing.run_columns import RunColumn

MOST_SHOWN = 4
"""Hyperparameters named beside a run; the columns and its page have all."""
NOTHING = "—"


@dataclass(frozen=True)
class ToldCell:
    """A value of a run: its column, its text, and whether the heading of its group says it of all."""

    column: RunColumn
    text: str
    is_shared: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether there is no value."""
        return self.text == NOTHING


@dataclass(frozen=True)
class ToldRun:
    """A row of the list: a run, what tells it from the others of its sweep or from its preset, its columns."""

    run: Run
    differing: str
    cells: list[ToldCell]


@dataclass(frozen=True)
class RunGroup:
    """Rows under one heading: the trials of a sweep, with what all have in common, or others, which have none."""

    sweep: Any
    shared: list[ToldCell]
    rows: list[ToldRun]


def sweep_of(run: Run) -> Any:
    """The sweep of a trial, which should be read with the run; None of another run."""
    trial = getattr(run, "trial", None)
    return None if trial is None else trial.sweep


def grouped(runs: Iterable[Run], columns: Sequence[RunColumn], *, by_sweep: bool) -> list[RunGroup]:
    """The rows of a page; by sweep, its trials stand together where the newest of them would stand."""
    listed = list(runs)
    varied = _varied(listed)
    gathered: dict[int | str, list[Run]] = {}
    key: int | str = ""
    for run in listed:
        sweep = sweep_of(run) if by_sweep else None
        key = sweep.pk if sweep else (key if isinstance(key, str) and key else f"from {run.pk}")
        gathered.setdefault(key, []).append(run)
    return [_group(together, columns, varied, by_sweep=by_sweep) for together in gathered.values()]


def _group(
    runs: Sequence[Run], columns: Sequence[RunColumn], varied: dict[int, list[str]], *, by_sweep: bool
) -> RunGroup:
    sweep = sweep_of(runs[0]) if by_sweep else None
    texts = [[column.text(run) for column in columns] for run in runs]
    is_shared = [
        sweep is not None and len(runs) > 1 and column.is_of_recipe and len(set(of_column)) == 1
        for column, of_column in zip(columns, zip(*texts, strict=True), strict=True)
    ]
    rows = [
        ToldRun(run, _differing_words(run, varied), list(map(ToldCell, columns, of_run, is_shared)))
        for run, of_run in zip(runs, texts, strict=True)
    ]
    return RunGroup(sweep, [cell for cell in rows[0].cells if cell.is_shared and not cell.is_nothing], rows)


def _differing_words(run: Run, varied: dict[int, list[str]]) -> str:
    sweep = sweep_of(run)
    return as_words(run, varied[sweep.pk] if sweep else _unusual(run))


def as_words(run: Run, names: Sequence[str]) -> str:
    """These hyperparameters of a run, named: `learning rate 0.01 · dropout 0.2`."""
    known = [name for name in names if name in FIELDS and name in run.hyperparameters]
    words = [f"{_(FIELDS[name].label)} {shown(run.hyperparameters[name])}" for name in known[:MOST_SHOWN]]
    return " · ".join([*words, *("…" for _more in known[MOST_SHOWN : MOST_SHOWN + 1])])


def alone(run: Run) -> str:
    """What tells a run apart where the others are not known: what its sweep varies, or its preset has otherwise."""
    return as_words(run, list(getattr(run, "trial").values) if sweep_of(run) else _unusual(run))  # noqa: B009


def _unusual(run: Run) -> list[str]:
    return changed(run.hyperparameters, run.preset) if run.preset in PRESETS else []


def _varied(runs: Sequence[Run]) -> dict[int, list[str]]:
    """Of each sweep the hyperparameters in which its trials here differ; of a single one what its sweep varies."""
    trials: dict[int, list[Run]] = {}
    for run in runs:
        if sweep := sweep_of(run):
            trials.setdefault(sweep.pk, []).append(run)
    return {key: _differing(of_one) or list(getattr(of_one[0], "trial").values) for key, of_one in trials.items()}  # noqa: B009


def _differing(runs: Sequence[Run]) -> list[str]:
    first = runs[0].hyperparameters
    return [name for name in FIELDS if any(run.hyperparameters.get(name) != first.get(name) for run in runs[1:])]
