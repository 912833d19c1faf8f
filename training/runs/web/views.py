"""Public pages of runs."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import HTMX_STOP_POLLING

from accounts.rights import may_change
from recognizer import csv_files, plotting
from training.runs.models import Run
from training.runs.web import charts, hyperparameter_text, presentation


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: its state, its curves, its results, its hyperparameters."""
    run = get_object_or_404(Run.objects.select_related("stored_model"), pk=pk)
    context = _live_context(request, run) | {
        "curves": charts.page_data(run),
        "groups": hyperparameter_text.grouped(run),
        "differences": hyperparameter_text.differences(run),
        "section": "runs",
    }
    return render(request, "runs/run_detail.html", context)


@never_cache
@require_safe
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """The live part of a run's page; once the run has ended with the results, and the status that ends the polling."""
    run = get_object_or_404(Run.objects.select_related("stored_model"), pk=pk)
    status = HTMX_STOP_POLLING if run.is_finished else 200
    is_changed = request.GET.get("was") != f"{run.state}{run.request or ''}"
    context = _live_context(request, run) | {"is_fragment": True, "is_changed": is_changed}
    return render(request, "runs/run_live.html", context, status=status)


def _live_context(request: HttpRequest, run: Run) -> dict[str, Any]:
    context: dict[str, Any] = {
        "run": run,
        "may_change": may_change(request.user, run),
        "why_not_again": presentation.why_not_again(run),
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
def epochs_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The epochs as a CSV file."""
    run = get_object_or_404(Run, pk=pk)
    return csv_files.response(charts.table(run), f"run-{run.pk}-epochs.csv", request.GET)


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
