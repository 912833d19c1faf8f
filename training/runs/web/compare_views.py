"""Many runs on one page."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from training.runs.models import Run
from training.runs.web import comparison
from training.runs.web.listing.run_columns import heads


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Any number of runs side by side."""
    keys, sort = comparison.read_keys(request.GET.getlist("run")), request.GET.get("sort", "")
    name = request.GET.get("metric", comparison.DEFAULT_METRIC)
    name = name if name in comparison.METRICS else comparison.DEFAULT_METRIC
    runs = list(comparison.chosen(keys, sort))
    if not runs:
        return render(request, "runs/compare.html", {"section": "runs", "runs": []})
    return render(request, "runs/compare.html", _compare_context(runs, name, sort))


def _compare_context(runs: list[Run], metric: str, sort: str) -> dict[str, Any]:
    shown = comparison.differing_columns(runs)
    best = {key: max((column_value(run) or 0 for run in runs), default=0) for key, column_value in BEST.items()}
    keys = [run.pk for run in runs]
    return {
        "section": "runs",
        "runs": runs,
        "curves": _compared_curves(runs, metric),
        "metric": metric,
        "metrics": comparison.METRICS,
        "columns": heads(shown, sort),
        "rows": [
            (run, color, [(column, column.text(run), _is_best(run, column.key, best)) for column in shown])
            for run, color in comparison.coloured(runs)
        ],
        "shared": comparison.shared(runs),
        "sort": sort,
        "query_without_sort": f"{urlencode({'run': keys}, doseq=True)}&metric={metric}&",
        "query_without_metric": f"{urlencode({'run': keys}, doseq=True)}&{urlencode({'sort': sort})}&",
    }


BEST: dict[str, Callable[[Run], float | None]] = {
    "best": lambda run: run.best_validation_accuracy,
    "test": lambda run: run.test_accuracy,
}
"""Columns whose highest value is marked."""


def _is_best(run: Run, key: str, best: dict[str, float]) -> bool:
    return key in BEST and bool(best[key]) and BEST[key](run) == best[key]


@never_cache
@require_safe
def compared_curves(request: HttpRequest) -> JsonResponse:
    """The curves of the comparison, for a page that follows runs that have not ended."""
    name = request.GET.get("metric", comparison.DEFAULT_METRIC)
    runs = list(comparison.chosen(comparison.read_keys(request.GET.getlist("run")), ""))
    return JsonResponse(_compared_curves(runs, name if name in comparison.METRICS else comparison.DEFAULT_METRIC))


def _compared_curves(runs: list[Run], metric: str) -> dict[str, Any]:
    query = urlencode({"run": [run.pk for run in runs], "metric": metric}, doseq=True)
    return {
        "running": any(not run.is_finished for run in runs),
        "url": f"{reverse('runs:compared_curves')}?{query}",
        "charts": {"compare": comparison.curves(runs, comparison.METRICS[metric])},
    }
