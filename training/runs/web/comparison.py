"""Many runs side by side: their differences, and their curves, thinned so that hundreds are quick to load."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from numpy.typing import NDArray

from recognizer import palette
from training.core.hyperparameters import FIELDS
from training.jobs.keys import key_in
from training.runs.models import Epoch, Run
from training.runs.web.hyperparameter_text import shown
from training.runs.web.listing.run_columns import COLUMNS, RunColumn, with_names

MOST_RUNS = 300
MOST_POINTS = 16_000
"""Points of all curves together."""
COLOURS = len(palette.LIGHT)
ALWAYS = ("state", "epoch", "best", "best-epoch", "test", "time")


@dataclass(frozen=True)
class Metric:
    """A figure of an epoch, whose curves of all runs share one chart."""

    field: str
    label: Any
    is_share: bool


METRICS = {
    "validation-accuracy": Metric("validation_accuracy", gettext_lazy("validation accuracy"), is_share=True),
    "validation-cost": Metric("validation_cost", gettext_lazy("validation cost"), is_share=False),
    "train-accuracy": Metric("train_accuracy", gettext_lazy("train accuracy"), is_share=True),
    "train-cost": Metric("train_cost", gettext_lazy("train cost"), is_share=False),
}
DEFAULT_METRIC = "validation-accuracy"


def read_keys(texts: Iterable[str]) -> list[int]:
    """Numbers of runs from an address, each once; other texts are ignored, and so are numbers beyond `MOST_RUNS`."""
    numbers = (key for text in texts if (key := key_in(text)) is not None)
    return list(dict.fromkeys(numbers))[:MOST_RUNS]


def chosen(keys: Sequence[int], sort: str) -> QuerySet[Run]:
    """The runs, sorted by a column (with a minus: the largest first), or by number."""
    runs = with_names(Run.objects.filter(pk__in=keys))
    column = COLUMNS.get(sort.removeprefix("-"))
    if column is None or not column.order:
        return runs.order_by("pk")
    return runs.order_by(column.ordering(descending=sort.startswith("-")), "pk")


def differing_columns(runs: Sequence[Run]) -> list[RunColumn]:
    """The columns of every comparison, then those whose values are not the same in all runs."""
    others = [column for key, column in COLUMNS.items() if key in ("datasets", "preset") and _differs(column, runs)]
    names = [name for name in FIELDS if len({repr(run.hyperparameters.get(name)) for run in runs}) > 1]
    return [*(COLUMNS[key] for key in ALWAYS), *others, *(COLUMNS[f"hp-{name}"] for name in names)]


def _differs(column: RunColumn, runs: Sequence[Run]) -> bool:
    return len({column.text(run) for run in runs}) > 1


def shared(runs: Sequence[Run]) -> list[tuple[str, str]]:
    """Label and value of every hyperparameter that all runs have in common."""
    first = runs[0].hyperparameters
    same = [
        name for name in FIELDS if name in first and all(run.hyperparameters.get(name) == first[name] for run in runs)
    ]
    return [(_(FIELDS[name].label), shown(first[name])) for name in same]


def curves(runs: Sequence[Run], metric: Metric) -> dict[str, Any]:
    """One chart with a curve a run (docs/pages.md, “Chart”), from one query over all epochs."""
    rows = Epoch.objects.filter(run__in=[run.pk for run in runs]).order_by("run_id", "epoch")
    by_run = {
        key: np.array([(epoch, value) for _key, epoch, value in group], dtype=np.float64)
        for key, group in groupby(rows.values_list("run_id", "epoch", metric.field), key=itemgetter(0))
    }
    most = max(MOST_POINTS // max(len(runs), 1), 8)
    return {
        "kind": "line",
        "beside": len(runs) <= COLOURS,
        "x": {"label": _("epoch"), "format": "number"},
        "y": {"label": str(metric.label), **({"format": "percent", "max": 1} if metric.is_share else {})},
        "series": [_series(run, by_run.get(run.pk), most, color) for run, color in coloured(runs)],
    }


def coloured(runs: Sequence[Run]) -> list[tuple[Run, int]]:
    """Each run with its colour, 1 to 6, which the order of the runs does not change."""
    places = {key: place for place, key in enumerate(sorted(run.pk for run in runs))}
    return [(run, places[run.pk] % COLOURS + 1) for run in runs]


def _series(run: Run, points: NDArray[np.float64] | None, most: int, color: int) -> dict[str, Any]:
    kept = [] if points is None else thinned(points, most)
    return {"label": str(run), "key": run.pk, "points": kept, "color": color}


def thinned(points: NDArray[np.float64], most: int) -> list[tuple[int, float]]:
    """Thin a curve (n, 2) to at most `most` points: the lowest and the highest of each stretch, and both ends.

    So no peak is lost, as it would be if every n-th point were taken.
    """
    if len(points) > most:
        size = -(-len(points) // max((most - 2) // 2, 1))
        padded = np.pad(points[:, 1], (0, -len(points) % size), mode="edge").reshape(-1, size)
        starts = np.arange(len(padded)) * size
        extremes = np.concatenate([starts + padded.argmin(axis=1), starts + padded.argmax(axis=1)])
        places = np.unique(np.concatenate([[0], extremes, [len(points) - 1]]).clip(max=len(points) - 1))
        points = points[places]
    return [(int(epoch), float(f"{value:.5g}")) for epoch, value in points.tolist()]
