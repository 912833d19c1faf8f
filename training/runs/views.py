"""Public pages of runs."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from recognizer import plotting
from training.runs import charts, presentation
from training.runs.models import Run

STOP_POLLING = 286
"""The status at which htmx asks no more."""


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: where it stands, its curves, what it reached, what was chosen."""
    run = get_object_or_404(Run.objects.select_related("stored_model"), pk=pk)
    context = _live_context(run) | {
        "curves": charts.page_data(run),
        "groups": presentation.hyperparameter_groups(run),
        "differences": presentation.differences(run),
        "section": "runs",
    }
    return render(request, "runs/run_detail.html", context)


@never_cache
@require_safe
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of a run's page that changes; with status 286 and the results once the run has ended."""
    run = get_object_or_404(Run.objects.select_related("stored_model"), pk=pk)
    status = STOP_POLLING if run.is_finished else 200
    is_changed = request.GET.get("was") != f"{run.state}{run.request or ''}"
    context = _live_context(run) | {"is_fragment": True, "is_changed": is_changed}
    return render(request, "runs/run_live.html", context, status=status)


def _live_context(run: Run) -> dict[str, Any]:
    context: dict[str, Any] = {
        "run": run,
        "speed": presentation.speed(run),
        "events": run.events,
        "rows": charts.thinned(run),
    }
    return context | {"results": presentation.results(run)}


@never_cache
@require_safe
def curves(request: HttpRequest, pk: int) -> JsonResponse:
    """The curves as JSON, in the shape that static/js/chart.js draws."""
    return JsonResponse(charts.page_data(get_object_or_404(Run, pk=pk)))


@require_safe
def epochs_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The epochs as a CSV file."""
    run = get_object_or_404(Run, pk=pk)
    return _download(charts.as_csv(run), "text/csv; charset=utf-8", f"run-{run.pk}-epochs.csv")


@require_safe
def chart_file(request: HttpRequest, pk: int, kind: str, file_format: str) -> HttpResponse:
    """A chart as an SVG or PNG file."""
    run = get_object_or_404(Run, pk=pk)
    name = f"run-{run.pk}-{kind}.{file_format}"
    return _download(charts.draw(run, kind, file_format), plotting.FORMATS[file_format], name)


def _download(content: str | bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
