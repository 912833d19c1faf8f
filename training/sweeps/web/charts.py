"""Charts of a sweep's page: history, curves of the trials, importance, front, parallel coordinates."""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from training.core.hyperparameters import FIELDS
from training.jobs.models import State
from training.runs.models import Epoch
from training.runs.web.hyperparameter_text import shown
from training.sweeps.models import Sweep, Trial, TrialKind
from training.sweeps.search import pareto
from training.sweeps.search.importance import importances
from training.sweeps.space.objectives import OBJECTIVES
from training.sweeps.web import tables
from training.sweeps.web.tables import label

MAX_CURVES = 40
MAX_POINTS = 60
"""Points of a curve: enough for its shape."""
DIGITS = 6
"""Of an accuracy: more are nothing that one could see."""
BEST, OTHERS = 1, 6
"""Colours of the palette: the accent, and the palest."""


def page_data(sweep: Sweep, trials: Sequence[Trial]) -> dict[str, Any]:
    """The JSON of all charts (docs/pages.md, “Chart”), with the trials for the parallel coordinates."""
    searched = [trial for trial in trials if trial.kind != TrialKind.REPEAT]
    best = sweep.best()
    charts = {"history": _history(searched), "intermediate": _intermediate(searched, best)}
    if shares := importances(sweep, trials):
        charts["importance"] = _importance(shares)
    if len(sweep.objective_names) > 1:
        charts["front"] = _front(sweep, searched)
    return {
        "running": not sweep.progress.is_finished,
        "url": reverse("sweeps:figures", args=[sweep.pk]),
        "charts": charts,
        "parallel": _parallel(sweep, searched, best),
    }


def _history(trials: Sequence[Trial]) -> dict[str, Any]:
    """Accuracy of each trial by its number, and the best so far."""
    ended = [
        (trial.position + 1, trial.run.validation_accuracy) for trial in trials if trial.run.state == State.SUCCEEDED
    ]
    points = [(number, round(accuracy, DIGITS)) for number, accuracy in ended if accuracy is not None]
    best = list(accumulate(points, lambda before, now: (now[0], max(before[1], now[1]))))
    steps = [now for before, now in pairwise([(0, None), *best]) if now[1] != before[1]] + best[-1:]
    return {
        "kind": "line",
        "x": {"label": _("trial"), "format": "number"},
        "y": {"label": _("last validation accuracy"), "format": "percent"},
        "series": [
            {"label": _("best so far"), "points": list(dict.fromkeys(steps)), "color": BEST, "stepped": True},
            {"label": "", "name": _("trial"), "points": points, "color": OTHERS, "dots": True},
        ],
    }


def _intermediate(trials: Sequence[Trial], best: Trial | None) -> dict[str, Any]:
    """Validation accuracy by epoch: of the best, and of the newest others."""
    begun = [trial for trial in trials if trial.run.epoch]
    shown = begun[-MAX_CURVES:] + [trial for trial in begun[:-MAX_CURVES] if trial == best]
    curves = _curves([trial.run_id for trial in shown])
    ordered = sorted(shown, key=lambda trial: trial == best)  # the best is drawn last, above the others
    return {
        "kind": "line",
        "nearest": True,
        "x": {"label": _("epoch"), "format": "number"},
        "y": {"label": _("validation accuracy"), "format": "percent"},
        "series": [
            {
                "label": _("the best") if trial == best else "",
                "name": f"{trial.run_id}: {named(trial)}",
                "points": curves.get(trial.run_id, []),
                "color": BEST if trial == best else OTHERS,
                "thin": trial != best,
            }
            for trial in ordered
        ],
    }


def _curves(keys: Sequence[int]) -> dict[int, list[tuple[int, float]]]:
    """Epoch and validation accuracy of each run, thinned."""
    curves: dict[int, list[tuple[int, float]]] = {}
    rows = Epoch.objects.filter(run__in=keys).order_by("run", "epoch")
    for key, epoch, accuracy in rows.values_list("run_id", "epoch", "validation_accuracy"):
        curves.setdefault(key, []).append((epoch, round(accuracy, DIGITS)))
    return {key: _thinned(points) for key, points in curves.items()}


def _thinned(points: list[tuple[int, float]]) -> list[tuple[int, float]]:
    step = -(-len(points) // MAX_POINTS)
    return points if step == 1 else [*points[:-1:step], points[-1]]


def _importance(shares: Sequence[tuple[str, float]]) -> dict[str, Any]:
    return {
        "kind": "bar",
        "horizontal": True,
        "y": {"label": _("share of the importance"), "format": "percent", "min": 0, "max": 1},
        "labels": [label(name) for name, _share in shares],
        "series": [{"label": _("importance"), "values": [share for _name, share in shares], "color": BEST}],
    }


def _front(sweep: Sweep, trials: Sequence[Trial]) -> dict[str, Any]:
    """Accuracy against the second objective; the Pareto front is a line."""
    names = sweep.objective_names
    second = next(name for name in names if name != "accuracy")
    best = pareto.front(names, trials)

    def points(chosen: Sequence[Trial]) -> list[tuple[float, float]]:
        pairs = [(pareto.figures((second,), trial), pareto.figures(("accuracy",), trial)) for trial in chosen]
        return sorted((x[0] * _scale(second), y[0]) for x, y in pairs if x is not None and y is not None)

    return {
        "kind": "line",
        "nearest": True,
        "x": {"label": _axis(second), "format": "number", "log": second == "parameters"},
        "y": {"label": _("last validation accuracy"), "format": "percent"},
        "series": [
            {"label": "", "name": _("trial"), "points": points(trials), "color": OTHERS, "dots": True},
            {"label": _("front"), "points": points(best), "color": BEST},
        ],
    }


def _scale(name: str) -> float:
    """A page shows milliseconds."""
    return 1000 if name == "time" else 1


def _axis(name: str) -> str:
    words = str(OBJECTIVES[name].label)
    return f"{words}, {_('ms')}" if name == "time" else words


def named(trial: Trial) -> str:
    """The trial's values in a line."""
    return ", ".join(f"{label(name)} {shown(value)}" for name, value in trial.values.items())


def _parallel(sweep: Sweep, trials: Sequence[Trial], best: Trial | None) -> dict[str, Any]:
    """An axis for each hyperparameter and one for accuracy; a line for each trial with an accuracy.

    A line's address is that of all runs with its own after it.
    """
    lines = [
        {
            "run": trial.run_id,
            "values": [*(_coordinate(trial.values[name]) for name in sweep.space), round(accuracy, DIGITS)],
        }
        | ({"best": True} if trial == best else {})
        for trial in trials
        if (accuracy := tables.accuracy(trial)) is not None
    ]
    accuracy_axis = {"label": _("last validation accuracy"), "format": "percent"}
    axes = [*(_parallel_axis(sweep, name) for name in sweep.space), accuracy_axis]
    return {"axes": axes, "lines": lines, "runs": reverse("runs:index")}


def _coordinate(value: Any) -> Any:
    """A number stays one; anything else is a word of its axis."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else shown(value)


def _parallel_axis(sweep: Sweep, name: str) -> dict[str, Any]:
    described = sweep.space[name]
    if FIELDS[name].kind in ("integer", "number"):
        is_log = described.get("log", False) if isinstance(described, dict) else _is_wide(described)
        return {"label": label(name), "format": "number", "log": is_log}
    return {"label": label(name), "words": [shown(value) for value in described]}


def _is_wide(values: Sequence[float]) -> bool:
    """Whether these choices need a logarithmic axis to be told apart."""
    return min(values) > 0 and max(values) / min(values) >= 20
